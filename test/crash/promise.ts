/** The promise, looked at from outside: the server's keys, the journal's lines, the delivered files, as anybody may read them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { isObject, parseJson, type Json } from '../../src/base/json.ts';
import type { Person, Scene } from './scene.ts';

/** Whatever is wrong now, in sentences: with keys, keyring, deliveries, file modes or what was said on stderr. */
export async function broken(scene: Scene, person: Person, aliases: readonly string[]): Promise<readonly string[]> {
  const keys = await scene.keys();
  const ids = new Map(keys.map(({ key_alias, key_id }) => [key_alias, key_id]));
  const journal = readKeyring(person.folder);
  const there = keys.map(({ key_alias }) => key_alias ?? '');
  return [
    ...aliases.filter((alias) => !there.includes(alias)).map((alias) => `${alias} is not on the server`),
    ...there.filter((alias) => !aliases.includes(alias)).map((alias) => `${alias} is on the server`),
    ...there.filter((alias, index) => there.indexOf(alias) !== index).map((alias) => `${alias} is there twice`),
    ...keys
      .filter(({ key_id }) => journal.secrets.get(key_id) === undefined)
      .map(({ key_alias }) => `${String(key_alias)} has no secret in the keyring`),
    ...[...journal.secrets]
      .filter(([key_id, secret]) => hash(secret) !== key_id)
      .map(([key_id]) => `the keyring has another secret under ${key_id}`),
    ...[...journal.secrets.keys()]
      .filter((key_id) => !keys.some((key) => key.key_id === key_id))
      .map((key_id) => `the keyring has a secret without a key, ${key_id}`),
    ...journal.open.map((id) => `the keyring has not finished ${id}`),
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

type Journal = {
  /** By key_id. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The keys that are not finished. */
  readonly open: readonly string[];
};

/** Adds the lines of the one journal below a folder up. */
export function readKeyring(folder: string): Journal {
  const secrets = new Map<string, string>();
  const open = new Set<string>();
  const journals = filesBelow(join(folder, 'state')).filter((path) => path.endsWith('.jsonl'));
  for (const line of journals.flatMap((path) => readFileSync(path, 'utf8').split('\n'))) {
    const json = parseJson(line);
    if (!isObject(json)) continue;
    const [id, secret] = [textOf(json['key_id']), json['secret']];
    if (json['op'] === 'mint') open.add(id);
    else open.delete(id);
    if (typeof secret === 'string') secrets.set(id, secret);
    if (json['op'] === 'drop') secrets.delete(id);
  }
  return { secrets, open: [...open] };
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
    csv: new Map(rows.map((row) => [textOf(row['key_alias']), textOf(row['key'])])),
  };
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
