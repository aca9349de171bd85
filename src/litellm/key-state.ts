/** Whether a secret works: asked with itself, and free of cost. One table of what the answers of all versions mean. */
import { VkeysError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import type { KeyState } from '../model/key-state.ts';
import type { Live } from '../model/resource.ts';
import { statusOf } from '../model/status.ts';
import type { ServerProblem } from './http/problem.ts';
import type { Connection } from './http/request.ts';
import { RequestError } from './http/request-error.ts';
import { keyInfo } from './keys.ts';
import { listModels } from './models.ts';

/**
 * Asks for the key's models and for the key. Throws what requests throw, and a refusal of somebody before LiteLLM in the words of
 * the connection.
 */
export async function askKey(connection: Connection, secret: Secret): Promise<KeyState> {
  const heard: ServerProblem[] = [];
  const refused = (problem: ServerProblem): VkeysError => {
    heard.push(problem);
    return connection.refused(problem);
  };
  const own = { ...connection, secret, refused };
  try {
    const models = await listModels(own);
    const live = await itself(own, secret);
    /* On 1.110.2 a key whose budget is spent goes on to list its models; what it may read of itself says it. */
    const isSpent = live !== null && statusOf(live, connection.clock.server()) === 'over_budget';
    return isSpent ? { is: 'over_budget', why: '' } : { is: 'works', models, live };
  } catch (error) {
    const [problem] = heard;
    if (problem?.isLiteLLM === true) return { is: stateIn(problem), why: problem.message };
    /* 1.77.7 breaks down where a key has routes and this is none of them. */
    if (error instanceof RequestError && error.status === 500 && (await itself(own, secret)) !== null)
      return { is: 'not_allowed', why: error.message };
    throw error;
  }
}

/** Why a server that has just made a key does not take it, with one request; `null`: it knows it, whatever it lets it do. */
export async function whyUnknown(connection: Connection, secret: Secret): Promise<VkeysError | null> {
  const heard: ServerProblem[] = [];
  const refused = (problem: ServerProblem): VkeysError => {
    heard.push(problem);
    return new VkeysError('auth', problem.message, 'Look at the log of the server.');
  };
  try {
    await listModels({ ...connection, secret, refused });
    return null;
  } catch (error) {
    if (!(error instanceof VkeysError)) throw error;
    const [problem] = heard;
    const isKnown = problem?.isLiteLLM === true && stateIn(problem) !== 'unknown';
    return isKnown || (error instanceof RequestError && error.status === 500) ? null : error;
  }
}

/** What a key may read of itself; `null` where it may not: a key for models alone, and each one on some versions once its budget is spent. */
export async function itself(connection: Connection, secret: Secret): Promise<Live | null> {
  return keyInfo(connection, secret.hash()).catch((error: unknown) => {
    if (error instanceof VkeysError && error.kind !== 'interrupted') return null;
    throw error;
  });
}

/** The statuses of one cause differ by version: type and text tell. */
const REFUSALS: readonly (readonly [RegExp, Exclude<KeyState['is'], 'works'>])[] = [
  [/expired/i, 'expired'],
  [/budget/i, 'over_budget'],
  [/blocked/i, 'blocked'],
];

function stateIn({ type, message, code }: ServerProblem): Exclude<KeyState['is'], 'works'> {
  const known = REFUSALS.find(([text]) => text.test(`${type ?? ''} ${message}`))?.[1];
  return known ?? (code === 'forbidden' ? 'not_allowed' : 'unknown');
}
