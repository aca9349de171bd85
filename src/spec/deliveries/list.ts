/** The items of `deliver:`, of a spec or of a command line. */
import { resolve } from 'node:path';
import { isObject, type Json } from '../../base/json.ts';
import type { Environment } from '../../base/variables.ts';
import type { Delivery } from '../../model/delivery.ts';
import type { Origin } from '../../model/resource.ts';
import { sound } from '../issues.ts';
import { readText } from '../read/file.ts';
import { readTrees } from '../read/source.ts';
import { diagnose, numberedText, quoted, type OnDiagnostic, type Text } from '../read/text.ts';
import type { Source } from '../read/tree.ts';
import { readTree } from '../read/value.ts';
import type { Where } from './form.ts';
import { deliveryOf, deliverySchema } from './item.ts';

export type PlacedDelivery = { readonly delivery: Delivery; readonly origin: Origin; readonly text: Text };

/** `folder`: where relative paths start. What has a problem, which is reported, is left out. */
export async function deliveriesIn(
  items: readonly Json[],
  source: Source,
  folder: string,
  report: OnDiagnostic,
): Promise<readonly PlacedDelivery[]> {
  const deliveries: PlacedDelivery[] = [];
  for (const [index, item] of items.entries()) {
    const path = ['deliver', index];
    const entry = sound(deliverySchema, item, path, source, report);
    if (entry === null || !isWhole(entry, item)) continue;
    const delivery = await deliveryOf(entry, path, source, filesIn(folder), report);
    if (delivery !== null) deliveries.push({ delivery, origin: source.at(path), text: source.text });
  }
  return deliveries;
}

const LIKE = 'Write a sink and a path, like --deliver dotenv=.env, or an item of deliver: as a spec has it.';

/** What `--deliver` was given: each a sink and a path, `dotenv=.env`, or an item as a spec has it, `{csv: {path: a.csv, mark: true}}`. */
export async function givenDeliveries(
  words: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Environment },
  report: OnDiagnostic,
  note: OnDiagnostic,
): Promise<readonly PlacedDelivery[]> {
  const deliveries: PlacedDelivery[] = [];
  for (const word of words) {
    const [, sink, path] = /^([a-z]+)=(.+)$/s.exec(word) ?? [];
    const text = numberedText('--deliver', sink === undefined ? word : `{${sink}: ${JSON.stringify(path)}}`);
    if (sink === undefined && !/^\{|: /.test(word)) {
      const message = `--deliver ${quoted(word)} names no sink.`;
      report(diagnose(text, text.origin(0), { rule: 'delivery', message, hint: LIKE }));
      continue;
    }
    for (const document of readTrees(text, report)) {
      const source = readTree(document, text, env, report, note);
      if (source !== null) deliveries.push(...(await deliveriesIn([source.value], source, cwd, report)));
    }
  }
  return deliveries;
}

function filesIn(folder: string): Where {
  return {
    folder,
    read: async (path) => {
      const read = await readText(resolve(folder, path), path);
      return 'file' in read ? read.text : read.problem;
    },
  };
}

/** Whether nothing had to be left out of an item to make it sound. */
function isWhole(entry: object, item: Json): boolean {
  return isObject(item) && Object.keys(entry).length === Object.keys(item).length;
}
