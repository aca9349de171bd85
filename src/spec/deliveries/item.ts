/** An item of `deliver:`: one sink, and the address that its hand-outs carry. */
import * as z from 'zod/mini';
import type { Delivery } from '../../model/delivery.ts';
import { address, member, strict } from '../schema-parts.ts';
import { diagnose, type OnDiagnostic } from '../read/text.ts';
import type { Path, Source } from '../read/tree.ts';
import { age } from './age.ts';
import { command } from './command.ts';
import { csv } from './csv.ts';
import { dotenv } from './dotenv.ts';
import type { DeliveryForm, Meaning, Where } from './form.ts';
import { json } from './json.ts';
import { keychain } from './keychain.ts';
import { kubernetes } from './kubernetes.ts';
import { text } from './text.ts';
import { vault } from './vault.ts';

/** `manifest` is written as `kubernetes: { manifests: … }`. */
type Word = Exclude<Delivery['to'], 'manifest'>;
const FORMS = { dotenv, json, csv, text, kubernetes, command, keychain, vault, age } satisfies Readonly<
  Record<Word, object>
>;
// oxlint-disable-next-line no-unsafe-type-assertion -- the names of a literal
const SINKS = Object.keys(FORMS) as Word[];

export const deliverySchema = strict({
  dotenv: member(FORMS.dotenv.schema, FORMS.dotenv.about),
  json: member(FORMS.json.schema, FORMS.json.about),
  csv: member(FORMS.csv.schema, FORMS.csv.about),
  text: member(FORMS.text.schema, FORMS.text.about),
  kubernetes: member(FORMS.kubernetes.schema, FORMS.kubernetes.about),
  vault: member(FORMS.vault.schema, FORMS.vault.about),
  age: member(FORMS.age.schema, FORMS.age.about),
  command: member(FORMS.command.schema, FORMS.command.about),
  keychain: member(FORMS.keychain.schema, FORMS.keychain.about),
  address: member(address(), "the server's address for who gets these, where it is another one"),
});
z.globalRegistry.add(deliverySchema, { oneOf: SINKS.map((to) => ({ required: [to] })) });

export type DeliveryEntry = z.infer<typeof deliverySchema>;

/** A delivery with its path made absolute; `null` when it has a problem, which is reported. */
export async function deliveryOf(
  entry: DeliveryEntry,
  path: Path,
  source: Source,
  where: Where,
  report: OnDiagnostic,
): Promise<Delivery | null> {
  const problem = (message: string, hint: string): null => {
    report(diagnose(source.text, source.at(path), { rule: 'delivery', message, hint }));
    return null;
  };
  const [one, ...others] = SINKS.filter((to) => entry[to] !== undefined);
  if (one === undefined || others.length > 0) {
    const hint = `Write an item for each, like - dotenv: "secrets/{key_alias}.env". Sinks are ${SINKS.join(', ')}.`;
    return problem('An item of deliver names one sink.', hint);
  }
  const meaning = await meaningOf(one, entry, where);
  if ('message' in meaning) return problem(meaning.message, meaning.hint);
  return { ...meaning, ...(entry.address === undefined ? {} : { address: entry.address }) };
}

function meaningOf(to: Word, entry: DeliveryEntry, where: Where): Meaning | Promise<Meaning> {
  const form: DeliveryForm = FORMS[to];
  return form.delivery(entry[to], where);
}
