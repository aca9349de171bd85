/**
 * Whether a command told the truth, judged without the client: by the server's rows before and after it, by the files,
 * and by the README's table of exit codes.
 */
import { isList, isObject, parseJson, type Json, type JsonObject } from '../../src/base/json.ts';
import { hash, readDeliveries, readKeyring, textOf } from '../crash/promise.ts';
import type { Person, Scene } from '../crash/scene.ts';
import type { Ended } from '../support/process.ts';
import type { Command } from './intent.ts';
import { aliasOf, idOf, ownRows, unlike, type Row } from './rows.ts';
import type { Strike, Weather } from './weather.ts';

/** What must never be, and how often it was is a figure of the campaign. */
export const WRONGS = [
  'keys lost',
  'duplicates',
  'foreign keys touched',
  'keys unlike the spec',
  'wrong exit codes',
  'failures without words',
  'untrue reports',
  'stack traces',
  'hangs',
  'secrets told',
  'redirects followed',
  'other broken promises',
] as const;
export type Wrong = (typeof WRONGS)[number];
export type Problem = { readonly wrong: Wrong; readonly text: string };

/** A command, and what came of it. */
export type Event = {
  readonly command: Command;
  /** `null` is fair. */
  readonly weather: Weather | null;
  readonly ended: Ended;
  /** The server's rows, all of them. */
  readonly before: readonly Row[];
  readonly after: readonly Row[];
  readonly requests: readonly string[];
  readonly strikes: readonly Strike[];
};

/** `believed`: settings that the server did not store and the report tells as done. */
export type Verdict = { readonly problems: readonly Problem[]; readonly believed: number; readonly told: number };

export function judge(scene: Scene, person: Person, event: Event): Verdict {
  const { code, stdout } = event.ended;
  /* What it says while it waits is no error. */
  const stderr = event.ended.stderr.replaceAll(/^waiting: .*\n/gm, '');
  const report = parseJson(stdout);
  const rows = isObject(report) && isList(report['keys']) ? report['keys'].filter(isObject) : null;
  const said = `${stdout}${event.ended.stderr}`;
  const always = [
    ...(/^\s+at .+:\d+:\d+\)?$/m.test(said) || said.includes('a bug in vkeys') || said.includes('node:internal')
      ? [problem('stack traces', said)]
      : []),
    ...words(rows, stderr, code),
    ...(code === rightCode(rows, stderr)
      ? []
      : [problem('wrong exit codes', `${String(code)}, but it said ${said.slice(0, 2000)}`)]),
    ...untruths(scene, event, rows ?? []),
    ...(tellsSecrets(report) ? [problem('secrets told', stdout)] : []),
    ...(event.requests.some((request) => request.endsWith('/elsewhere')) ? [problem('redirects followed', said)] : []),
  ];
  if (code !== 0) return { problems: always, believed: 0, told: 0 };
  const left = undone(scene, person, event);
  const lied = (field: string): boolean =>
    event.strikes.some((strike) => strike.path === '/key/update' && ['*', field].includes(strike.field ?? ''));
  const notices = isObject(report) && isList(report['notices']) ? JSON.stringify(report['notices']) : '';
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
function tellsSecrets(report: Json | undefined): boolean {
  const others = JSON.stringify(report ?? null, (name, value: unknown) => (name === 'key' ? null : value));
  return /sk-[\w-]{20,}/.test(others);
}

export function problem(wrong: Wrong, text: string): Problem {
  return { wrong, text };
}

/** The exit code for what was said: 0 all done, 5 a part, else by the cause's kind. `null`: nothing fits. */
function rightCode(rows: readonly JsonObject[] | null, stderr: string): number | null {
  if (rows === null) return codeOfKind(errorIn(stderr));
  const failed = rows.filter(({ status }) => status !== 'applied');
  if (failed.length === 0) return 0;
  if (rows.some(({ status, action }) => status === 'applied' && action !== 'noop')) return 5;
  return codeOfKind(failed.map(({ error }) => error).find(isObject) ?? {});
}

/** None of the faults is about the credential, the spec or a guard: all of them end with 1. */
function codeOfKind({ kind }: JsonObject): number | null {
  return ['api', 'network', 'timeout', 'protocol'].includes(textOf(kind)) ? 1 : null;
}

function errorIn(stderr: string): JsonObject {
  const said = parseJson(stderr);
  return isObject(said) && isObject(said['error']) ? said['error'] : {};
}

/** Each failure has a message and a next step; what was not tried is told beside a failure. */
function words(rows: readonly JsonObject[] | null, stderr: string, code: number | null): readonly Problem[] {
  if (code === 0) return stderr === '' ? [] : [problem('failures without words', `0, and said ${stderr}`)];
  const errors = rows === null ? [errorIn(stderr)] : rows.map(({ error }) => error).filter(isObject);
  const mute = errors.filter(({ message, hint }) => textOf(message) === '' || textOf(hint) === '');
  const quiet = (rows ?? []).filter(({ status, error }) => status === 'failed' && !isObject(error));
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
      return row === undefined || foreignSecret || (!lied && unlike(scene.set, command.intent, row).length > 0);
    })
    .map((row) => problem('untrue reports', JSON.stringify(row)));
}

/** `field`: the setting that is not as wanted, where it is one. */
type Undone = Problem & { readonly field: string | null };

/** What a command that says that it is done has not done. */
function undone(scene: Scene, person: Person, { command, after }: Event): readonly Undone[] {
  const named = scene.aliases(command.intent.members);
  const aliases = command.name === 'delete' ? [] : named;
  const own = ownRows(scene.set, after);
  const there = own.map(aliasOf);
  const wanted = own.filter((row) => aliases.includes(aliasOf(row)));
  const more = own.filter((row) => !aliases.includes(aliasOf(row)));
  const left = {
    prune: more,
    delete: more.filter((row) => named.includes(aliasOf(row))),
    apply: [],
    'change a field': [],
    'add keys': [],
  }[command.name];
  const say = (wrong: Wrong, text: string, field: string | null = null): Undone => ({ wrong, text, field });
  return [
    ...aliases.filter((alias) => !there.includes(alias)).map((alias) => say('keys lost', `${alias} is not there`)),
    ...there
      .filter((alias, index) => there.indexOf(alias) !== index)
      .map((alias) => say('duplicates', `${alias} is there twice`)),
    ...wanted
      .flatMap((row) => unlike(scene.set, command.intent, row))
      .map(({ field, text }) => say('keys unlike the spec', text, field)),
    ...wanted
      .filter((row) => isLost(person, row, aliases))
      .map((row) => say('keys lost', `nobody has the secret of ${aliasOf(row)}`)),
    ...left.map((row) => say('keys unlike the spec', `${aliasOf(row)} is still there`)),
  ];
}

/** Whether the keyring or a hand-out has no secret that opens the key. */
function isLost(person: Person, row: Row, aliases: readonly string[]): boolean {
  const known = readKeyring(person.folder).secrets.get(idOf(row)) ?? '';
  const handed = Object.values(readDeliveries(person.folder, aliases)).map(
    (secrets) => secrets.get(aliasOf(row)) ?? '',
  );
  return [known, ...handed].some((secret) => hash(secret) !== idOf(row));
}
