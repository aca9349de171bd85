/**
 * Whether a command told the truth, judged without the client: by the server's rows before and after it, by the files,
 * and by the table of exit codes.
 */
import { isObject, type Json, type JsonObject } from '../../src/base/json.ts';
import { hash, readDeliveries, readKeyring, textOf } from '../crash/promise.ts';
import type { Person, Scene } from '../crash/scene.ts';
import { printedIn, errorIn, keysIn } from '../support/printed.ts';
import type { Ended } from '../support/process.ts';
import { madeByHand } from './by-hand.ts';
import type { Event } from './event.ts';
import { isBySpec } from './intent.ts';
import { idOf, isRetiring, nameOf, ownRows, unlike, type Row } from './rows.ts';
import { keptBy, turnedBy } from './rotations.ts';
import { SHORT } from './weather.ts';
import { problem, undone as say, type Problem, type Undone } from './wrongs.ts';

/** `believed`: settings that the server did not store and the report tells as done. */
export type Verdict = { readonly problems: readonly Problem[]; readonly believed: number; readonly told: number };

/** `people`: the one who gave the command first. */
export function judge(scene: Scene, people: readonly Person[], event: Event): Verdict {
  const { code, stdout } = event.ended;
  /* What it says while it waits is no error. */
  const stderr = event.ended.stderr.replaceAll(/^waiting: .*\n/gm, '');
  const report = printedIn(event.ended);
  const rows = keysIn(event.ended);
  const error = errorIn(event.ended);
  const said = `${stdout}${event.ended.stderr}`;
  const always = [
    ...(/^\s+at .+:\d+:\d+\)?$/m.test(said) || said.includes('a bug in vkeys') || said.includes('node:internal')
      ? [problem('stack traces', said)]
      : []),
    ...words(rows, error, stderr, code),
    ...(code === rightCode(report, rows, error, event)
      ? []
      : [problem('wrong exit codes', `${String(code)}, but it said ${saidIn(event.ended)}`)]),
    ...(code !== 0 && !event.isTaken && event.strikes.length > 0 && event.strikes.every(({ kind }) => kind === SHORT)
      ? [problem('wrong exit codes', `${String(code)} for rows that no list has: ${saidIn(event.ended)}`)]
      : []),
    ...untruths(scene, event, rows ?? []),
    ...keptBy(scene, people, event),
    ...(tellsSecrets(report) ? [problem('secrets told', stdout)] : []),
    ...(event.requests.some((request) => request.endsWith('/elsewhere')) ? [problem('redirects followed', said)] : []),
  ];
  if (code !== 0) return { problems: always, believed: 0, told: 0 };
  /* What a server minted in an answer that another machine lost, nobody here can know; but it has to be told. */
  const isTold = new Set(people.map(({ folder }) => folder)).size > 1 && saidIn(event.ended).includes('secret_unknown');
  const left = undone(scene, people, event).filter(({ text }) => !(isTold && text.startsWith('nobody has')));
  const lied = (field: string): boolean =>
    event.strikes.some((strike) => strike.path === '/key/update' && ['*', field].includes(strike.field ?? ''));
  const notices = JSON.stringify(report['notices'] ?? []);
  const excused = left.filter(({ field }) => field !== null && lied(field));
  const told = excused.filter(({ field }) => notices.includes(`took ${String(field)} `));
  return {
    problems: [
      ...always,
      ...left
        .filter((each) => !excused.includes(each))
        .flatMap(({ wrong, text }) => [problem(wrong, text), problem('wrong exit codes', `0, but ${text}`)]),
    ],
    believed: excused.length - told.length,
    told: told.length,
  };
}

/** Only a key's own `key` may hold a secret. */
function tellsSecrets(report: JsonObject): boolean {
  const others = JSON.stringify(report, (name, value: unknown) => (name === 'key' ? null : value));
  return /sk-[\w-]{20,}/.test(others);
}

/** What a command said, on one line. */
export function saidIn(ended: Ended): string {
  const { error, notices, keys } = printedIn(ended);
  if (notices === undefined) return `${ended.stdout}${ended.stderr}`.slice(0, 2000);
  const ends = (keysIn({ stdout: JSON.stringify({ keys: keys ?? [] }) }) ?? []).map(
    (row) =>
      `${textOf(row['key_alias'])} ${textOf(row['action'])} ${textOf(row['status'])} ${JSON.stringify(row['error'] ?? '')}`,
  );
  return [JSON.stringify(error), JSON.stringify(notices), ...ends].join(' | ').slice(0, 3000);
}

