/**
 * Members of a secret in Vault or OpenBao, whose other members stay. Whoever writes at the same time is noticed, and what
 * they wrote is merged again. Old versions keep what was in them: of a key that is gone that is worth nothing, and so stays
 * with the rest of them; of one that lives on in another place, the versions with its secret are destroyed.
 */
import { VkeysError } from '../../base/errors.ts';
import { sameJson } from '../../base/json.ts';
import { MEMBER, textsIn, withKeys, withoutKeys } from '../members.ts';
import type { Sink, SinkPorts } from '../sink.ts';
import { placeFor, type At } from '../vault/at.ts';
import type { Kv, Version } from '../vault/kv.ts';
import { makeWays } from '../vault/ways.ts';
import { detailOf, heldAmong } from '../variables.ts';

/** Each who writes at the same time costs the others one. */
const TRIES = 12;
const FIRST_PAUSE = 50;

export function vaultSink(ports: SinkPorts): Sink {
  const ways = makeWays(ports);
  return {
    on: 'network',
    pathOf: async (delivery) => ways.open(delivery),
    spot: (template, names, key_alias) => ({ path: placeFor(template, names, key_alias), within: null }),
    check: async ({ path, parts }) => {
      const { kv, at } = ways.to(path, parts[0]?.delivery);
      await kv.assertEngine(at);
      const { version, data } = await kv.read(at);
      const wanted = withKeys(data ?? {}, parts);
      if (!sameJson(wanted, data ?? undefined)) await kv.assertMay(at, version === 0 ? 'create' : 'update');
      return data === null;
    },
    detail: (part) => {
      const server = ways.remember(part.delivery);
      const detail = detailOf(part, MEMBER);
      return Object.keys(server).length === 0 ? detail : { ...detail, server };
    },
    holds: async ({ path, parts }, sought) => {
      const { kv, at } = ways.to(
        path,
        parts[0]?.delivery,
        sought.flatMap(({ before }) => before),
      );
      await kv.assertEngine(at);
      const { data } = await kv.read(at);
      const key_ids = new Set(sought.map(({ key_id }) => key_id));
      return {
        current: parts.length === 0 || sameJson(withKeys(data ?? {}, parts), data ?? undefined),
        held: heldAmong(textsIn(data ?? {}), key_ids),
        isThere: data !== null,
      };
    },
    put: async ({ path, parts }) => {
      const { kv, at } = ways.to(path, parts[0]?.delivery);
      await kv.assertEngine(at);
      const changed = await settled(ports, async () => {
        const { version, data } = await kv.read(at);
        const wanted = withKeys(data ?? {}, parts);
        if (sameJson(wanted, data ?? undefined)) return 'as it was';
        return (await kv.write(at, wanted, version)) ? 'changed' : 'again';
      });
      return { changed };
    },
    remove: async ({ path }, left) => {
      const { kv, at } = ways.to(
        path,
        undefined,
        left.map(({ place }) => place),
      );
      await kv.assertEngine(at);
      const live = new Set(left.flatMap(({ key_id, isLive }) => (isLive === true ? key_id : [])));
      const holding = await versionsWith(live, kv, at);
      const changed = await settled(ports, async () => {
        const found = await kv.read(at);
        const rest = withoutKeys(found.data ?? {}, left);
        if (sameJson(rest, found.data ?? {})) return 'as it was';
        if (Object.keys(rest).length > 0) return (await kv.write(at, rest, found.version)) ? 'changed' : 'again';
        /* A version that another wrote meanwhile is not this one, so it stays, and is looked at next. */
        await kv.take(at, holding.includes(found.version) ? 'destroy' : 'delete', [found.version]);
        return 'again, changed';
      });
      if (holding.length > 0) await kv.take(at, 'destroy', holding);
      return changed || holding.length > 0;
    },
    sync: () => Promise.resolve(new Map()),
    like: (template) => ways.like(template),
  };
}

/** The old versions and the newest, as far as the secret of one of these keys is in them. */
async function versionsWith(key_ids: ReadonlySet<string>, kv: Kv, at: At): Promise<readonly number[]> {
  if (key_ids.size === 0) return [];
  const found: Version[] = [];
  for (const version of await kv.versions(at)) found.push(await kv.read(at, version));
  return found.flatMap(({ version, data }) => (heldAmong(textsIn(data ?? {}), key_ids).size > 0 ? version : []));
}

type Step = 'as it was' | 'changed' | 'again' | 'again, changed';

/** Until the step has come to an end; says whether anything was changed. */
async function settled({ sleep }: SinkPorts, step: () => Promise<Step>): Promise<boolean> {
  let isChanged = false;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const end = await step();
    isChanged ||= end === 'changed' || end === 'again, changed';
    if (end === 'as it was' || end === 'changed') return isChanged;
    if (end === 'again') await sleep(FIRST_PAUSE * tries);
  }
  throw new VkeysError(
    'delivery',
    'Another program wrote it each time it was to be written.',
    'End that program, or choose another path. Then run the same command again.',
  );
}
