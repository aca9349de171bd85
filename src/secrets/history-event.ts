/** An event of a history, read from a line of JSON: cell by cell, because somebody may have written in it. */
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { ACTIONS, type FieldChange } from '../model/change.ts';
import type { HistoryChange, HistoryEvent, SpecSource } from '../model/history.ts';

/** `null`: it is none that this vkeys knows. */
export function readEvent(json: Json | undefined): HistoryEvent | null {
  if (!isObject(json)) return null;
  const {
    is,
    run,
    at,
    command,
    vkeys,
    who,
    specs = [],
    planned = {},
    litellm = null,
    changes = [],
    error = null,
  } = json;
  if (!isText(run) || !isText(at)) return null;
  if (is === 'began' && isText(command) && isText(vkeys) && isObject(who) && isList(specs) && isObject(planned)) {
    const { user, host, actor, job } = who;
    const named = { user: textIn(user), host: textIn(host) ?? '', actor: textIn(actor), job: textIn(job) };
    const counts = Object.fromEntries(
      ACTIONS.flatMap((action) => (typeof planned[action] === 'number' ? [[action, planned[action]]] : [])),
    );
    return { is, run, at, command, vkeys, who: named, specs: specs.flatMap(readSource), planned: counts };
  }
  if (is !== 'ended' || !isList(changes)) return null;
  const [written, withdrawn] = [textsIn(json['written']), textsIn(json['withdrawn'])];
  return {
    is,
    run,
    at,
    litellm: textIn(litellm),
    changes: changes.flatMap(readChange),
    written,
    withdrawn,
    error: textIn(error),
  };
}

function readSource(json: Json): readonly SpecSource[] {
  if (!isObject(json) || !isText(json['file'])) return [];
  const { file, commit, modified } = json;
  return [{ file, commit: textIn(commit), modified: typeof modified === 'boolean' ? modified : null }];
}

function readChange(json: Json): readonly HistoryChange[] {
  if (!isObject(json)) return [];
  const { kind, name, id, status, fields = [], spend } = json;
  const action = ACTIONS.find((each) => each === json['action']);
  const isKnown = action !== undefined && isText(kind) && isText(name) && isList(fields);
  if (!isKnown || (status !== 'applied' && status !== 'failed')) return [];
  return [
    {
      action,
      kind,
      name,
      id: textIn(id),
      status,
      fields: fields.flatMap(readField),
      spend: typeof spend === 'number' ? spend : null,
    },
  ];
}

function readField(json: Json): readonly FieldChange[] {
  if (!isObject(json) || !isText(json['field'])) return [];
  return [{ field: json['field'], from: json['from'] ?? null, to: json['to'] ?? null }];
}

function textsIn(json: JsonObject[string] | undefined): readonly string[] {
  return isList(json) ? json.filter(isText) : [];
}

function textIn(value: Json | undefined): string | null {
  return isText(value) ? value : null;
}

/** Whether it is there, and a text. */
export function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}