/** The exit code for what was said: 0 all done, 5 a part, else by the cause's kind. `null`: nothing fits. */
export function rightCode(
  report: JsonObject,
  rows: readonly JsonObject[] | null,
  error: JsonObject,
  { isTaken, isAlone }: Pick<Event, 'isTaken' | 'isAlone'>,
): number | null {
  const failed = (rows ?? []).filter(({ status }) => status !== 'applied');
  if (rows !== null && failed.length === 0 && !('kind' in error)) return 0;
  if (report['changed'] === true) return 5;
  const { kind } = 'kind' in error ? error : (failed.map((each) => each['error']).find(isObject) ?? {});
  /* Of two machines that give one key a new secret one is refused. */
  if (!isAlone && kind === 'refused') return 6;
  return isTaken && kind === 'config' ? 3 : codeOfKind(kind);
}

/** None of the faults is about the credential, the spec or a guard: all of them end with 1. */
function codeOfKind(kind: Json | undefined): number | null {
  return ['api', 'network', 'timeout', 'protocol'].includes(textOf(kind)) ? 1 : null;
}

/** The same, of a run about people. */
export function rightCodeOf(ended: Ended): number | null {
  const report = printedIn(ended);
  const lists = ['budgets', 'users', 'teams', 'members', 'keys'].map((name) => report[name]);
  const rows = lists.flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []));
  return rightCode(report, report['keys'] === undefined ? null : rows, errorIn(ended), {
    isTaken: false,
    isAlone: true,
  });
}

/** Each failure has a message and a next step; what was not tried is told beside a failure. */
function words(
  rows: readonly JsonObject[] | null,
  error: JsonObject,
  stderr: string,
  code: number | null,
): readonly Problem[] {
  if (code === 0) return stderr === '' ? [] : [problem('failures without words', `0, and said ${stderr}`)];
  const errors = [...('kind' in error ? [error] : []), ...(rows ?? []).map((each) => each['error']).filter(isObject)];
  const mute = errors.filter(({ message, hint }) => textOf(message) === '' || textOf(hint) === '');
  const quiet = (rows ?? []).filter((each) => each['status'] === 'failed' && !isObject(each['error']));
  return errors.length === 0 || mute.length > 0 || quiet.length > 0
    ? [problem('failures without words', `${String(code)}: ${JSON.stringify([rows, stderr])}`)]
    : [];
}

/** Rows of the report that the server contradicts. */
function untruths(scene: Scene, { command, after, strikes }: Event, rows: readonly JsonObject[]): readonly Problem[] {
  const there = new Map(after.map((row) => [idOf(row), row]));
  const lied = strikes.some(({ field }) => field !== null);
  return rows
    .filter(({ status }) => status === 'applied')
    .filter(({ action, key, key_id }) => {
      const row = there.get(textOf(key_id));
      if (action === 'delete') return row !== undefined;
      const foreignSecret = typeof key === 'string' && hash(key) !== key_id;
      const isUnlike = !lied && isBySpec(command) && unlike(scene.set, command.intent, row ?? {}).length > 0;
      return row === undefined || foreignSecret || isUnlike;
    })
    .map((row) => problem('untrue reports', JSON.stringify(row)));
}

/** What a command that says that it is done has not done. */
function undone(scene: Scene, people: readonly Person[], event: Event): readonly Undone[] {
  const { command, after, at } = event;
  const named = scene.aliases(command.intent.members);
  const aliases = isBySpec(command) ? named : [];
  const own = ownRows(scene.set, after);
  const called = (row: Row): string => nameOf(scene.set, row);
  const there = own.map(called);
  const wanted = own.filter((row) => aliases.includes(called(row)));
  const known = own.filter((row) => (command.name === 'rotate' ? named : aliases).includes(called(row)));
  const more = own.filter((row) => !aliases.includes(called(row)) && !isRetiring(scene.set, row, at));
  const deleted = more.filter((row) => named.includes(called(row)));
  const left = command.name === 'prune' ? more : command.name === 'delete' ? deleted : [];
  return [
    ...aliases.filter((alias) => !there.includes(alias)).map((alias) => say('keys lost', `${alias} is not there`)),
    ...there
      .filter((alias, index) => there.indexOf(alias) !== index)
      .map((alias) => say('duplicates', `${alias} is there twice`)),
    ...wanted
      .flatMap((row) => unlike(scene.set, command.intent, row))
      .map(({ field, text }) => say('keys unlike the spec', text, field)),
    ...known
      .filter((row) => isLost(people, called(row), idOf(row), named))
      .map((row) => say('keys lost', `nobody has the secret of ${called(row)}`)),
    ...left.map((row) => say('keys unlike the spec', `${called(row)} is still there`)),
    ...turnedBy(scene, people, event),
    ...madeByHand(scene, event),
  ];
}

/** Whether no keyring has the secret, or the one who gave the command knows it and did not hand it out. */
function isLost(people: readonly Person[], alias: string, id: string, aliases: readonly string[]): boolean {
  const [first, ...others] = people.map(({ folder }) => readKeyring(folder).secrets.get(id) ?? '');
  if (hash(first ?? '') !== id) return !others.some((secret) => hash(secret) === id);
  const handed = Object.values(readDeliveries(people[0]?.folder ?? '', aliases));
  return handed.some((secrets) => hash(secrets.get(alias) ?? '') !== id);
}
