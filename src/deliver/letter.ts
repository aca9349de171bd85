/** What is encrypted for whom: the variables of a key as a .env file, or its text. */
import { digest } from '../base/digest.ts';
import { VkeysError } from '../base/errors.ts';
import { mergeDotenv } from '../encode/dotenv.ts';
import { encryptFor } from '../encode/age/encrypt.ts';
import { faultOfAll, readRecipient, splitRecipients, type AgeRecipient } from '../encode/age/recipients.ts';
import { oneLine } from '../encode/terminal.ts';
import { fillAll, namesFor, secretsIn } from './handout.ts';
import { onlyPart } from './only-part.ts';
import type { Part } from './sink.ts';
import { valuesFor, VARIABLE } from './variables.ts';

/** `id`: the same for the same text, recipients and form. `seal`: the file, a character for each byte, another each time. */
export type Letter = { readonly id: string; readonly seal: () => Promise<string> };

/** Throws `delivery` for what cannot be filled in, and for recipients that are none. */
export function letterFor(parts: readonly Part[]): Letter {
  const { delivery, key, to } = onlyPart(parts);
  if (delivery.to !== 'age') throw new Error('a delivery of another sink');
  const names = namesFor(key, to);
  const recipients = recipientsFor(
    delivery.recipients.map((each) => fillAll(each, names, key.key_alias)),
    key.key_alias,
  );
  const text =
    'template' in delivery
      ? fillAll(delivery.template, { ...names, ...secretsIn(key) }, key.key_alias)
      : mergeDotenv('', valuesFor(parts, VARIABLE));
  return {
    id: digest([text, recipients.map((each) => each.text), delivery.armor]),
    seal: async () => Buffer.from(await encryptFor(recipients, text, delivery.armor)).toString('latin1'),
  };
}

/** Each once, in the order of the alphabet. */
function recipientsFor(texts: readonly string[], key_alias: string): readonly AgeRecipient[] {
  const found = new Map<string, AgeRecipient>();
  for (const written of texts) {
    const split = splitRecipients(written);
    if (split.length === 0)
      throw undeliverable(key_alias, 'it has no recipient', 'Give one, or take the key out of the delivery.');
    for (const [index, each] of split.entries()) {
      const recipient = readRecipient(each);
      if ('why' in recipient)
        throw undeliverable(key_alias, `recipient ${String(index + 1)} of it ${recipient.why}`, recipient.hint);
      found.set(recipient.text, recipient);
    }
  }
  const recipients = [...found.values()].toSorted((a, b) => (a.text < b.text ? -1 : 1));
  const fault = faultOfAll(recipients);
  if (fault !== null) throw undeliverable(key_alias, `a recipient of it ${fault.why}`, fault.hint);
  return recipients;
}

function undeliverable(key_alias: string, why: string, hint: string): VkeysError {
  return new VkeysError('delivery', `${oneLine(key_alias)} was not encrypted: ${why}.`, hint, { facts: { key_alias } });
}
