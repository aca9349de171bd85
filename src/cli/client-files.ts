/** What `vkeys env` does beside printing: files of clients, and whether the key works. */
import { VkeysError } from '../base/errors.ts';
import { CLIENTS, type Client } from '../encode/clients.ts';
import { hasWord, type Values } from '../encode/filled.ts';
import { oneLine } from '../encode/terminal.ts';
import { checkKey } from '../run/check-key.ts';
import type { ClientKey } from '../run/client-key.ts';
import { filesOf, placed, writeClientFiles } from '../run/client-files.ts';
import { keyText, noteOf, writtenText } from '../view/client.ts';
import type { Console } from './console.ts';
import { EXITS } from './exit-codes.ts';
import { contextOf } from './listen.ts';
import type { Globals } from './options.ts';
import { say, sayError, sayNotices } from './say.ts';

export type ClientFlags = Globals & {
  readonly for: Client;
  readonly model?: string | undefined;
  readonly smallModel?: string | undefined;
  readonly file?: string | undefined;
  readonly write?: true | undefined;
  readonly helper?: true | undefined;
  readonly dryRun?: true | undefined;
};

/** Refuses flags that this client has no use for, before anything is looked for. Throws `usage`. */
export function assertFitting({ for: client, file, write, helper, model }: ClientFlags): void {
  const { asking, settings } = CLIENTS[client];
  if (file !== undefined && write !== true)
    throw new VkeysError('usage', '--file is for --write.', 'Add --write, or leave --file out.');
  if (helper === true && asking === undefined) {
    const those = Object.entries(CLIENTS).flatMap(([name, facts]) => (facts.asking === undefined ? [] : [name]));
    throw new VkeysError(
      'usage',
      `${client} asks no program for its key.`,
      `These do: ${those.join(', ')}. Leave --helper out.`,
    );
  }
  if (write !== true) return;
  if (filesOf(client, file, helper === true).length === 0)
    throw new VkeysError(
      'usage',
      `${client} has no file that vkeys could write.`,
      'Leave --write out, and enter what is printed; or name a file for the variables: --file .env',
    );
  if (settings !== undefined && model === undefined)
    throw new VkeysError(
      'usage',
      `${client} has to be told a model.`,
      'Name one: --model NAME; see them: vkeys models',
    );
}

/** Writes the client's files and says what changed where. Throws `config`, `delivery`. */
export async function writeFiles(
  console: Console,
  options: ClientFlags,
  values: Values,
  { found, secret }: ClientKey,
): Promise<void> {
  const { for: client, file: path, helper } = options;
  const files = placed(console, filesOf(client, path, helper === true), path);
  const isDryRun = options.dryRun === true;
  const written = await writeClientFiles(console, files, values, { isDryRun, hidden: helper === true ? secret : null });
  for (const each of written) console.stdout.write(writtenText(each, isDryRun));
  await sayNotices(
    console,
    options,
    written.flatMap(({ notices }) => notices),
  );
  const note = noteOf(client, values);
  if (note !== null) say(console, options, note);
  const hasKey = helper === true || files.some(({ file }) => hasWord(file.members, 'key'));
  if (!hasKey) say(console, options, keyText(client, found));
}

/** Tries the key, and says what is wrong: 5 where it does not work. */
export async function worksAt(console: Console, options: ClientFlags, { secret, url }: ClientKey): Promise<number> {
  const { for: client, model, smallModel } = options;
  const { route } = CLIENTS[client];
  const models = [model, smallModel].filter((each) => each !== undefined);
  try {
    const { models: listed, lacking } = await checkKey(contextOf(console, options), { secret, url, models, route });
    say(console, options, `The key works at ${url}: ${String(listed.length)} model${listed.length === 1 ? '' : 's'}.`);
    if (lacking !== null && route !== undefined)
      say(
        console,
        options,
        `warning: LiteLLM ${oneLine(lacking)} lacks ${route.path}, which ${client} asks for; ${route.since} has it.`,
      );
    return 0;
  } catch (error) {
    if (!(error instanceof VkeysError) || error.kind === 'interrupted') throw error;
    await sayError(console, options, error);
    return EXITS.useless.code;
  }
}
