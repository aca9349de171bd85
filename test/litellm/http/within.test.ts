import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { within } from '../../../src/litellm/http/within.ts';

const never = new AbortController().signal;
/** Work that ends only by its signal, with the signal's reason. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    if (signal.aborted) reject(signal.reason);
  });

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

it('answers with what the work answers', async () => {
  expect(await within(1000, never, () => Promise.resolve(7))).toBe(7);
});

it('ends in time, also when garbage is collected meanwhile', async () => {
  const ended = within(50, never, untilAborted);
  await delay(10);
  if (typeof collectGarbage === 'function') collectGarbage();
  await expect(ended).rejects.toMatchObject({ name: 'TimeoutError' });
});

it.each(['before', 'after'])('ends with the reason of a signal that was aborted %s it began', async (when) => {
  const controller = new AbortController();
  const reason = new Error('stop');
  if (when === 'before') controller.abort(reason);
  const ended = within(1000, controller.signal, untilAborted);
  controller.abort(reason);
  await expect(ended).rejects.toBe(reason);
});
