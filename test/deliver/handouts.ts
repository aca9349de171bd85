import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Handout } from '../../src/deliver/handout.ts';
import type { Delivery } from '../../src/model/model.ts';
import { Secret } from '../../src/base/secret.ts';

export const TO = { api_endpoint: 'https://litellm.example.com', api_base_url: 'https://litellm.example.com/v1' };

/** The hand-out of `lab-<user>`, whose secret is `sk-<user>-secret`. */
export function handout(user: string, more: Partial<Handout> = {}): Handout {
  const secret = new Secret(`sk-${user}-secret`);
  const key_alias = `lab-${user}`;
  return {
    placeholders: { key_alias, user, set: 'lab' },
    key_alias,
    user,
    user_id: `${user}@example.com`,
    key_id: secret.hash(),
    secret,
    expires: '2026-11-24T12:00:00.000Z',
    ...more,
  };
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
