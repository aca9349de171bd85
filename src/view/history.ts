/** What was done to sets, run by run, for people and for programs. */
import { relative } from 'node:path';
import type { JsonObject } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import type { History, HistoryChange, PastRun, ServerKey, SpecSource } from '../model/history.ts';
import { nameText, refText } from '../model/ref.ts';
import { signOf } from './groups.ts';
import { DONE } from './outcome.ts';
import { paint, type Look } from './look.ts';
import { someNames } from './names.ts';
import { tableText } from './table.ts';
import { momentText } from './time.ts';
import { changeSides, count, dollars, sidesText } from './value.ts';

export function pastRunJson({ server, set, began, ended }: PastRun): JsonObject {
  const { run, at, command, vkeys, who, specs, planned } = began;
  const changes = (ended?.changes ?? []).map(({ kind, name, action, id, status, fields, spend }) => {
    return { action, ref: refText({ kind, name }), id, status, changes: fields, spend };
  });
  return {
    run,
    set,
    url: server,
    started: at,
    ended: ended?.at ?? null,
    command,
    ...who,
    vkeys,
    litellm_version: ended?.litellm ?? null,
    specs,
    planned,
    changes,
    written: ended?.written ?? [],
    withdrawn: ended?.withdrawn ?? [],
    error: ended?.error ?? null,
  };
}

export function historyJson({ server, set, broken, head, dropped }: History): JsonObject {
  const more = { dropped: dropped?.lines ?? 0, dropped_until: dropped?.until ?? null };
  return { set, url: server, intact: broken.length === 0, broken, head, ...more };
}

/** A paragraph for each run; for a program a line for each change: when, set, server, command, who, action, name, fields. */
export function historyText(runs: readonly PastRun[], look: Look): string {
  if (look.columns === null) return runs.flatMap((run) => pipedLines(run, look)).join('');
  return runs.length === 0 ? 'Nothing was done.\n' : runs.map((run) => runText(run, look)).join('\n');
}

function pipedLines(run: PastRun, look: Look): readonly string[] {
  const { server, set, began, ended } = run;
  const about = [began.at, set, server, began.command, whoText(run)];
  const changes =
    ended === null
      ? [['cut', '', '']]
      : ended.changes.map((change) => [doneText(change), nameText(change), fieldsIn(change, look).join('; ')]);
  return changes.map((cells) => `${[...about, ...cells].map(oneLine).join('\t')}\n`);
}

function runText(run: PastRun, look: Look): string {
  const { set, server, began, ended } = run;
  const { bold, dim, yellow } = paint(look);
  const title = `${bold(oneLine(momentText(began.at, look.now)))}  vkeys ${oneLine(began.command)}  ${oneLine(set)}`;
  const about = [whoText(run), server, ...began.specs.map((spec) => specText(spec, look)), ...jobText(run)];
  const lines = ended === null ? [] : groupsIn(ended.changes).flatMap((group) => groupText(group, look));
  const places = [
    ...placesText('written', ended?.written ?? []),
    ...placesText('keys taken out of', ended?.withdrawn ?? []),
  ];
  const end = endText(run);
  return [
    title,
    dim(`  ${about.map(oneLine).join(', ')}`),
    ...lines,
    ...places.map((text) => `  ${text}`),
    ...(end === null ? [] : [`  ${yellow(end)}`]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** How it ended, where it did not end well. */
function endText({ began: { planned }, ended }: PastRun): string | null {
  if (ended?.error != null) return `stopped by an error (${oneLine(ended.error)})`;
  if (ended !== null) return null;
  const wanted = Object.entries(planned).map(([action, n]) => `${String(n)} to ${action}`);
  return `cut before its end (${wanted.join(', ')}): what it did, the runs after it found`;
}

function whoText({ began: { who } }: PastRun): string {
  const { user, host, actor } = who;
  const here = `${user ?? 'somebody'} on ${host}`;
  return actor === null ? here : `${actor} (${here})`;
}

function jobText({ began: { who } }: PastRun): readonly string[] {
  return who.job === null ? [] : [who.job];
}

function specText({ file, commit, modified }: SpecSource, { cwd }: Look): string {
  const path = relative(cwd, file);
  const name = path.startsWith('..') ? file : path;
  if (commit === null) return name;
  return `${name} at ${commit.slice(0, 12)}${modified === true ? ', and changed' : ''}`;
}

function placesText(what: string, paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? [] : [`${what}: ${someNames(paths).join(', ')}`];
}

/** Changes that read alike, in their order. */
function groupsIn(changes: readonly HistoryChange[]): readonly (readonly HistoryChange[])[] {
  const groups = new Map<string, HistoryChange[]>();
  for (const change of changes) {
    const { action, kind, status, fields } = change;
    const name = JSON.stringify([action, kind, status, action === 'update' || action === 'adopt' ? fields : []]);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [change]);
    else group.push(change);
  }
  return [...groups.values()];
}

function groupText(group: readonly HistoryChange[], look: Look): readonly string[] {
  const [first] = group;
  if (first === undefined) return [];
  const { action, status } = first;
  const spent = group.reduce((sum, { spend }) => sum + (spend ?? 0), 0);
  const notes = [
    ...(group.length > 1 ? [count(group.length, first.kind)] : []),
    ...(status === 'failed' ? ['failed'] : []),
    ...(action === 'delete' && first.kind === 'key' ? [`${dollars(spent)} US dollars spent`] : []),
  ];
  const names = someNames(group.map(nameText)).join(', ');
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  const fields = action === 'update' || action === 'adopt' ? fieldsIn(first, look) : [];
  return [`  ${signOf(action, look)} ${names}${note}`, ...fields.map((field) => `      ${field}`)];
}

function fieldsIn({ action, fields }: HistoryChange, { now }: Look): readonly string[] {
  const isNew = action === 'create' || action === 'replace';
  return fields.map((each) => `${oneLine(each.field)}  ${sidesText(changeSides(each, isNew, now))}`);
}

function doneText({ action, status }: HistoryChange): string {
  return status === 'applied' ? DONE[action] : `${action} failed`;
}

/** What a server says of its keys, an event on each line. */
export function serverKeysText(keys: readonly ServerKey[], look: Look): string {
  const events = keys
    .flatMap((key) => [
      { at: key.created_at, what: 'created', by: key.created_by, key },
      ...(key.deleted_at === null
        ? [{ at: key.updated_at, what: 'last changed or used', by: key.updated_by, key }]
        : []),
      ...(key.deleted_at === null ? [] : [{ at: key.deleted_at, what: 'deleted', by: key.deleted_by, key }]),
    ])
    .filter(({ at }) => at !== null)
    .toSorted((a, b) => Number((a.at ?? '') > (b.at ?? '')) - Number((a.at ?? '') < (b.at ?? '')));
  const when = (at: string | null): string => (look.columns === null ? (at ?? '') : momentText(at, look.now));
  const rows = events.map(({ at, what, by, key: { key_alias, key_id } }) =>
    [when(at), what, key_alias ?? `${key_id.slice(0, 12)}…`, by ?? ''].map(oneLine),
  );
  if (look.columns === null) return rows.map((row) => `${row.join('\t')}\n`).join('');
  return rows.length === 0
    ? 'The server tells nothing.\n'
    : tableText(['when', 'the server says', 'key', 'by'], rows, look);
}
