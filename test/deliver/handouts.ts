import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Deliverer, Gone, Known } from '../../src/apply/ports.ts';
import { runProgram } from '../../src/auth/run.ts';
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import type { SinkPorts } from '../../src/deliver/sink.ts';
import type { Asker } from '../../src/deliver/whose.ts';
import type { DeliverTo, Handout } from '../../src/deliver/handout.ts';
import type { Delivery } from '../../src/model/delivery.ts';
import type { Place } from '../../src/model/place.ts';
import { Secret } from '../../src/base/secret.ts';
import type { VkeysError } from '../../src/base/errors.ts';
import { desired, live } from '../support/make.ts';

export const TO = { api_endpoint: 'https://litellm.example.com', api_base_url: 'https://litellm.example.com/v1' };

/** The hand-out of `lab-<user>`, whose secret is `sk-<user>-secret`. */
export function handout(user: string, more: Partial<Handout> = {}): Handout {
  const secret = more.secret ?? new Secret(`sk-${user}-secret`);
  const key_alias = `lab-${user}`;
  return {
    placeholders: { key_alias, user, set: 'lab' },
    key_alias,
    user,
    user_id: `${user}@example.com`,
    users: [`${user}@example.com`],
    key_id: secret.hash(),
    secret,
    expires: '2026-11-24T12:00:00.000Z',
    ...more,
  };
}

/** The key of the hand-out, remembered at these places. */
export function known(
  { placeholders, key_alias, user, user_id, key_id, secret, expires }: Handout,
  places: readonly Place[] = [],
): Known {
  return {
    desired: desired({ name: key_alias, user, placeholders }),
    live: live({
      id: key_id,
      name: key_alias,
      expires: expires ?? null,
      settings: user_id === null ? {} : { user_id },
    }),
    secret,
    places,
  };
}

/** As the run that deletes the key knows it. */
export function gone(
  { placeholders, key_alias, key_id, user }: Handout,
  places: readonly Place[] = [],
  isInSpec = true,
): Gone {
  return {
    key_id,
    name: key_alias,
    desired: isInSpec ? desired({ name: key_alias, user, placeholders }) : null,
    places,
  };
}

export const HOST = 'lab1';

/** The real programs, and no servers. */
export function sinkPorts(more: Partial<SinkPorts> = {}): SinkPorts {
  return {
    exclusive: (_, work) => work(),
    run: runProgram,
    env: {},
    home: null,
    connect: () => () => Promise.reject(new Error('there is no server')),
    keychain: () => Promise.reject(new Error('there is no key store')),
    now: () => new Date(),
    sleep: () => Promise.resolve(),
    ...more,
  };
}

export function delivererTo(
  deliveries: readonly Delivery[] | null,
  to: DeliverTo = TO,
  asker: Asker = { host: HOST, files: [] },
): Deliverer {
  const addressed = deliveries === null ? null : deliveries.map((delivery) => ({ delivery, to }));
  return makeDeliverer('lab', addressed, asker, sinkPorts());
}

type Delivered = {
  readonly written: readonly string[];
  readonly failed: readonly { readonly key_alias: string; readonly error: VkeysError }[];
};

/** Puts keys of which nothing is remembered. */
export async function deliver(
  deliveries: readonly Delivery[],
  handouts: readonly Handout[],
  to: DeliverTo = TO,
): Promise<Delivered> {
  const { written, failed } = await delivererTo(deliveries, to).put(handouts.map((each) => known(each)));
  return { written, failed: told(handouts, failed) };
}

/** Takes keys away of which nothing is remembered. */
export async function withdraw(deliveries: readonly Delivery[], handouts: readonly Handout[]): Promise<Delivered> {
  const { written, failed } = await delivererTo(deliveries).remove(handouts.map((each) => gone(each)));
  return { written, failed: told(handouts, failed) };
}

function told(handouts: readonly Handout[], failed: ReadonlyMap<string, VkeysError>): Delivered['failed'] {
  return handouts.flatMap(({ key_alias, key_id }) => {
    const error = failed.get(key_id);
    return error === undefined ? [] : [{ key_alias, error }];
  });
}

export async function undelivered(
  deliveries: readonly Delivery[],
  handouts: readonly Handout[],
  to: DeliverTo = TO,
): Promise<readonly string[]> {
  return (
    await delivererTo(deliveries, to).stale(
      handouts.map((each) => known(each)),
      [],
    )
  ).put;
}

export function dotenv(
  path: string,
  variables: Readonly<Record<string, string>> = { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' },
): Delivery {
  return { to: 'dotenv', path, variables };
}

/** A folder that is gone after the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'vkeys-deliver-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
