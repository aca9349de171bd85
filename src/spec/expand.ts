/** One key of a spec → the keys that it asks for: itself, or one for each user of its roster. */
import type { Desired } from '../model/resource.ts';
import { fill, filledLength, placeholdersOf } from '../base/template.ts';
import { aliasProblem, aliasTemplate } from './alias.ts';
import { desiredOf, domainOf, type DesiredAt, type Shared, type Texts } from './desired.ts';
import { formerProblem, formerTemplates } from './former.ts';
import { guess } from './guess.ts';
import { checkLayer, merge, templatesIn, type Merged, type LayerAt, type Template } from './layers.ts';
import { excessOf, type Allowance } from './allowance.ts';
import { usersOf, type User } from './roster.ts';
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
  readonly defaults: LayerAt;
  readonly allowance: Allowance;
  readonly report: OnDiagnostic;
};

type Fail = (path: Path, problem: Problem, part?: 'name') => void;

/** No keys where something is wrong; that is reported. */
export async function expand(entry: KeyEntry, path: Path, common: Common): Promise<readonly DesiredAt[]> {
  const { source, defaults, folder, allowance } = common;
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
      user,
      { layer, path: [...path, 'overrides', user] },
    ]),
  );
  for (const placed of [own, ...overrides.values()]) checkLayer(placed, source, report);

  const { roster } = entry;
  const users = roster === undefined ? [] : await usersOf(roster, [...path, 'roster'], source, folder, report);
  if (users === null) return [];
  allowance.keys -= roster === undefined ? 1 : users.length;
  const isAllowed = (characters: number): boolean => {
    allowance.characters -= characters;
    const excess = excessOf(allowance);
    if (excess !== null) fail(path, excess);
    return excess === null;
  };
  if (!isAllowed(0)) return [];
  checkOverrides(overrides, users, fail);

  const merged = merge([defaults, own]);
  const alias = { template: aliasTemplate(entry.key_alias, roster), path: [...path, 'key_alias'] };
  const former = formerTemplates(entry, path);
  const templates = [
    ...former,
    ...merged.templates,
    ...[...overrides.values()].flatMap((placed) => templatesIn([placed])),
  ];
  if (roster === undefined || users.length > 0) checkTemplates(alias, templates, users, fail, report);
  if (!isSound) return [];

  const shared: Shared = { ...common, domain: domainOf(roster), origin: source.at(path), secrets: source.secrets };
  const desired: DesiredAt[] = [];
  for (const user of roster === undefined ? [null] : users) {
    const override = user === null ? undefined : overrides.get(user.user);
    const one = override === undefined ? merged : merge([defaults, own, override]);
    const columns = { ...user?.columns, set: common.set };
    if (!isAllowed(filledLength(alias.template, columns))) return [];
    const key_alias = fill(alias.template, columns);
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
    desired.push(desiredOf(one, shared, user, known, [...new Set(names.map(({ name }) => name))]));
  }
  return desired;
}

/** What filling a template takes besides its text, in characters. */
const FILLING = 50;

/** About how many characters a key takes. */
function sizeOf(
  { metadata, settings: { user_id, team_id }, templates }: Merged,
  { domain }: Shared,
  known: Texts,
): number {
  const plain = JSON.stringify([metadata, user_id, team_id, domain]).length;
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

/** Every placeholder has to be known, and every user has to have a value for it. */
function checkTemplates(
  alias: Template,
  others: readonly Template[],
  users: readonly User[],
  fail: Fail,
  report: OnDiagnostic,
): void {
  const columns = new Set(users.flatMap((user) => Object.keys(user.columns)));
  const used = new Set<string>();
  for (const each of [alias, ...others]) {
    const known = ['set', ...(each === alias ? [] : ['key_alias']), ...columns];
    for (const name of placeholdersOf(each.template)) {
      used.add(name);
      if (known.includes(name)) continue;
      const message = `{${name}} is no placeholder here.${guess(name, known)}`;
      const hint = `Known are ${known.map((one) => `{${one}}`).join(', ')}. For a literal brace write {{ or }}.`;
      fail(each.path, { rule: 'placeholder', message, hint });
    }
  }
  for (const name of [...used].filter((each) => columns.has(each))) {
    for (const { columns: own, user, text, origin } of users) {
      if (Object.hasOwn(own, name)) continue;
      const message = `The user ${quoted(user)} has no ${name}, which a template names.`;
      report(diagnose(text, origin, { rule: 'placeholder', message, hint: `Give the user a value for ${name}.` }));
    }
  }
}
