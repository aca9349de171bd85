/** What the cards of all kinds are made of: a title, and a line for each thing that is told. */
import { oneLine } from '../encode/terminal.ts';
import { settingsEntries, type FieldTable } from '../model/fields.ts';
import { shownMetadata } from '../model/memo.ts';
import type { Live } from '../model/resource.ts';
import { sharingIn, usersIn } from '../model/sharing.ts';
import { shownSettings } from '../model/shown.ts';
import { paint, type Look } from './look.ts';
import { momentText } from './time.ts';
import { valueText } from './value.ts';

/** A name and a text. */
export type CardField = readonly [name: string, text: string];

/** One thing on a terminal: what it is called, and a line for each of these. */
export function cardLines(title: string, fields: readonly CardField[], look: Look): string {
  const { bold, dim } = paint(look);
  const width = Math.max(...fields.map(([name]) => name.length));
  const body = fields.map(([name, text]) => `  ${dim(name.padEnd(width))}  ${text}\n`).join('');
  return `${bold(oneLine(title))}\n\n${body}`;
}

/** The fields of a kind that are set, but for these. */
export function fieldLines(table: FieldTable, live: Live, but: readonly string[], now: Date): readonly CardField[] {
  return settingsEntries(table, shownSettings(live.settings))
    .filter(([name]) => !but.includes(name))
    .map(([name, value]) => [name, valueText(name, value, now)]);
}

/** The members of its metadata. */
export function metadataLines(live: Live, now: Date): readonly CardField[] {
  return Object.entries(shownMetadata(live.metadata))
    .filter(([name]) => name !== 'vkeys')
    .map(([name, value]) => [`metadata.${oneLine(name)}`, valueText('metadata', value, now)]);
}

/** With whom it is shared, and who is in the groups. */
export function sharingLines(live: Live): readonly CardField[] {
  const sharing = sharingIn(live);
  const names = sharing.shared_with.map((name) => {
    const users = usersIn(sharing, name);
    return users === undefined ? name : `${name} (${users.join(', ')})`;
  });
  return names.length === 0 ? [] : [['shared with', oneLine(names.join(', '))]];
}

/** When something was or will be, where that is known. */
export function momentLine(name: string, moment: string | null, now: Date): readonly CardField[] {
  return moment === null ? [] : [[name, oneLine(momentText(moment, now))]];
}
