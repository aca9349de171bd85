/** Several sets in one file, which one run brings about together. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { documentIn } from './document.ts';
import { makeHome, type Home, type HomeOptions } from './run.ts';

/** A document of the file without its `version`; JSON is YAML. */
export type Document = JsonObject & { readonly set: string };

export type SetsHome = Home & {
  /** Writes `spec.yaml`. */
  wants(...documents: readonly Document[]): void;
  /** The keys on the server, by alias, with the members that `vkeys list -o json` has. */
  keys(): Promise<ReadonlyMap<string, JsonObject>>;
};

export function makeSetsHome(options: HomeOptions = {}): SetsHome {
  const home = makeHome(options);
  onTestFinished(() => rmSync(home.folder, { recursive: true, force: true }));
  return {
    ...home,
    wants: (...documents) => {
      const path = join(home.folder, 'spec.yaml');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, documents.map((document) => JSON.stringify({ version: 1, ...document })).join('\n---\n'));
    },
    keys: async () => {
      const { keys } = documentIn((await home.vkeys('list -o json')).stdout);
      return new Map(keys.map((key) => [key.key_alias, key]));
    },
  };
}

/** A set of so many keys: `set-user1`, `set-user2` … */
export function crew(set: string, count: number, fields: JsonObject = {}): Document {
  return { set, keys: [{ key_alias: set, roster: { count }, ...fields }] };
}
