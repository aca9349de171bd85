import type { Secret } from '../../src/base/secret.ts';
import type { Home } from './run.ts';

/** Asks the canned model once with this key, for 0.05 US dollars. */
export async function use({ server }: Pick<Home, 'server'>, key: Secret | undefined): Promise<void> {
  const { status } = await server.fetch('http://litellm.test/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${key?.reveal() ?? ''}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [] }),
    redirect: 'manual',
    signal: new AbortController().signal,
  });
  if (status !== 200) throw new Error(`the model answered ${String(status)}`);
}
