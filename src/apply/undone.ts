/** What is said of creations that came to something else than a key of ours. */
import { VkeysError } from '../base/errors.ts';
import type { Creation } from '../model/change.ts';
import type { Notice } from '../model/plan.ts';

export function raceNotice({ ref }: Creation, id: string): Notice {
  return {
    code: 'race',
    ref,
    message: `Another run made this ${ref.kind} at the same time. The older one stays; ours (${id}) was taken away again.`,
    hint: 'Its secret is with the run that made it: see the keyring and the deliveries there.',
  };
}

export function withoutName({ ref }: Creation): VkeysError {
  return new VkeysError(
    'protocol',
    `The server had the new ${ref.kind} ${ref.name} without its name or its metadata, which vkeys knows it by, so it was taken away again.`,
    'Look at what stands before the server and changes requests; then run the same command again.',
  );
}

/** The server said that it has it, and then could not be asked. */
export function unread({ ref }: Creation, error: VkeysError): VkeysError {
  const { kind, message, transient, facts } = error;
  return new VkeysError(
    kind,
    `${ref.name} was created, but could not be read back. ${message}`,
    ref.kind === 'key'
      ? 'Run the same command again: its secret is kept, and the next run hands it out.'
      : 'Run the same command again: it looks, and settles it.',
    { cause: error, transient, facts },
  );
}

export function notThere({ ref }: Creation): VkeysError {
  return new VkeysError(
    'protocol',
    `The server said that it created ${ref.name}, and then did not have it: its reads lag, or it lost it.`,
    'Run the same command again in a moment: its secret is kept, and is sent again.',
  );
}

/** Somebody else has something under the id that it was to have. */
export function notOurs({ ref }: Creation, id: string): VkeysError {
  return new VkeysError(
    'api',
    `The server has a ${ref.kind} ${id} already, and it is not the one that was to be made.`,
    'Run the same command again: the plan tells whose it is.',
  );
}
