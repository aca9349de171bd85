/** What a run writes into the folder of hand-outs, and what it takes away. The record of it is durable first. */
import { chmod, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { digest } from '../base/digest.ts';
import { replaceFile } from '../base/files.ts';
import { named, ownText, RECORD, type File, type Folder } from './folder.ts';

/** What became of the files, by their names, and the folder as it is then. `kept`: changed by hand, and so not taken away. */
export type Written = {
  readonly folder: Folder;
  readonly written: readonly string[];
  readonly withdrawn: readonly string[];
  readonly kept: readonly string[];
};

/** Writes what has changed and takes away what is in `gone`. Throws `refused`, `delivery`. */
export async function writeFiles(folder: Folder, files: readonly File[], gone: readonly string[]): Promise<Written> {
  const before = new Map<string, string | null>();
  for (const { name } of files) before.set(name, await ownText(folder, name));
  const kept: string[] = [];
  for (const name of gone) if (await isTheirs(folder, name)) kept.push(name);
  const going = gone.filter((name) => !kept.includes(name));
  const fresh = new Map(files.map(({ name, text }) => [name, [digest(text)]] as const));
  const known = new Map([...[...folder.known].filter(([name]) => !going.includes(name)), ...fresh]);
  const changed = files.filter(({ name, text }) => before.get(name) !== text);
  const withdrawn: string[] = [];
  await named(folder.path, async () => {
    if (changed.length + going.length > 0) {
      const either = [...folder.known].map(([name, old]) => [name, [...old, ...(fresh.get(name) ?? [])]] as const);
      await writeRecord({ ...folder, known: new Map([...fresh, ...either]) });
    }
    for (const { name, text } of changed) await replaceFile(join(folder.path, name), text);
    for (const { name, isPublic } of files) await chmod(join(folder.path, name), isPublic ? 0o644 : 0o600);
    for (const name of going) {
      if ((await ownText(folder, name)) !== null) withdrawn.push(name);
      await rm(join(folder.path, name), { force: true });
    }
    if (changed.length + going.length > 0) await writeRecord({ ...folder, known });
  });
  return { folder: { ...folder, known }, written: changed.map(({ name }) => name), withdrawn, kept };
}

/** Makes what was `printed` of these cards, for nobody else's eyes, the file of this name. Throws `refused`, `delivery`. */
export async function takeIn(folder: Folder, from: string, name: string, printed: Printed): Promise<Folder> {
  await ownText(folder, name);
  const fresh = digest(printed.text);
  const taken = { ...folder, printed: printed.of, known: new Map([...folder.known, [name, [fresh]]]) };
  const either = new Map([...folder.known, [name, [...(folder.known.get(name) ?? []), fresh]]]);
  return named(folder.path, async () => {
    await writeRecord({ ...folder, known: either });
    await chmod(from, 0o600);
    await rename(from, join(folder.path, name));
    await writeRecord(taken);
    return taken;
  });
}

/** `text`: what the program wrote; `of`: the digest of the cards. */
type Printed = { readonly text: string; readonly of: string | null };

async function isTheirs(folder: Folder, name: string): Promise<boolean> {
  try {
    await ownText(folder, name);
    return false;
  } catch (error) {
    if (error instanceof VkeysError && error.kind === 'refused') return true;
    throw error;
  }
}

async function writeRecord({ path, about, known, printed }: Folder): Promise<void> {
  const files = Object.fromEntries([...known].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const record = { version: 1, ...about, ...(printed === null ? {} : { printed }), files };
  await replaceFile(join(path, RECORD), `${JSON.stringify(record, null, 2)}\n`);
}
