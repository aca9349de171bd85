/**
 * The kubeconfig, as kubectl reads it: of several files in KUBECONFIG the first that names something counts.
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
import { delimiter, dirname, join, resolve } from 'node:path';
import { VkeysError } from '../../base/errors.ts';
import { readIfThere } from '../../base/files.ts';
import { isObject, type JsonObject } from '../../base/json.ts';
import { variable } from '../../base/variables.ts';
import { readYaml } from '../../encode/read-yaml.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { SinkPorts } from '../sink.ts';
import { objectIn, objectsIn, textIn } from './members.ts';

/** What a name stands for. Relative paths in it start at `folder`. */
export type Entry = { readonly value: JsonObject; readonly folder: string };
type Entries = ReadonlyMap<string, Entry>;

export type Kubeconfig = {
  readonly current: string | null;
  readonly contexts: Entries;
  readonly clusters: Entries;
  readonly users: Entries;
};

/** Files that are not there are passed over. Throws `delivery` for what is no kubeconfig. */
export async function readKubeconfig({ env, home }: Pick<SinkPorts, 'env' | 'home'>): Promise<Kubeconfig> {
  const files = await Promise.all(pathsIn(env, home).map(readFile));
  const read = files.flatMap((file) => file ?? []);
  const entries = (list: string, member: string): Entries =>
    new Map(read.flatMap((file) => entriesOf(file, list, member)).toReversed());
  return {
    current: read.map(({ value }) => textIn(value, 'current-context')).find((name) => name !== null) ?? null,
    contexts: entries('contexts', 'context'),
    clusters: entries('clusters', 'cluster'),
    users: entries('users', 'user'),
  };
}

function pathsIn(env: SinkPorts['env'], home: string | null): readonly string[] {
  const named = variable(env, 'KUBECONFIG');
  if (named !== undefined) return named.split(delimiter).filter((path) => path !== '');
  return home === null ? [] : [join(home, '.kube', 'config')];
}

async function readFile(path: string): Promise<Entry | null> {
  const text = await readIfThere(path);
  if (text === null || text.trim() === '') return null;
  const read = readYaml(text);
  if ('value' in read && isObject(read.value)) return { value: read.value, folder: dirname(resolve(path)) };
  const { line, column } = 'fault' in read ? read.fault : { line: 1, column: 1 };
  const place = `${oneLine(path)}:${String(line)}:${String(column)}`;
  throw new VkeysError('delivery', `${place}: this is no kubeconfig.`, 'Mend it; `kubectl config view` reads it too.');
}

function entriesOf({ value, folder }: Entry, list: string, member: string): readonly (readonly [string, Entry])[] {
  return objectsIn(value, list).flatMap((item) => {
    const name = textIn(item, 'name');
    return name === null ? [] : [[name, { value: objectIn(item, member), folder }] as const];
  });
}

/** What a member `NAME-data` has in base64, else what is in the file that `NAME` names. */
export async function pemIn({ value, folder }: Entry, name: string): Promise<string | null> {
  const data = textIn(value, `${name}-data`);
  if (data !== null) return Buffer.from(data, 'base64').toString('utf8');
  const path = textIn(value, name);
  return path === null ? null : readNamed(resolve(folder, path));
}

/** The text of a file that a kubeconfig, or the pod, names. */
export async function readNamed(path: string): Promise<string> {
  const text = await readIfThere(path);
  if (text !== null) return text;
  throw new VkeysError(
    'delivery',
    `${oneLine(path)} is not there.`,
    'The kubeconfig names it: log in again, or mend it.',
  );
}
