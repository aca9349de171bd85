/** One thing of the command line as a spec, checked by the same rules as a file. */
import { VkeysError } from '../base/errors.ts';
import { stringifyJson, type JsonObject } from '../base/json.ts';
import { KINDS } from '../kinds/kinds.ts';
import { factsOf } from '../model/kind.ts';
import type { Ref } from '../model/ref.ts';
import type { Notice } from '../model/plan.ts';
import type { Live } from '../model/resource.ts';
import type { Spec } from '../model/spec.ts';
import { loadSpecs } from '../spec/load.ts';
import { verbatim } from '../spec/write/verbatim.ts';
import type { World } from './world.ts';

/** The set of what is in no spec. */
export const ADHOC = 'adhoc';

/** The set whose keyring knows a thing, if any does. */
export function setOf({ mark }: Live): string {
  return mark?.set ?? ADHOC;
}

/** Whoever has the set's spec changes back what it says otherwise. `ref`: `null` for several of the set. */
export function ownedNotices(ref: Ref | null, set: string): readonly Notice[] {
  if (set === ADHOC) return [];
  const message = `${ref === null ? 'They belong' : 'It belongs'} to the set ${set}: the next apply of its spec takes back what that says otherwise.`;
  return [{ code: 'owned', ref, message, hint: 'To keep the change, make it in the spec too.' }];
}

/** A set without a spec: nothing is wanted, and hand-outs stay where they are. */
export function adhoc(set: string): Spec {
  return {
    set,
    isNamed: true,
    files: [],
    url: null,
    publicUrl: null,
    profile: null,
    timeout: null,
    credential: null,
    state: 'present',
    adopt: false,
    desired: [],
    deliver: [],
    ansible: null,
  };
}

/** What `create` and `update` mean: one thing with these fields. `deliver`: what `--deliver` was given. Throws `usage` with every problem. */
export async function specOf(
  { kind, name }: Ref,
  fields: JsonObject,
  set: string,
  world: World,
  deliver: readonly string[] = [],
): Promise<Spec> {
  const { naming } = factsOf(KINDS, kind);
  const text = stringifyJson({ set, [`${kind}s`]: [verbatim({ [naming]: name, ...fields })] });
  const { specs, diagnostics } = await loadSpecs(['-'], {
    cwd: world.cwd,
    env: {},
    deliver,
    readStdin: () => Promise.resolve(text),
  });
  const [spec] = specs;
  if (diagnostics.length === 0 && spec !== undefined) return spec;
  const lines = [...new Set(diagnostics.map(({ message }) => message))];
  const hints = [...new Set(diagnostics.map(({ hint }) => hint))];
  throw new VkeysError('usage', lines.join('\n'), hints.join('\n'));
}
