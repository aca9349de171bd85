/** One key of a spec → the keys that it asks for: itself, or one for each user of its roster. */
import type { Desired } from '../model/resource.ts';
import { fill, filledLength, placeholdersOf } from '../base/template.ts';
import { aliasProblem, aliasTemplate } from './alias.ts';
import { desiredOf, domainOf, type DesiredAt, type Shared, type Texts } from './desired.ts';
import { fieldPlaces } from './field-place.ts';
import { formerProblem, formerTemplates } from './former.ts';
import { guess } from './guess.ts';
import { checkLayer, merge, templatesIn, type Merged, type LayerAt } from './layers.ts';
import { excessOf, type Allowance } from './allowance.ts';
import { checkTemplates, valueProblem } from './placeholders.ts';
import { rosterOf, type Roster, type User } from './roster.ts';
import { sharedNotices } from './twins.ts';
import type { KeyEntry } from './schema.ts';
import { diagnose, quoted, type Problem, type OnDiagnostic } from './read/text.ts';
import type { Path, Source } from './read/tree.ts';

/** What the keys of one document have in common. */
export type Common = {
  readonly source: Source;
  /** Where relative paths start. */
  readonly folder: string;
  readonly set: string;
  readonly state: Desired['state'];
  readonly on_expired: Desired['on_expired'];
  /** Of moments without one of their own. */
  readonly zone: string | null;
  readonly defaults: LayerAt;
  readonly allowance: Allowance;
  readonly report: OnDiagnostic;
};

const NOBODY: Roster = { users: [], fields: new Set() };

type Fail = (path: Path, problem: Problem, part?: 'name') => void;

/** No keys where something is wrong; that is reported. */
export async function expand(entry: KeyEntry, path: Path, common: Common): Promise<readonly DesiredAt[]> {
  const { source, defaults, allowance, zone } = common;
  let isSound = true;
  const report: OnDiagnostic = (diagnostic) => {
    isSound = false;
    common.report(diagnostic);
  };
  const fail: Fail = (where, problem, part) => {
    report(diagnose(source.text, source.at(where, part), problem));
  };
  const own: LayerAt = { layer: entry, path };
  const overrides = new Map(
    Object.entries(entry.overrides ?? {}).map(([user, layer]): [string, LayerAt] => [
      user.normalize('NFC'),
      { layer, path: [...path, 'overrides', user] },
    ]),
  );
  for (const placed of [own, ...overrides.values()]) checkLayer(placed, source, zone, report);

  const { roster } = entry;
  const found = roster === undefined ? NOBODY : await rosterOf(roster, [...path, 'roster'], { ...common, report });
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

  const merged = merge([defaults, own], zone);
  const alias = { template: aliasTemplate(entry.key_alias, roster), path: [...path, 'key_alias'] };
  const former = formerTemplates(entry, path);
  const templates = [
    ...former,
    ...merged.templates,
    ...[...overrides.values()].flatMap((placed) => templatesIn([placed])),
  ];
  if (roster === undefined || users.length > 0) checkTemplates(alias, templates, found, source, report);
  if (!isSound) return [];

  const shared: Shared = { ...common, domain: domainOf(roster), origin: source.at(path), secrets: source.secrets };
  const desired: DesiredAt[] = [];
  for (const user of roster === undefined ? [null] : users) {
    const nearer = user === null ? [] : [user.own, ...[overrides.get(user.user)].filter((each) => each !== undefined)];
    const isPlain = nearer.every(({ layer }) => Object.keys(layer).length === 0);
    const one = isPlain ? merged : merge([defaults, own, ...nearer], zone);
    const columns = { ...user?.columns, set: common.set };
    if (!isAllowed(filledLength(alias.template, columns))) return [];
    const key_alias = fill(alias.template, columns).normalize('NFC');
    const problem = aliasProblem(key_alias);
    if (problem !== null) {
      fail(alias.path, problem);
      return [];
    }
    const known = { ...columns, key_alias };
    const formerSize = former.reduce((sum, { template }) => sum + filledLength(template, known), 0);
    if (!isAllowed(sizeOf(one, shared, known) + formerSize)) return [];
    const names = former.map(({ template, path: at }) => ({ name: fill(template, known), at }));
    for (const { name, at } of names) {
      const wrong = formerProblem(name, key_alias) ?? aliasProblem(name);
      if (wrong !== null) fail(at, wrong);
    }
    if (!isSound) return [];
    const fieldAt = fieldPlaces([defaults, own, ...nearer], user, source, path);
    const key = desiredOf(one, shared, user, known, [...new Set(names.map(({ name }) => name))], fieldAt);
    const wrong = valueProblem(key);
    if (wrong === null) desired.push(key);
    else if (user === null) fail(path, wrong);
    else report(diagnose(user.text, user.at(), wrong));
  }
  if (!isSound) return [];
  const shown = merged.settings['user_id'];
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

/** What filling a template takes besides its text, in characters. */
const FILLING = 50;

/** About how many characters a key takes. */
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
