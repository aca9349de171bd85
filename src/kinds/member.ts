/**
 * The facts of a member: a user in a team, with a role and limits of its own there. It has no metadata, so that only the
 * keyring knows whose it is. An update has all of its limits: up to 1.83 the server forgets those that it is not sent.
 */
import { clearing, isCleared, settingsEntries, type FieldTable, type Settings } from '../model/fields.ts';
import type { KindFacts } from '../model/kind.ts';
import { plainBody } from './body.ts';
import { column } from './field.ts';

/** What a member may have of its own. */
export const LIMITS: FieldTable = {
  max_budget_in_team: column('number', 'US dollars that the member may spend in the team', {
    changeableSince: '1.77.0',
  }),
  tpm_limit: column('integer', 'tokens a minute; enforced from 1.108.0 on', {
    since: '1.77.0',
    enforcedSince: '1.108.0',
  }),
  rpm_limit: column('integer', 'requests a minute; enforced from 1.108.0 on', {
    since: '1.77.0',
    enforcedSince: '1.108.0',
  }),
  budget_duration: column('duration', 'how often the spend starts again at 0, e.g. 30d', { since: '1.108.0' }),
  allowed_models: column('strings', 'models of the team that the member may use; [] is all of them', {
    since: '1.83.0',
  }),
};

const TABLE: FieldTable = {
  team_id: column('string', 'the team', { createOnly: true }),
  user_id: column('string', 'the user', { createOnly: true }),
  role: column('string', 'user or admin', { cleared: 'user' }),
  ...LIMITS,
};

export const MEMBER: KindFacts = {
  kind: 'member',
  level: 2,
  naming: 'member',
  identity: null,
  partOf: 'team',
  fields: TABLE,
  hasSecret: false,
  marks: 'journal',
  cascades: [
    {
      kind: 'key',
      since: '1.83.0',
      isIn: (key, { settings }) =>
        key.settings['team_id'] === settings['team_id'] && key.settings['user_id'] === settings['user_id'],
    },
  ],
  frees: [],
  /* Its name is ours alone. */
  make: (desired) => {
    const { member: _, ...body } = plainBody(MEMBER, desired);
    return body;
  },
  patch: (changes, { settings }) => {
    const wanted = Object.fromEntries(changes.map(({ field, to }) => [field, to]));
    const sent = settingsEntries(TABLE, wanted).map(([name, to, field]) => [
      name,
      isCleared(field, to) ? clearing(field, settings[name]) : to,
    ]);
    return { ...limitsIn(settings), ...Object.fromEntries(sent) };
  },
};

/** Without the duration: the versions that have it keep it, and one that is sent again starts again. */
function limitsIn(settings: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => Object.hasOwn(LIMITS, name) && name !== 'budget_duration'),
  );
}

/** The id of a member: LiteLLM has none. Both ids can be read from it again. */
export function memberId(team_id: string, user_id: string): string {
  return `${team_id.replaceAll('%', '%25').replaceAll('/', '%2F')}/${user_id}`;
}

/** Whose id it is. */
export function memberOf(id: string): { readonly team_id: string; readonly user_id: string } {
  const end = id.indexOf('/');
  const team_id = id.slice(0, Math.max(0, end)).replaceAll('%2F', '/').replaceAll('%25', '%');
  return { team_id, user_id: id.slice(end + 1) };
}
