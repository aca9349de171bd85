/** The promise, looked at from outside: the server's keys, the journal's lines, the delivered files, as anybody may read them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { isObject, parseJson, type Json, type JsonObject } from '../../src/base/json.ts';
import type { Person, Scene } from './scene.ts';

/** Whatever is wrong now, in sentences: with keys, keyring, deliveries, file modes or what was said on stderr. */
export async function broken(scene: Scene, person: Person, aliases: readonly string[]): Promise<readonly string[]> {
  const keys = await scene.keys();
  const ids = new Map(keys.map(({ name, id }) => [name, id]));
  const journal = readKeyring(person.folder);
  const there = keys.map(({ name }) => name ?? '');
  return [
    ...aliases.filter((alias) => !there.includes(alias)).map((alias) => `${alias} is not on the server`),
    ...there.filter((alias) => !aliases.includes(alias)).map((alias) => `${alias} is on the server`),
    ...there.filter((alias, index) => there.indexOf(alias) !== index).map((alias) => `${alias} is there twice`),
    ...keys
      .filter(({ id }) => journal.secrets.get(id) === undefined)
      .map(({ name }) => `${String(name)} has no secret in the keyring`),
    ...[...journal.secrets]
      .filter(([key_id, secret]) => hash(secret) !== key_id)
      .map(([key_id]) => `the keyring has another secret under ${key_id}`),
    ...[...journal.secrets.keys()]
      .filter((key_id) => !journal.gone.has(key_id) && !keys.some(({ id }) => id === key_id))
      .map((key_id) => `the keyring has a secret without a key, ${key_id}`),
    ...useless(person.folder, new Set(keys.map(({ id }) => id))),
    ...[...journal.open].map((id) => `the keyring has not finished ${id}`),
    ...[...journal.rotations.values()].map(({ name }) => `the keyring has not finished the rotation of ${name}`),
    ...Object.entries(readDeliveries(person.folder, aliases)).flatMap(([file, delivered]) => [
      ...aliases
        .filter((alias) => hash(delivered.get(alias) ?? '') !== ids.get(alias))
        .map((alias) => `${file} has no secret of ${alias}`),
      ...[...delivered.keys()].filter((alias) => !aliases.includes(alias)).map((alias) => `${file} still has ${alias}`),
    ]),
    ...filesBelow(person.folder)
      .filter((path) => /\.(lock|turn)$/.test(path))
      .map((path) => `${path} was left behind`),
    ...leaks(scene, person),
  ];
}

/** What others could read: secrets on stderr, and files or folders that are open to them. */
export function leaks(scene: Scene, person: Person): readonly string[] {
  const said = person.stderr();
  return [
    ...(said.includes(scene.masterKey) || /sk-[\w-]{20,}/.test(said) ? [`a secret was told: ${said}`] : []),
    ...(process.platform === 'win32' ? [] : filesBelow(person.folder))
      .filter((path) => (statSync(path).mode & 0o077) !== 0)
      .map((path) => `${path} can be read by others`),
  ];
}

/** Hand-outs that hold a secret. */
export function holding(folder: string): readonly string[] {
  return filesBelow(join(folder, 'out')).filter((path) => /sk-[\w-]{20,}/.test(read(path)));
}

/** Hand-outs with the secret of a key that is not there. */
export function useless(folder: string, ids: ReadonlySet<string>): readonly string[] {
  return filesBelow(join(folder, 'out')).flatMap((path) =>
    (read(path).match(/sk-[\w-]{20,}/g) ?? [])
      .filter((secret) => !ids.has(hash(secret)))
      .map(() => `${path} has a secret that opens nothing`),
  );
}

type Journal = {
  /** By key_id. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The keys that are not finished. */
  readonly open: ReadonlySet<string>;
  /** The keys that were seen missing: their secrets are kept for a while. */
  readonly gone: ReadonlySet<string>;
  /** Rotations that are not over, by the id of the old key. */
  readonly rotations: ReadonlyMap<string, Begun>;
};

