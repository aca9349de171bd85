/** The engines KV version 1 and 2, as https://developer.hashicorp.com/vault/api-docs/secret/kv describes them. */
import type { JsonObject } from '../../src/base/json.ts';

export type Reply = { readonly status: number; readonly body?: unknown };
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
};
export type Engine = { readonly version: '1' | '2'; exists(path: string): boolean; answer(asked: Asked): Reply };

type Version = { data: unknown; created_time: string; deletion_time: string; destroyed: boolean };
type Entry = { current: number; cas_required: boolean; max_versions: number; readonly versions: Map<number, Version> };

const NOTHING: Reply = { status: 404, body: { errors: [] } };
const DONE: Reply = { status: 204 };
const bad = (error: string): Reply => ({ status: 400, body: { errors: [error] } });
const data = (value: unknown): Reply => ({
  status: 200,
  body: { request_id: '1', lease_id: '', renewable: false, lease_duration: 0, data: value, warnings: null, auth: null },
});
const now = (): string => new Date().toISOString();

export function kv1(): Engine {
  const entries = new Map<string, JsonObject>();
  return {
    version: '1',
    exists: (path) => entries.has(path),
    answer: ({ method, path, body }) => {
      if (method === 'POST') entries.set(path, body);
      const entry = entries.get(path);
      if (method === 'POST') return DONE;
      return entry === undefined ? NOTHING : data(entry);
    },
  };
}

export function kv2(): Engine {
  const entries = new Map<string, Entry>();
  const withoutData = ({ created_time, deletion_time, destroyed }: Version) => ({
    created_time,
    deletion_time,
    destroyed,
  });
  const about = (version: Version, number: number) => ({
    ...withoutData(version),
    custom_metadata: null,
    version: number,
  });
  const doors: Readonly<Record<string, (name: string, asked: Asked) => Reply>> = {
    'GET data': (name, { query }) => {
      const entry = entries.get(name);
      const number = Number(query.get('version') ?? 0) || (entry?.current ?? 0);
      const version = entry?.versions.get(number);
      if (version === undefined) return NOTHING;
      const isGone = version.destroyed || version.deletion_time !== '';
      const answer = data({ data: isGone ? null : version.data, metadata: about(version, number) });
      return isGone ? { ...answer, status: 404 } : answer;
    },
    'POST data': (name, { body }) => {
      const entry = entries.get(name) ?? { current: 0, cas_required: false, max_versions: 10, versions: new Map() };
      const { cas } = (body['options'] ?? {}) as { readonly cas?: number };
      if (body['data'] === undefined) return bad('no data provided');
      if (cas === undefined && entry.cas_required) return bad('check-and-set parameter required for this call');
      if (cas !== undefined && cas !== entry.current)
        return bad('check-and-set parameter did not match the current version');
      entry.current += 1;
      const version = { data: body['data'], created_time: now(), deletion_time: '', destroyed: false };
      entry.versions.set(entry.current, version);
      for (const number of entry.versions.keys())
        if (number <= entry.current - entry.max_versions) entry.versions.delete(number);
      entries.set(name, entry);
      return data(about(version, entry.current));
    },
    'DELETE data': (name) => changed(name, [entries.get(name)?.current ?? 0], { deletion_time: now() }),
    'POST delete': (name, { body }) => changed(name, body['versions'] as number[], { deletion_time: now() }),
    'POST undelete': (name, { body }) => changed(name, body['versions'] as number[], { deletion_time: '' }),
    'POST destroy': (name, { body }) => changed(name, body['versions'] as number[], { destroyed: true, data: null }),
    'GET metadata': (name, { query }) => {
      if (query.get('list') === 'true') return listed(name === '' || name.endsWith('/') ? name : `${name}/`);
      const entry = entries.get(name);
      if (entry === undefined) return NOTHING;
      const { versions, current, ...rest } = entry;
      const numbered = [...versions].map(([number, version]) => [String(number), withoutData(version)] as const);
      return data({ ...rest, current_version: current, versions: Object.fromEntries(numbered) });
    },
    'POST metadata': (name, { body }) => {
      const entry = entries.get(name) ?? { current: 0, cas_required: false, max_versions: 10, versions: new Map() };
      entries.set(name, Object.assign(entry, body));
      return DONE;
    },
    'DELETE metadata': (name) => {
      entries.delete(name);
      return DONE;
    },
  };
  function changed(name: string, numbers: readonly number[], change: Partial<Version>): Reply {
    for (const number of numbers) {
      const version = entries.get(name)?.versions.get(number);
      if (version !== undefined) Object.assign(version, change);
    }
    return DONE;
  }
  function listed(folder: string): Reply {
    const below = [...entries.keys()]
      .filter((name) => name.startsWith(folder))
      .map((name) => name.slice(folder.length));
    const keys = [...new Set(below.map((name) => name.replace(/\/.*$/s, '/')))];
    return keys.length === 0 ? NOTHING : data({ keys: keys.toSorted() });
  }
  return {
    version: '2',
    exists: (path) => entries.has(path.replace(/^[^/]*\//, '')),
    answer: (asked) => {
      const [, door = '', name = ''] = /^([^/]*)\/?(.*)$/s.exec(asked.path) ?? [];
      return (
        doors[`${asked.method} ${door}`]?.(name, asked) ?? { status: 405, body: { errors: ['unsupported operation'] } }
      );
    },
  };
}
