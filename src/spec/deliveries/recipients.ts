/** Who is to decrypt what each key's file will hold: checked before anything is made, each where it is written. */
import { fill, placeholdersOf } from '../../base/template.ts';
import { hold, Secret } from '../../base/secret.ts';
import type { RecipientFault } from '../../encode/age/recipients.ts';
import type { DesiredAt } from '../desired.ts';
import type { FieldPlace } from '../field-place.ts';
import type { PlacedDelivery } from './list.ts';
import { diagnose, quoted, type OnDiagnostic } from '../read/text.ts';
import { valuesOf } from './collisions.ts';

/** Loads the library when a delivery needs it. Reports each key whose recipients are none. */
export async function checkRecipients(
  placed: PlacedDelivery,
  present: Iterable<DesiredAt>,
  report: OnDiagnostic,
): Promise<void> {
  const { delivery } = placed;
  if (delivery.to !== 'age') return;
  const { faultOfAll, isPrivate, readRecipient, splitRecipients } = await import('../../encode/age/recipients.ts');
  for (const each of present) {
    const texts = delivery.recipients.map((template) => [template, fill(template, valuesOf(each))] as const);
    const found = texts.flatMap(([template, text]) => {
      const recipients = splitRecipients(text).map(readRecipient);
      return recipients.length === 0 ? [{ template, ...NOBODY }] : recipients.map((one) => ({ template, ...one }));
    });
    const mixed = faultOfAll(found.flatMap((one) => ('why' in one ? [] : [one])));
    const template = delivery.recipients.join(' ');
    const fault = found.find(isFault) ?? (mixed === null ? undefined : { template, ...mixed });
    if (fault === undefined) continue;
    /* Lines around the place are shown with a problem. */
    for (const [, text] of texts.filter(([, written]) => isPrivate(written)))
      for (const line of text.split(/\r?\n/)) hold(new Secret(line.trim()));
    const { text, origin } = placeOf(fault, each) ?? placed;
    const message = `A recipient of the key ${quoted(each.ref.name)} ${fault.why}.`;
    report(diagnose(text, origin, { rule: 'delivery', message, hint: fault.hint }));
  }
}

const NOBODY = { why: 'is missing', hint: 'Fill it in, or take the key out of the delivery.' };

type Fault = RecipientFault & { readonly template: string };

function isFault(one: Fault | object): one is Fault {
  return 'why' in one;
}

/** Where the roster says it; `null`: the spec says it itself, for all keys. */
function placeOf({ template }: Fault, each: DesiredAt): FieldPlace | null {
  const [column] = placeholdersOf(template);
  return column === undefined ? null : each.columnAt(column);
}
