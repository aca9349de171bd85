/**
 * Creating something so that a lost answer loses nothing. Its id is of our choosing, so after an unclear end it is looked up
 * – there: created; not there: the *same* body is sent again, at worst twice, and the second one changes nothing.
 */
import { VkeysError } from '../base/errors.ts';
import type { Landed, Undone } from '../model/landed.ts';
import type { Connection } from './http/request.ts';
import { isUnclear, RequestError } from './http/request-error.ts';
import { startPatience } from './http/retry.ts';

/** So many answers that cannot be read, and the creation is given up. */
const UNREAD = 3;

/** One creation. */
export type Creating = {
  /** Asks for it, once. */
  readonly send: () => Promise<unknown>;
  /** What is there under its id: ours, nothing, or why it cannot be ours. */
  readonly find: () => Promise<'ours' | 'absent' | VkeysError>;
  /** Whether a refusal may mean that it is there: made by an earlier attempt, or a run that was killed with its request under way. */
  readonly mayBeThere: (error: VkeysError) => boolean;
  /** What to say where nobody knows yet what became of it. */
  readonly unsettled: { readonly message: string; readonly hint: string };
};

/** Creates something once, whatever is cut. */
export async function createOnce(
  connection: Connection,
  { send, find, mayBeThere, unsettled }: Creating,
): Promise<Landed> {
  const done = { is: 'done', value: undefined } as const;
  const patience = startPatience(connection);
  let underWay = false;
  let unread = 0;
  for (;;) {
    try {
      await send();
      return done;
    } catch (error) {
      if (!(error instanceof VkeysError)) throw error;
      if (isUnclear(error) || mayBeThere(error)) {
        const found = await lookUp(find);
        if (found === 'ours') return done;
        if (found === 'unknown') return unsettledBy(error, unsettled);
        if (found !== 'absent') return { is: 'refused', error: found };
      }
      /* A 500 is LiteLLM's own last word; after anything else the work may be done later, whatever the next attempt says. */
      underWay ||= isUnclear(error) && !(error instanceof RequestError && error.status === 500);
      const isUnsent = error instanceof RequestError && error.reach === 'unsent';
      const end: Undone = underWay ? unsettledBy(error, unsettled) : { is: isUnsent ? 'unsent' : 'refused', error };
      /* An answer that cannot be read is one all the same, so patience would have no end. */
      if (error.kind === 'protocol') unread += 1;
      const isLost = error instanceof RequestError && error.reach === 'unknown';
      if (!(error.transient || isLost) || unread === UNREAD) return end;
      if (!(await patience(error))) return end;
    }
  }
}

async function lookUp(find: Creating['find']): Promise<Awaited<ReturnType<Creating['find']>> | 'unknown'> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof VkeysError) return 'unknown';
    throw error;
  }
}

function unsettledBy(error: VkeysError, { message, hint }: Creating['unsettled']): Undone {
  const { kind, transient, facts } = error;
  return {
    is: 'unsettled',
    error: new VkeysError(kind, `${error.message} ${message}`, hint, { cause: error, transient, facts }),
  };
}
