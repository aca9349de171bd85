/**
 * That what is asked for in bulk, or by name, is what the list says, and what clears permissions: on the real server of
 * LITELLM_BASE_URL, else on every version of the sandbox. With thousands of keys of others on it the numbers of requests count too.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { Secret } from '../../src/base/secret.ts';
import { KEY } from '../../src/kinds/key.ts';
import { findByIds, findByNames, isSame, type BulkPorts } from '../../src/litellm/bulk.ts';
import type { Connection } from '../../src/litellm/http/request.ts';
import { send } from '../../src/litellm/http/request.ts';
import { keyStore, maskOf } from '../../src/litellm/key-store.ts';
import { readPage, type Page } from '../../src/litellm/pages.ts';
import { difference } from '../../src/plan/diff.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { desired } from '../support/make.ts';
import { connectionTo, makeGround } from '../litellm/ground.ts';
import { realServer } from './targets.ts';

type Server = { readonly name: string; readonly isReal: boolean; readonly connection: Connection };

function findServers(): readonly Server[] {
  const server = realServer(process.env);
  if (server === null) {
    return SANDBOX_VERSIONS.map((version) => ({
      name: `sandbox ${version}`,
      isReal: false,
      connection: makeGround(version).connection,
    }));
  }
  const { url, masterKey } = server;
  return [{ name: url, isReal: true, connection: connectionTo(url, masterKey, globalThis.fetch, () => new Date()) }];
}

describe.each(findServers())('keys on $name', ({ isReal, connection: plain }) => {
  let requests = 0;
  const connection: Connection = {
    ...plain,
    trace: () => {
      requests += 1;
    },
  };
  const run = randomBytes(4).toString('hex');
  const names = Array.from({ length: 25 }, (_, index) => `vkc-${run}-${String(index)}`);
  const secrets = names.map(() => new Secret(`sk-${randomBytes(24).toString('base64url')}`));
  const ids = secrets.map((secret) => secret.hash());
  const masks = new Map(secrets.map((secret) => [secret.hash(), maskOf(secret)]));
  const store = keyStore(connection, { fields: new Set(['object_permission', 'budget_id']), columns: ['created_by'] });
  const mark = (name: string) => ({ set: `vkc-${run}`, name });
  let first: Page;
  let ports: BulkPorts;
  const make = async (index: number, more: JsonObject = {}) => {
    const name = names[index] ?? '';
    const body = { key_alias: name, metadata: { vkeys: mark(name) }, ...more };
    return store.create(() => body, secrets[index] ?? null);
  };
  const listed = async () => readPage(connection, { filter: {}, columns: [] }, 1);

  beforeAll(async () => {
    for (const [index] of names.entries()) {
      const more = index === 0 ? { object_permission: { vector_stores: ['v'] }, soft_budget: 3 } : {};
      expect(await make(index, more)).toMatchObject({ is: 'done', value: { id: ids[index] } });
    }
    first = await listed();
    const witness = first.rows.find(({ id }) => id === ids[3]) ?? null;
    ports = { connection, columns: [], witness };
  }, 120_000);
  afterAll(async () => {
    await store.remove(ids);
  });

  it('are told apart in a bulk answer by the ends of their secrets', async () => {
    const { rows, doubtful } = await findByIds([...ids, 'f'.repeat(64)], masks, ports);
    expect(new Map(rows.map(({ id, key }) => [id, key.name]))).toEqual(new Map(ids.map((id, at) => [id, names[at]])));
    expect(doubtful).toEqual([]);
    for (const row of rows)
      expect(isSame({ ...row, id: null }, first.rows.find(({ id }) => id === row.id) ?? null)).toBe(true);
  });

  it('are found under their names, and nothing else is', async () => {
    const asked = names.slice(0, 5);
    const rows = await findByNames([...asked, `vkc-${run}`, ''], ports);
    if (rows !== null) expect(rows.map(({ key }) => key.name ?? '').toSorted()).toEqual(asked.toSorted());
    const seen = await store.survey({ ids: [], names: asked, all: false });
    expect(seen.lives.filter(({ name }) => asked.includes(name ?? '')).length).toBe(5);
  });

  it('have the same rows whichever way they are read', async () => {
    const seen = await store.survey({ ids, names, all: false, masks });
    const rows = new Map(first.rows.map((row) => [row.id, row.key]));
    const mine = seen.lives.filter(({ id }) => ids.includes(id));
    expect(mine.length).toBe(25);
    for (const { id, ...live } of mine) {
      const { settings, extra: _, ...rest } = rows.get(id) ?? {};
      expect({ ...live, extra: undefined }).toMatchObject({ ...rest, settings: settings ?? {} });
      expect(live.extra).toHaveProperty('created_by');
    }
  });

  it('cost few requests, however many there are', async () => {
    const isBig = first.pages > 5;
    const count = async (work: () => Promise<unknown>) => {
      requests = 0;
      await work();
      return requests;
    };
    const all = isBig ? 0 : first.pages;
    const fresh = names.map((name) => `${name}-new`);
    const isBulk = ports.witness?.listed.has('access_group_ids') === true;
    expect(await count(() => store.survey({ ids: [], names: fresh, all: false }))).toBeLessThanOrEqual(
      all + (isBulk ? 2 : 26),
    );
    const gone = fresh.map((name) => new Secret(`sk-${name}`).hash());
    expect(await count(() => keyStore(connection).survey({ ids: gone, names: [], all: false }))).toBeLessThanOrEqual(
      all + 2,
    );
    expect(await count(() => keyStore(connection).survey({ ids, names: [], all: false, masks }))).toBeLessThanOrEqual(
      all + 2,
    );
  });

  it('lose a revoked MCP server wherever it is named, and all permissions with null', async () => {
    const servers = [`vkc-${run}-m1`, `vkc-${run}-m2`];
    const [kept = '', revoked = ''] = servers;
    if (isReal) {
      for (const id of servers) {
        const body = {
          server_id: id,
          server_name: id.replaceAll('-', '_'),
          url: 'http://127.0.0.1:1/mcp',
          transport: 'http',
          allow_all_keys: true,
        };
        await send(connection, { method: 'POST', path: '/v1/mcp/server', body: () => body }).catch(() => undefined);
      }
    }
    const id = ids[1] ?? '';
    const before = {
      mcp_servers: servers,
      vector_stores: ['v'],
      mcp_tool_permissions: { [kept]: ['a'], [revoked]: ['b'] },
    };
    await store.update(id, () => ({ object_permission: before }));
    const read = async () =>
      (await store.survey({ ids: [id], names: [], all: false, masks })).lives.find((live) => live.id === id);
    const bring = async (object_permission: JsonObject | null) => {
      const live = await read();
      if (live === undefined) throw new Error('gone');
      const facts = { kind: KEY, now: new Date(), listed: null, version: null };
      const { changes } = difference(desired({ settings: { object_permission } }), live, facts);
      if (changes.length > 0) await store.update(id, (now) => KEY.patch(changes, live, null, now));
      return (await read())?.settings['object_permission'];
    };
    /* Before 1.83 permissions of tools are dropped, before 1.77 all of them. */
    const had = (await read())?.settings['object_permission'];
    const left = await bring({ mcp_servers: [kept] });
    if (had !== undefined) expect(JSON.stringify(left)).toContain(kept);
    expect(JSON.stringify(left ?? {})).not.toContain(revoked);
    expect(await bring(null)).toBeUndefined();
    if (isReal) {
      for (const name of servers) {
        await connection.fetch(`${connection.url}/v1/mcp/server/${name}`, {
          method: 'DELETE',
          headers: { authorization: `Bearer ${connection.secret?.reveal() ?? ''}` },
          signal: connection.signal,
          redirect: 'manual',
        });
      }
    }
  });
});
