/**
 * Puts our members into a client's own files: mode 0600, and everything else in it as it was. The copy beside is of what a person
 * had, so what vkeys wrote itself does not take its place.
 */
import { dirname, join, resolve } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { replaceFile, syncFolder } from '../base/files.ts';
import type { Secret } from '../base/secret.ts';
import { variable } from '../base/variables.ts';
import { assertLeads, fileError, hold, makeFolders, readTextFile, type TextFile } from '../deliver/text-file.ts';
import { workTreeNotices } from '../deliver/work-tree.ts';
import type { ClientFile } from '../encode/client.ts';
import { CLIENTS, type Client } from '../encode/clients.ts';
import type { Edit } from '../encode/edits.ts';
import { filledMembers, hasWord, type Values } from '../encode/filled.ts';
import { areAlikeBut, mergeSettings, type Merged } from '../encode/settings.ts';
import type { Notice } from '../model/plan.ts';
import type { World } from './world.ts';

/** A file, and where it is. */
export type PlacedFile = { readonly path: string; readonly file: ClientFile };

/** What became of a file, or would. `copy`: where the old one is; `null`: there was none, or nothing was changed. */
export type WrittenFile = {
  readonly path: string;
  readonly edits: readonly Edit[];
  readonly copy: string | null;
  readonly notices: readonly Notice[];
};

/** The files of a client; `isAsking`: the one in which it is told a program. With `path`, one that has none can have its variables there. */
export function filesOf(client: Client, path: string | undefined, isAsking: boolean): readonly ClientFile[] {
  const { settings, secrets, asking, variables } = CLIENTS[client];
  const own = isAsking ? [asking] : [settings, secrets];
  const there = own.filter((file) => file !== undefined);
  return there.length > 0 || path === undefined ? there : [{ path, format: 'dotenv', members: variables }];
}

/** Where they are, the first at `path` if that is given; a .env of the current folder is beside it. Throws `config` where this user has no home. */
export function placed(world: World, [first, ...others]: readonly ClientFile[], path?: string): readonly PlacedFile[] {
  if (first === undefined) return [];
  const top = path === undefined ? placeOf(first, world) : resolve(world.cwd, path);
  const beside = (file: ClientFile): string =>
    file.path === '.env' ? join(dirname(top), '.env') : placeOf(file, world);
  return [{ path: top, file: first }, ...others.map((file) => ({ path: beside(file), file }))];
}

function placeOf({ path, moved = [] }: ClientFile, { env, cwd, folders }: World): string {
  const found = moved
    .map(({ by, to }) => ({ folder: variable(env, by), to }))
    .find(({ folder }) => folder !== undefined);
  if (found?.folder !== undefined) return resolve(cwd, found.folder, found.to);
  if (!path.startsWith('~/')) return resolve(cwd, path);
  if (folders.home !== null) return join(folders.home, path.slice(2));
  throw new VkeysError('config', `There is no home, in which ${path} would be.`, 'Say where the file is: --file PATH');
}

/** `copy`: what is to be in the copy; `null`: it stays as it is, or there is none. */
type Read = PlacedFile & { readonly there: TextFile; readonly merged: Merged; readonly copy: string | null };

/** `hidden`: a secret that is to be in no file, not in a copy either. */
type How = { readonly isDryRun: boolean; readonly hidden: Secret | null };

/** Writes them all, or none: each is read and checked before the first is written. Throws `config`, `delivery`. */
export async function writeClientFiles(
  world: World,
  files: readonly PlacedFile[],
  values: Values,
  how: How,
): Promise<readonly WrittenFile[]> {
  const reads: Read[] = [];
  for (const each of files) reads.push(await readOne(each, values, how));
  const written: WrittenFile[] = [];
  for (const { path, file, there, merged, copy: text } of reads) {
    const { edits } = merged;
    const copy = edits.length > 0 && (there.text ?? '') !== '' ? copyOf(there) : null;
    if (!how.isDryRun) await named(path, () => writeOne(there, merged, text));
    const targets = [there.path, ...(copy === null ? [] : [copy])].map((each) => ({
      path: each,
      within: null,
      parts: [],
    }));
    const notices = hasWord(file.members, 'key') ? await workTreeNotices(targets, world.run) : [];
    written.push({ path, edits, copy, notices });
  }
  return written;
}

function readOne({ path, file }: PlacedFile, values: Values, { hidden }: How): Promise<Read> {
  return named(path, async () => {
    const there = await readTextFile({ path, within: null }, makeFolders());
    assertLeads(there);
    const merged = await mergeSettings(there.text ?? '', file.format, filledMembers(file.members, values), file.kept);
    const old = await named(copyOf(there), () => readTextFile({ path: copyOf(there), within: null }, makeFolders()));
    const kept = merged.edits.length === 0 ? old.text : await original(file, there.text ?? '', old.text);
    const copy = hidden === null ? kept : (kept?.replaceAll(hidden.reveal(), () => hidden.masked()) ?? null);
    return { path, file, there, merged, copy: copy === old.text ? null : copy };
  });
}

function copyOf({ path }: TextFile): string {
  return `${path}.vkeys-old`;
}

/** What a person had: the copy, where the file is that and what vkeys wrote, for this client or another that has the same file. */
async function original(
  { path, format, members }: ClientFile,
  now: string,
  copy: string | null,
): Promise<string | null> {
  if (now === '') return copy;
  if (copy === null) return now;
  const others = Object.values(CLIENTS).flatMap(({ settings, secrets, asking }) => [settings, secrets, asking]);
  const ours = others.flatMap((each) => (each?.path === path ? [each.members] : []));
  return (await areAlikeBut([members, ...ours], format, [now, copy])) ? copy : now;
}

async function writeOne(there: TextFile, { text, edits }: Merged, copy: string | null): Promise<void> {
  if (copy !== null) await replaceFile(copyOf(there), copy);
  if (edits.length === 0 && there.text === null) return;
  await hold(there, text);
  if (edits.length > 0) await syncFolder(dirname(there.path));
}

/** What goes wrong with a file names it. */
async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(error, path);
  }
}
