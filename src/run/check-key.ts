/** Whether a key works, asked with the key itself and free of cost: it may list its models. */
import { explainRefusal } from '../auth/refusal.ts';
import { VkeysError } from '../base/errors.ts';
import { globPattern } from '../base/glob.ts';
import type { Secret } from '../base/secret.ts';
import { isOlder } from '../base/version.ts';
import { oneLine } from '../encode/terminal.ts';
import { readHealth } from '../litellm/health.ts';
import type { ServerProblem } from '../litellm/http/problem.ts';
import type { Connection } from '../litellm/http/request.ts';
import { keyInfo } from '../litellm/keys.ts';
import { listModels } from '../litellm/models.ts';
import { statusOf } from '../model/status.ts';
import type { Context } from './open.ts';
import { findAddress } from './server-address.ts';
import { connectionTo, transportFor } from './server-connection.ts';

/** `lacking`: the version of the server, where it lacks the route that was asked about. */
export type KeyCheck = { readonly models: readonly string[]; readonly lacking: string | null };

export type KeyQuestion = {
  readonly secret: Secret;
  readonly url: string;
  /** They have to be among those of the key. */
  readonly models: readonly string[];
  readonly route: { readonly path: string; readonly since: string } | undefined;
};

/** Throws why it does not work: `auth` for the key, `refused` for a model, and what requests throw. */
export async function checkKey(context: Context, { secret, url, models, route }: KeyQuestion): Promise<KeyCheck> {
  const there = { ...context, options: { ...context.options, url } };
  const address = await findAddress(there, null);
  const transport = await transportFor(there, address);
  try {
    const anonymous = connectionTo(there, address, transport, context.world.stop);
    const connection = { ...anonymous, secret, refused: (problem: ServerProblem) => keyRefused(problem, url) };
    const listed = await listModels(connection);
    if (await isSpent(connection)) throw inWords(SPENT, url, '', {});
    const missing = models.find((model) => !listed.some((name) => globPattern(name).test(model)));
    if (missing !== undefined) throw notListed(missing, listed);
    const version = route === undefined ? null : (await readHealth(connection).catch(() => null))?.version;
    const isLacking = route !== undefined && version != null && isOlder(version, route.since);
    return { models: listed, lacking: isLacking ? version : null };
  } finally {
    await transport.close();
  }
}

/** On 1.110.2 a key whose budget is spent goes on to list its models; what it may read of itself says it. */
async function isSpent(connection: Connection): Promise<boolean> {
  const live = await keyInfo(connection, connection.secret?.hash() ?? '').catch((error: unknown) => {
    if (error instanceof VkeysError && error.kind !== 'interrupted') return null;
    throw error;
  });
  return live !== null && statusOf(live, connection.clock.server()) === 'over_budget';
}

function keyRefused(problem: ServerProblem, url: string): VkeysError {
  const { isLiteLLM, type, message, status, code } = problem;
  if (!isLiteLLM) return explainRefusal(problem, { kind: 'master-key', source: 'The key' }, url);
  const words = REFUSALS.find(([text]) => text.test(`${type ?? ''} ${message}`))?.[1];
  return inWords(words ?? (code === 'forbidden' ? FORBIDDEN : UNKNOWN), url, `: ${message}`, { status, code, type });
}

type Words = readonly [message: string, hint: string];

const SPENT: Words = [
  'The budget is spent',
  'Raise it: vkeys update KEY --max-budget N; or wait until it begins anew.',
];
const FORBIDDEN: Words = [
  'The key may not list its models',
  'It may work all the same; see its allowed_routes: vkeys get KEY',
];
const UNKNOWN: Words = [
  'The key is not known',
  'It may have been deleted, or be of another server: vkeys get KEY asks as administrator; --url URL names another.',
];
const REFUSALS: readonly (readonly [RegExp, Words])[] = [
  [/expired/i, ['The key is over', 'Give it more time: vkeys update KEY --duration 7d']],
  [/budget/i, SPENT],
  [/blocked/i, ['The key is blocked', 'If it may be used again: vkeys update KEY --field blocked=false']],
];

function inWords([what, hint]: Words, url: string, why: string, facts: Readonly<Record<string, unknown>>): VkeysError {
  return new VkeysError('auth', `${what} at ${url}${why === '' ? '.' : why}`, hint, { facts });
}

/** Nobody reads more of a list. */
const MOST = 10;

function notListed(model: string, listed: readonly string[]): VkeysError {
  const some = listed.slice(0, MOST).map(oneLine).join(', ');
  return new VkeysError(
    'refused',
    `The key may not use ${oneLine(model)}.`,
    listed.length === 0
      ? 'It may use no model at all; give it some: vkeys update KEY --models NAME'
      : `It may use ${some}${listed.length > MOST ? ' …' : ''}: name one with --model`,
  );
}
