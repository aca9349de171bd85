import { VkeysError } from '../../base/errors.ts';
import type { Problem } from './problem.ts';

/** A refusal in words, with a next step; what is about the credential depends on where that came from (`auth/explain.ts`). */
export function explainProblem(problem: Problem, url: string): VkeysError {
  const said = `LiteLLM answered ${String(problem.status)}: ${problem.message}`;
  switch (problem.code) {
    case 'no_database':
      return new VkeysError(
        'api',
        `${url} has no connection to its database, so it cannot manage keys. ${said}`,
        "Look at the database, and at the server's DATABASE_URL; `vkeys doctor` tells when it is back.",
      );
    case 'database_away':
      return new VkeysError(
        'api',
        `${url} does not reach its database, or has too few connections to it. ${said}`,
        'Run the same command again in a moment: it goes on where it stopped. `vkeys doctor` tells when the database is back.',
      );
    case 'licence':
      return new VkeysError('api', said, 'Leave this field out: the open-source server does not offer it.');
    case 'alias_taken':
      return new VkeysError('api', said, 'See who has it: `vkeys get ALIAS`.');
    case 'not_found':
      return new VkeysError('api', said, 'Is this the address of a LiteLLM proxy? `vkeys doctor` tells more.');
    case 'invalid':
      return new VkeysError('api', said, 'Change the value that it names, and run the same command again.');
    case 'busy':
      return new VkeysError('api', said, 'Run the same command again in a moment: it goes on where it stopped.');
    case 'credential':
    case 'forbidden':
    case 'custom_keys_disabled':
    case 'key_not_found':
    case 'no_keys_found':
    case 'other':
      return new VkeysError('api', said, "Look at the server's log, then run the same command again.");
  }
}