/** A rotation as it was begun. `grace` is in milliseconds. */
export type Begun = {
  readonly name: string;
  readonly grace: number;
  readonly keepsSpend: boolean;
  readonly isLeaked: boolean;
};

/** What the journals below a folder know together: what one of them finished is finished, what one has is not gone. */
export function readKeyring(folder: string): Journal {
  const journals = filesBelow(join(folder, 'state'))
    .filter((path) => path.endsWith('.jsonl'))
    .map((path) => readJournal(read(path)));
  const secrets = new Map(journals.flatMap((journal) => [...journal.secrets]));
  const everywhere = (of: (journal: Journal) => ReadonlySet<string>): readonly string[] =>
    [...secrets.keys()].filter((id) => journals.every((each) => !each.secrets.has(id) || of(each).has(id)));
  return {
    secrets,
    open: new Set(everywhere(({ open }) => open)),
    gone: new Set(everywhere(({ gone }) => gone)),
    rotations: new Map(journals.flatMap(({ rotations }) => [...rotations])),
  };
}

function readJournal(text: string): Journal {
  const secrets = new Map<string, string>();
  const [open, gone] = [new Set<string>(), new Set<string>()];
  const rotations = new Map<string, Begun>();
  for (const line of text.split('\n')) {
    const json = parseJson(line);
    if (!isObject(json)) continue;
    const [id, secret, op] = [textOf(json['key_id']), json['secret'], json['op']];
    if (op === 'mint') open.add(id);
    if (op === 'done' || op === 'gone' || op === 'drop') open.delete(id);
    if (op === 'gone') gone.add(id);
    if (op === 'back') gone.delete(id);
    if (typeof secret === 'string') secrets.set(id, secret);
    if (op === 'drop') secrets.delete(id);
    if (op === 'rotating') rotations.set(textOf(json['of']), begunIn(json));
    if (op === 'rotated') rotations.delete(textOf(json['of']));
  }
  return { secrets, open, gone, rotations };
}

function begunIn({ name, grace, keepsSpend, isLeaked }: JsonObject): Begun {
  return { name: textOf(name), grace: Number(grace), keepsSpend: keepsSpend === true, isLeaked: isLeaked === true };
}

type Secrets = ReadonlyMap<string, string>;

/** The delivered secrets by alias, for each kind of file. */
export function readDeliveries(folder: string, aliases: readonly string[]): Readonly<Record<string, Secrets>> {
  const out = join(folder, 'out');
  const files = filesBelow(out).filter((path) => path.endsWith('.env'));
  const rows: readonly Record<string, string>[] = parse(read(join(out, 'keys.csv')), { columns: true });
  const json = parseJson(read(join(out, 'keys.json')));
  const list = isObject(json) && Array.isArray(json['keys']) ? json['keys'].filter(isObject) : [];
  return {
    dotenv: new Map(
      files.map((path) => [
        aliases.find((alias) => path.endsWith(join('out', `${alias}.env`))) ?? path,
        /^OPENAI_API_KEY=(.*)$/m.exec(read(path))?.[1] ?? '',
      ]),
    ),
    json: new Map(list.map((row) => [textOf(row['key_alias']), textOf(row['key'])])),
    text: new Map(
      filesIn(join(out, 'mail')).map((path) => {
        const [, alias = path, secret = ''] = /^(.*) has the key (.*)$/m.exec(read(path)) ?? [];
        return [alias, secret];
      }),
    ),
    command: new Map(filesIn(join(out, 'store')).map((path) => [basename(path), read(path)])),
    csv: new Map(rows.map((row) => [textOf(row['key_alias']), textOf(row['key'])])),
  };
}

/** Hand-outs alone: what a cut left behind a name of its own is no hand-out. */
function filesIn(folder: string): readonly string[] {
  return filesBelow(folder).filter(
    (path) => !basename(path).startsWith('.') && !/\.(?:lock|turn|vkeys-.*)$/.test(path),
  );
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A string's text; nothing of anything else. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
