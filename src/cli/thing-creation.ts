/** `team create`, `user create` and `budget create`: one implementation, whatever the kind. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { VkeysError } from '../base/errors.ts';
import { firstOf } from '../base/first-of.ts';
import type { JsonObject } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import { KINDS } from '../kinds/kinds.ts';
import type { ListedKind } from '../litellm/list-things.ts';
import { isDeletion, type Change } from '../model/change.ts';
import { factsOf } from '../model/kind.ts';
import { outcomeOf } from '../model/outcome.ts';
import { refText, type Ref } from '../model/ref.ts';
import type { Desired, Live } from '../model/resource.ts';
import { applySpecs, type Ran } from '../run/apply.ts';
import type { PlannedSet, RunPlan } from '../run/plan.ts';
import { ADHOC, specOf } from '../run/single.ts';
import { fieldsText, groupsOf } from '../view/groups.ts';
import type { Console } from './console.ts';
import { exitCodeOf } from './exit.ts';
import { assertLawful } from './lawful.ts';
import { contextOf } from './listen.ts';
import { lookOf } from './look.ts';
import type { Globals } from './options.ts';
import { formatAmong } from './output.ts';
import { printRun } from './report.ts';
import { say } from './say.ts';
import { specOptions } from './spec-options.ts';
import { thingFieldFlags, thingFieldsIn } from './thing-fields.ts';

/** The flags of a kind's creation. */
export function createThingFlags<A extends unknown[], O extends OptionValues>(
  command: Command<A, O>,
  kind: ListedKind,
) {
  const { fields, marks } = factsOf(KINDS, kind);
  /* Whoever administers a team is one of its members. */
  const { admins: _, ...own } = fields;
  return thingFieldFlags(command, { fields: own, marks })
    .option('--set <name>', 'the set that owns it', ADHOC)
    .option('--if-absent', `succeed when the ${kind} is there already`)
    .option('--update', `give a ${kind} that is there already the fields that differ`);
}

type Options = Globals & {
  readonly set: string;
  readonly ifAbsent?: true | undefined;
  readonly update?: true | undefined;
};

/** Makes one thing. `more`: what no flag of a field says. */
export async function createThing(
  console: Console,
  kind: ListedKind,
  name: string,
  options: Options,
  more: JsonObject = {},
): Promise<number> {
  const format = formatAmong(console, options, ['table', 'json', 'yaml']);
  const ref: Ref = { kind, name };
  const wish = { ...thingFieldsIn(factsOf(KINDS, kind).fields, options), ...more };
  const spec = await specOf(ref, wish, options.set, console);
  for (const desired of spec.desired) await assertLawful(console, options, desired);
  const parts = new Set(spec.desired.map((desired) => refText(desired.ref)));
  const only = (other: Ref): boolean => parts.has(refText(other));
  const context = contextOf(console, { ...options, ...specOptions({}), only });
  let standing: Standing | null = null;
  const ran = await applySpecs(context, [spec], {
    look: (plan) => {
      standing = standingIn(plan, ref, options);
      return standing === null;
    },
  });
  const shown = standing === null ? ran : withStanding(standing, ran, spec.desired);
  if (standing !== null) sayStanding(console, options, ref, standing);
  await printRun(console, options, shown, { format, ansible: [], notices: [] });
  return exitCodeOf(console, shown);
}

/** A thing that is there, and stays as it is. */
type Standing = { readonly planned: PlannedSet; readonly live: Live };

/** `null`: it is made, or changed. Throws `refused` where it is there and that was not asked for. */
function standingIn({ sets: [planned] }: RunPlan, ref: Ref, { ifAbsent, update }: Options): Standing | null {
  const own = planned?.plan.changes.find((change) => refText(change.ref) === refText(ref) && !isDeletion(change));
  const lives = planned?.server.surveys.get(ref.kind)?.lives ?? [];
  const live = own === undefined ? lives.find(({ id, name }) => id === ref.name || name === ref.name) : own.live;
  if (planned === undefined || live == null) return null;
  if (own !== undefined && update === true) return null;
  if (ifAbsent !== true) throw existing(ref, live, own);
  return { planned, live };
}

function existing({ kind, name }: Ref, { id, mark }: Live, own: Change | undefined): VkeysError {
  const whose =
    mark === null && own === undefined ? 'It was not made by vkeys.' : `It belongs to the set ${mark?.set ?? ADHOC}.`;
  return new VkeysError(
    'refused',
    `There is a ${kind} ${oneLine(name)} already. ${whose}`,
    `See it: vkeys ${kind} get ${name}\nChange it: vkeys ${kind} update ${name} …\nIn a script: --if-absent, with --update`,
    { facts: { [`${kind}_id`]: id } },
  );
}

/** Says that it is there, and what of it, and of who is to be in it, is not as it was asked for. */
function sayStanding(console: Console, options: Options, { kind, name }: Ref, { planned }: Standing): void {
  say(console, options, `The ${kind} ${oneLine(name)} is there already; nothing was changed.`);
  const differs = planned.plan.changes.filter(({ action }) => action !== 'noop');
  if (differs.length === 0) return;
  const names = firstOf(
    differs.map(({ ref }) => refText(ref)),
    SOME,
  );
  const fields = groupsOf(differs, lookOf(console, console.stderr, options)).map((group) => fieldsText(group));
  say(
    console,
    options,
    `Not as it was asked for: ${names}; --update makes it that.\n${fields.join('').trimEnd()}`.trimEnd(),
  );
}

/** So many names are enough to see what it is about. */
const SOME = 5;

/** As if the run had looked at it and found nothing to do. */
function withStanding({ planned, live }: Standing, ran: Ran, [desired]: readonly Desired[]): Ran {
  if (desired === undefined) throw new Error('a spec of one thing has one');
  const noop: Change = { action: 'noop', ref: desired.ref, fields: [], takes: [], reason: null, desired, live };
  const { spec, session } = planned;
  const nothing = { missing: [], notices: [], written: [], withdrawn: [] };
  const outcomes = [outcomeOf(noop, 'applied')];
  const set = { set: spec.set, state: 'present', url: session.url, outcomes, ...nothing } as const;
  return { ...ran, report: { ...ran.report, sets: [set] } };
}
