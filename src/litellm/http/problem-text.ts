import { VkeysError } from '../../base/errors.ts';
import { FIELD_NAMES, type FieldName } from '../../kinds/key.ts';
import type { ServerProblem } from './problem.ts';

/** A refusal in words, with a next step; what is about the credential depends on where that came from (`auth/refusal.ts`). */
export function explainProblem(problem: ServerProblem, url: string, path: string): VkeysError {
  const speaker = problem.isLiteLLM ? 'LiteLLM' : 'The server';
  const said = `${speaker} answered ${String(problem.status)}: ${problem.message}`;
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
      return new VkeysError(
        'api',
        problem.isLiteLLM ? said : `${url} has no ${path}, as a LiteLLM proxy has. ${said}`,
        'Is this the address of a LiteLLM proxy? `vkeys doctor` tells more.',
      );
    case 'invalid':
      return new VkeysError(
        'api',
        said,
        `${lookAt(problem.message) ?? 'Change the value that it names'}, and run the same command again.`,
      );
    case 'denied':
      return new VkeysError('api', said, deniedHint(problem));
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

function deniedHint({ isLiteLLM, message }: ServerProblem): string {
  if (!isLiteLLM)
    return 'Look at the gateway or firewall that stands before LiteLLM: one of its rules is against this request.';
  const look = lookAt(message);
  return look === null
    ? 'A rule of this server is against it: do as the sentence asks, or talk to whoever runs the server.'
    : `${look}: a rule of this server is against it, or what it names is gone.`;
}

/** What LiteLLM's sentences call the parts of a field. */
const PARTS: readonly (readonly [RegExp, FieldName])[] = [
  [/\bMCP|toolset|vector store|object permission|\bsearch tool|\bskills?\b/i, 'object_permission'],
  [/\bproject\b/i, 'project_id'],
  [/\borgani[sz]ation\b/i, 'organization_id'],
  [/\bagents?\b/i, 'agent_id'],
  [/access group/i, 'access_group_ids'],
];

/** The fields that a sentence is about, as an advice; `null`: it names none. */
function lookAt(message: string): string | null {
  const named = FIELD_NAMES.filter((name) => new RegExp(`\\b${name}\\b`).test(message));
  const meant = PARTS.filter(([words]) => words.test(message)).map(([, name]) => name);
  const fields = [...new Set([...named, ...meant])];
  return fields.length === 0 ? null : `Look at ${fields.join(', ')}`;
}
