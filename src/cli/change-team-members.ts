/** `team members TEAM add|set|remove`. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { oneLine } from '../encode/terminal.ts';
import { MEMBER } from '../kinds/member.ts';
import { changeMembers, MEMBER_VERBS, type MemberVerb } from '../run/change-members.ts';
import { ADHOC, specOf } from '../run/single.ts';
import { confirmDeletion } from './confirm-deletion.ts';
import type { Console } from './console.ts';
import { exitCodeOf } from './exit.ts';
import { contextOf } from './listen.ts';
import { collect } from './option-values.ts';
import type { Globals } from './options.ts';
import { formatAmong } from './output.ts';
import { printRun } from './report.ts';
import { CASCADE, specOptions } from './spec-options.ts';
import { tableFlags, thingFieldsIn } from './thing-fields.ts';
import { withCleared } from './unset.ts';

const { team_id: _team, user_id: _user, ...FIELDS } = MEMBER.fields;

/** The flags of the verbs. */
export function verbFlags<A extends unknown[], O extends OptionValues>(command: Command<A, O>) {
  return tableFlags(command.optionsGroup('With add and set:'), FIELDS)
    .option('--unset <field>', 'set: clear a field, e.g. max_budget_in_team (repeatable)', collect)
    .optionsGroup('With remove:')
    .option('--ignore-missing', 'succeed when somebody is not in the team')
    .option(...CASCADE)
    .option('-y, --yes', 'do not ask');
}

type Options = Globals & {
  readonly unset?: readonly string[] | undefined;
  readonly ignoreMissing?: true | undefined;
  readonly cascade?: true | undefined;
  readonly yes?: true | undefined;
};

/** Throws `usage` for another word. */
export function memberVerb(word: string): MemberVerb {
  const verb = MEMBER_VERBS.find((each) => each === word);
  if (verb !== undefined) return verb;
  throw new VkeysError(
    'usage',
    `${oneLine(word)} is nothing that can be done with members.${didYouMean(word, MEMBER_VERBS)}`,
    'It is add, set or remove, and users follow: vkeys team members TEAM add USER…',
  );
}

export async function changeTeamMembers(
  console: Console,
  team: string,
  verb: MemberVerb,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const users = await usersIn(console, words);
  const wish = withCleared(thingFieldsIn(FIELDS, options), options.unset ?? [], Object.keys(FIELDS));
  assertMeant(verb, users, Object.keys(wish));
  const member = { user_id: 'user', ...wish };
  const spec = await specOf({ kind: 'team', name: 'team' }, { members: [member] }, ADHOC, console);
  const desired = spec.desired.find(({ ref }) => ref.kind === 'member');
  if (desired === undefined) throw new Error('a team with a member has one');
  const context = contextOf(console, { ...options, ...specOptions(options) });
  const ran = await changeMembers(context, {
    verb,
    team,
    users,
    wish: desired,
    ignoreMissing: options.ignoreMissing === true,
    approve: async (plans) => {
      if (verb === 'remove' && plans.length > 0) await confirmDeletion(console, options, { plans, missing: [] });
    },
  });
  await printRun(console, options, ran, { format, ansible: [], notices: [] });
  return exitCodeOf(console, ran);
}

async function usersIn({ stdin }: Console, words: readonly string[]): Promise<readonly string[]> {
  if (!words.includes('-')) return words;
  const lines = (await stdin.read()).split(/[\r\n]+/).map((line) => line.trim());
  return [...words.filter((word) => word !== '-'), ...lines.filter((line) => line !== '')];
}

/** Throws `usage`. */
function assertMeant(verb: MemberVerb, users: readonly string[], fields: readonly string[]): void {
  const fault =
    users.length === 0
      ? `Nobody is named to ${verb}.`
      : verb === 'set' && fields.length === 0
        ? 'Nothing to set was given.'
        : verb === 'remove' && fields.length > 0
          ? 'Whoever is removed has no fields.'
          : null;
  if (fault === null) return;
  const examples = {
    add: 'add ada@example.com',
    set: 'set ada@example.com --role user',
    remove: 'remove ada@example.com',
  };
  throw new VkeysError('usage', fault, `For example: vkeys team members TEAM ${examples[verb]}`);
}
