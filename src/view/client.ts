/** What people are told of a client: what it wants beside its variables, and what was written into its files. */
import { fill } from '../base/template.ts';
import { exportingLine } from '../encode/client-values.ts';
import { CLIENTS, type Client } from '../encode/clients.ts';
import { leavesOf, pathText, type Edit } from '../encode/edits.ts';
import { filledMembers, hasWord, type Values } from '../encode/filled.ts';
import { settingsText } from '../encode/settings.ts';
import { lines, oneLine } from '../encode/terminal.ts';

/** What a person has to know of it; `null`: nothing. */
export function noteOf(client: Client, values: Values): string | null {
  const { note } = CLIENTS[client];
  return note === undefined ? null : lines(fill(note, { ...values, model: values['model'] ?? 'MODEL' }));
}

/** What it wants beside the variables, in a file without the key or of whoever uses it; `null`: nothing. */
export async function wantsText(client: Client, values: Values): Promise<string | null> {
  const { variables, settings, secrets } = CLIENTS[client];
  const note = noteOf(client, values);
  if (settings === undefined) return note;
  const whole = { ...values, model: values['model'] ?? 'MODEL' };
  const where = secrets === undefined ? 'in the environment' : `in ${secrets.path}`;
  const which = values['model'] === undefined ? ['MODEL stands for a model of the key: vkeys models'] : [];
  const text = await settingsText(settings.format, filledMembers(settings.members, whole));
  const head = `${client} wants ${Object.keys(variables).join(', ')} ${where}, and in ${settings.path}:`;
  return [head, ...which, '', lines(text.trimEnd()), ...(note === null ? [] : [note])].join('\n');
}

/** The file of a client that asks a program for the key, as far as it is about that. */
export async function askingText(client: Client, values: Values): Promise<string> {
  const { asking } = CLIENTS[client];
  return asking === undefined ? '' : lines(await settingsText(asking.format, filledMembers(asking.members, values)));
}

/** What `vkeys env` could be told besides. */
export function hints(client: Client, values: Values): readonly string[] {
  const { variables, settings, secrets, note } = CLIENTS[client];
  const takes = (word: string): boolean =>
    [variables, settings?.members, secrets?.members, note].some((each) => each !== undefined && hasWord(each, word));
  const { model, small_model } = values;
  if (model === undefined)
    return takes('model') && settings === undefined ? ['No model is named: --model NAME; see them: vkeys models'] : [];
  if (takes('small_model') && small_model === model)
    return [`${oneLine(model)} answers its small questions too; another does with --small-model NAME`];
  return takes('model') ? [] : [`${client} has no place for a model: name ${oneLine(model)} where you use it.`];
}

/** What became of a file, a line for it. */
type Written = { readonly path: string; readonly edits: readonly Edit[]; readonly copy: string | null };

/** What was changed where, or would be, without a value. */
export function writtenText({ path, edits, copy }: Written, isDryRun: boolean): string {
  if (edits.length === 0) return `${oneLine(path)}: nothing to change.\n`;
  const told = (word: string, some: readonly Edit[]): readonly string[] =>
    some.length === 0 ? [] : [`${word} ${some.flatMap(leavesOf).map(pathText).join(', ')}`];
  const changes = [
    ...told(
      'added',
      edits.filter(({ value, isThere }) => value !== undefined && !isThere),
    ),
    ...told(
      'changed',
      edits.filter(({ value, isThere }) => value !== undefined && isThere),
    ),
    ...told(
      'removed',
      edits.filter(({ value }) => value === undefined),
    ),
  ];
  const old = copy === null ? '' : ` The old file is ${isDryRun ? 'to be ' : ''}${oneLine(copy)}.`;
  return `${oneLine(path)}: ${isDryRun ? 'would have ' : ''}${changes.join('; ')}.${old}\n`;
}

/** What is left to do when a file is written that does not have the key. `found`: where it is; `null`: nobody can look there again. */
export function keyText(client: Client, found: Values | null): string {
  const names = Object.keys(CLIENTS[client].variables).join(', ');
  const how = found === null ? 'set it to the key that you gave' : exportingLine(client, found);
  return `${client} reads ${names} from its environment: ${how}`;
}
