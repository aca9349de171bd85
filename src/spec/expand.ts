/** One entry of a spec → the things that it asks for: itself, or one for each user of its roster. */
import type { Desired } from '../model/resource.ts';
import { fill, filledLength, placeholdersOf } from '../base/template.ts';
import { nameTemplate } from './alias.ts';
import { desiredOf, domainOf, type DesiredAt, type Shared, type Texts } from './desired.ts';
import { fieldPlaces } from './field-place.ts';
import { formerProblem, formerTemplates } from './former.ts';
import { guess } from './guess.ts';
import { checkLayer, merge, templatesIn, type Merged, type LayerAt } from './layers.ts';
import { excessOf, FILLING, type Allowance } from './allowance.ts';
import { checkTemplates, valueProblem } from './placeholders.ts';
import { rosterOf, type Roster, type User } from './roster.ts';
import { sharedNotices } from './twins.ts';
import { nameIn, type Entry, type Form } from './forms.ts';
import { diagnose, quoted, type Problem, type OnDiagnostic } from './read/text.ts';
import type { Path, Source } from './read/tree.ts';

/** What the things of one document have in common. */
export type Common = {
  readonly source: Source;
  /** Where relative paths start. */
  readonly folder: string;
  readonly set: string;
  readonly state: Desired['state'];
  readonly on_expired: Desired['on_expired'];
  readonly on_lost: Desired['on_lost'];
  /** Of moments without one of their own. */
  readonly zone: string | null;
  readonly allowance: Allowance;
  readonly report: OnDiagnostic;
};

const NOBODY: Roster = { users: [], fields: new Set() };

type Fail = (path: Path, problem: Problem, part?: 'name') => void;

/** An entry, where it stands, and the layers that are farther than its own: defaults, a policy. */
export type EntryAt = {
  readonly form: Form;
  readonly entry: Entry;
  readonly path: Path;
  readonly under: readonly LayerAt[];
};

/** Nothing where something is wrong; that is reported. */
export async function expand({ form, entry, path, under }: EntryAt, common: Common): Promise<readonly DesiredAt[]> {
  const { source, allowance, zone } = common;
  const { naming } = form;
  const { fields } = form.facts;
  let isSound = true;
  const report: OnDiagnostic = (diagnostic) => {
    isSound = false;
    common.report(diagnostic);
  };
  const fail: Fail = (where, problem, part) => {
    report(diagnose(source.text, source.at(where, part), problem));
  };
  const own: LayerAt = { layer: entry, path, fields };
  const overrides = new Map(
    Object.entries(entry.overrides ?? {}).map(([user, layer]): [string, LayerAt] => [
      user.normalize('NFC'),
      { layer, path: [...path, 'overrides', user], fields },
    ]),
  );
  for (const placed of [own, ...overrides.values()]) checkLayer(placed, source, zone, report);

  const { roster } = entry;
  const found =
    roster === undefined
      ? NOBODY
      : await rosterOf(roster, [...path, 'roster'], { ...common, form, report, template: nameIn(entry, form) });
  if (found === null) return [];
  const { users } = found;
  allowance.keys -= roster === undefined ? 1 : users.length;
  const isAllowed = (characters: number): boolean => {
    allowance.characters -= characters;
    const excess = excessOf(allowance);
    if (excess !== null) fail(path, excess);
    return excess === null;
  };
  if (!isAllowed(0)) return [];
  checkOverrides(overrides, users, fail);

  const merged = merge([...under, own], zone);
  const name = { template: nameTemplate(nameIn(entry, form), roster), path: [...path, naming] };
  const former = formerTemplates(entry, path);
  const templates = [
    ...former,
    ...merged.templates,
    ...[...overrides.values()].flatMap((placed) => templatesIn([placed])),
  ];
  if (roster === undefined || users.length > 0) checkTemplates(form, name, templates, found, source, report);
  if (!isSound) return [];

  const shared: Shared = {
    ...common,
    form,
    entry,
    domain: domainOf(roster),
    origin: source.at(path),
    secrets: source.secrets,
  };
  const desired: DesiredAt[] = [];
  for (const user of roster === undefined ? [null] : users) {
    const nearer = user === null ? [] : [user.own, ...[overrides.get(user.user)].filter((each) => each !== undefined)];
    const isPlain = nearer.every(({ layer }) => Object.keys(layer).length === 0);
    const one = isPlain ? merged : merge([...under, own, ...nearer], zone);
    const columns = { ...user?.columns, set: common.set };
    if (!isAllowed(filledLength(name.template, columns))) return [];
    const named = fill(name.template, columns).normalize('NFC');
    const problem = form.problem(named);
    if (problem !== null) {
      fail(name.path, problem);
      return [];
    }
    const known = { ...columns, [naming]: named };
    const formerSize = former.reduce((sum, { template }) => sum + filledLength(template, known), 0);
    if (!isAllowed(sizeOf(one, shared, known) + formerSize)) return [];
    const formers = former.map(({ template, path: at }) => ({ was: fill(template, known), at }));
    for (const { was, at } of formers) {
      const wrong = formerProblem(was, named, form) ?? form.problem(was);
      if (wrong !== null) fail(at, wrong);
    }
    if (!isSound) return [];
    const fieldAt = fieldPlaces([...under, own, ...nearer], user, source, path, form);
    const formerly = [...new Set(formers.map(({ was }) => was))];
    const thing = desiredOf(one, shared, user, { known, named }, formerly, fieldAt);
    const wrong = valueProblem(thing);
    if (wrong === null) desired.push(thing);
    else if (user === null) fail(path, wrong);
    else report(diagnose(user.text, user.at(), wrong));
  }
  if (!isSound) return [];
  const shown = merged.settings['user_id'];
  if (!form.facts.hasSecret) return desired;
  if (typeof shown !== 'string' || placeholdersOf(shown).length > 0) {
    const ids = new Map(desired.map(({ user, settings }) => [user, settings['user_id'] ?? null]));
    const idOf = ({ user }: User): string | null => {
      const id = ids.get(user);
      return typeof id === 'string' ? id : null;
    };
    for (const same of sharedNotices(users, idOf)) source.note(same);
  }
  return desired;
}

/** About how many characters a thing takes. */
function sizeOf({ metadata, settings, extra, templates }: Merged, { domain }: Shared, known: Texts): number {
  const { user_id } = settings;
  const plain = JSON.stringify([metadata, domain, ...(templates.length === 0 ? [user_id] : [settings, extra])]).length;
  return templates.reduce(
    (sum, { template }) => sum + filledLength(template, known) - template.length + FILLING,
    plain,
  );
}

function checkOverrides(overrides: ReadonlyMap<string, LayerAt>, users: readonly User[], fail: Fail): void {
  const names = new Set(users.map(({ user }) => user));
  for (const [user, { path }] of overrides) {
    if (names.has(user)) continue;
    const message = `There is no user ${quoted(user)} in the roster.${guess(user, [...names])}`;
    fail(path, { rule: 'override', message, hint: 'Overrides are for single users of the roster.' }, 'name');
  }
}
