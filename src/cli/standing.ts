/** A key that is there already when one is to be made. */
import { VkeysError } from '../base/errors.ts';
import { oneLine } from '../encode/terminal.ts';
import { outcomeOf, type Report } from '../model/outcome.ts';
import { isDeletion, type Change } from '../model/change.ts';
import type { Live } from '../model/resource.ts';
import { statusOf } from '../model/status.ts';
import type { PlannedSet, RunPlan } from '../run/plan.ts';
import { fieldsText, groupsOf } from '../view/groups.ts';
import type { Console } from './console.ts';
import { lookOf } from './look.ts';
import type { Globals } from './options.ts';
import { say } from './say.ts';

/** The key, as it is to be printed. `change`: what would make it what was asked for; `null` where it is not for us to change. */
export type Standing = { readonly planned: PlannedSet; readonly live: Live; readonly change: Change | null };

type Choices = {
  readonly ifAbsent?: true | undefined;
  readonly update?: true | undefined;
  readonly replaceExpired?: true | undefined;
};

/**
 * The key that is there, if it is to be printed as it is; `null`: one is made, finished or changed. Throws `refused` where
 * that was not asked for, or nobody could use the key, and `delivery` where its secret is not known here.
 */
export function standingIn({ sets: [planned] }: RunPlan, alias: string, choices: Choices): Standing | null {
  const survey = planned?.server.surveys.get('key');
  if (planned === undefined || survey === undefined) return null;
  /* The set's own comes first, whatever it is called on the server now. */
  const own = planned.plan.changes.find((each) => each.live !== null && !isDeletion(each));
  const live = own?.live ?? survey.lives.find(({ name }) => name === alias);
  if (live === undefined) return null;
  const entry = planned.state.entries.get(live.id);
  /* A pending one was made by a run that was cut before it could print it: this run finishes that. */
  if (entry?.pending === true) return null;
  const change = own ?? null;
  if (change?.action === 'replace' && choices.replaceExpired === true) return null;
  if (choices.ifAbsent !== true && choices.update !== true) throw existing(alias, live);
  assertUsable(alias, live, survey.now);
  if (entry === undefined) throw unknownSecret(alias);
  if (change?.action === 'update' && choices.update === true) return null;
  return { planned, live, change };
}

/** Throws `refused`. */
function assertUsable(alias: string, live: Live, now: Date): void {
  const status = statusOf(live, now);
  if (status === 'active' || status === 'retiring') return;
  const [why, ways] = {
    expired: [
      `expired ${live.expires ?? ''}`,
      `Make it anew, with a new secret: --replace-expired\nOr let it live on: vkeys update ${alias} --duration 8h`,
    ],
    blocked: ['is blocked', `If it may be used again: vkeys update ${alias} --field blocked=false`],
    over_budget: ['has spent its budget', `Give it more: vkeys update ${alias} --max-budget N`],
  }[status];
  throw new VkeysError(
    'refused',
    `The key ${oneLine(alias)} is there already and ${why}: the server refuses it. Nothing was changed.`,
    `${ways}\nOr take another alias`,
    { facts: { key_alias: alias, key_id: live.id, status } },
  );
}

function existing(alias: string, { mark, id, name }: Live): VkeysError {
  const whose = mark === null ? 'It was not made by vkeys.' : `It belongs to the set ${mark.set}.`;
  const called = name ?? id;
  const now = called === alias ? '' : ` Somebody called it ${oneLine(called)} since.`;
  return new VkeysError(
    'refused',
    `There is a key with the alias ${alias} already. ${whose}${now}`,
    `See it: vkeys get ${called}\nChange it: vkeys update ${called} …\nReplace it: vkeys delete ${called}, then create it again\nIn a script: --if-absent, with --update, --replace-expired`,
    { facts: { key_alias: alias, key_id: id } },
  );
}

/** Another run made it at the same time. */
export function lost(alias: string): VkeysError {
  return new VkeysError(
    'refused',
    `Another run made a key with the alias ${oneLine(alias)} at the same time. Its key stays, and there is no other.`,
    'Take another alias, e.g. one with the number of the job.',
    { facts: { key_alias: alias } },
  );
}

function unknownSecret(alias: string): VkeysError {
  return new VkeysError(
    'delivery',
    `The key ${oneLine(alias)} is there already, and its secret is not in the keyring of this machine.`,
    `Run it where the key was made, or name the keyring that has it: --keyring PATH\nOr delete it (vkeys delete ${alias}), then create it again`,
  );
}

/** Says that it is there, and what of it is not as it was asked for. */
export function sayStanding(console: Console, options: Globals, alias: string, { change }: Standing): void {
  say(console, options, `${oneLine(alias)} is there already; nothing was changed.`);
  if (change?.action !== 'update') return;
  const look = lookOf(console, console.stderr, options);
  const differs = groupsOf([change], look).map((group) => fieldsText(group));
  say(console, options, `It is not what was asked for; --update makes it that:\n${differs.join('').trimEnd()}`);
}

/** As if the run had looked at it and found nothing to do. */
export function standingReport({ planned, live }: Standing, report: Report): Report {
  const { spec, session, state } = planned;
  const [desired] = spec.desired;
  if (desired === undefined) throw new Error('a spec of one key has a key');
  const noop = { action: 'noop', ref: desired.ref, fields: [], takes: [], reason: null, desired, live } as const;
  const outcome = outcomeOf(noop, 'applied', { secret: state.entries.get(live.id)?.secret ?? null });
  const nothing = { missing: [], notices: [], written: [], withdrawn: [] };
  return { ...report, sets: [{ set: spec.set, state: 'present', url: session.url, outcomes: [outcome], ...nothing }] };
}
