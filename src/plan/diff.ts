/**
 * One thing, wanted and there: what differs. Pure and total; ownership is settled before (`own.ts`), so there are no
 * special cases for foreign things here. What a server cannot do is a notice and no change, or every apply would
 * promise it again.
 */
import { sameJson, type Json } from '../base/json.ts';
import { isOlder } from '../base/version.ts';
import type { FieldChange } from '../model/change.ts';
import { isCleared, sameField, settingsEntries, wholeWish, type Field } from '../model/fields.ts';
import type { Entry } from '../model/keyring.ts';
import type { KindFacts } from '../model/kind.ts';
import { ALIKE, bornAt, hasEnded, sameEnd, wantedEnd } from '../model/lifetime.ts';
import { sameMember } from '../model/memo.ts';
import type { Notice } from '../model/plan.ts';
import type { Desired, Live } from '../model/resource.ts';
import { NOT_SHARED, sharingChanges, sharingIn } from '../model/sharing.ts';

/** What is known of the server: its clock, the fields in its rows, and its version where that was asked for. */
export type ServerFacts = {
  readonly kind: KindFacts;
  readonly now: Date;
  readonly listed: ReadonlySet<string> | null;
  readonly version: string | null;
  /** Milliseconds within which two ends are the same; two minutes unless it is given. */
  readonly tolerance?: number;
};

export type Difference = { readonly changes: readonly FieldChange[]; readonly notices: readonly Notice[] };

/** What a new thing is to have, in the form of a difference to nothing. */
export function whole(desired: Desired, { kind, now }: Pick<ServerFacts, 'kind' | 'now'>): readonly FieldChange[] {
  const end = desired.lifetime === undefined ? null : wantedEnd(desired.lifetime, null, now);
  return [
    ...settingsEntries(kind.fields, desired.settings)
      .filter(([, value, field]) => !isCleared(field, value))
      .map(([field, to]) => ({ field, from: null, to })),
    ...Object.entries(desired.extra).map(([field, to]) => ({ field, from: null, to })),
    ...(end === null ? [] : [{ field: 'expires', from: null, to: end.toISOString() }]),
    ...(typeof desired.opens === 'string' ? [{ field: 'opens', from: null, to: desired.opens }] : []),
    ...Object.entries(desired.metadata)
      .filter(([, value]) => value !== null)
      .map(([name, to]) => ({ field: `metadata.${name}`, from: null, to })),
    ...sharingChanges(desired.sharing ?? NOT_SHARED, NOT_SHARED),
  ];
}

/** What of a keyring helps to compare a thing: when it was made, where the server does not tell, and what that encrypted. */
export type Remembered = Pick<Entry, 'at'> & Partial<Pick<Entry, 'encryption'>>;

/** What is to change on a live thing so that it is as wanted. */
export function difference(
  desired: Desired,
  live: Live,
  facts: ServerFacts,
  known: Remembered | null = null,
): Difference {
  const parts = [
    settingsDifference(desired, live, facts),
    extraDifference(desired, live, facts),
    lifetimeDifference(desired, live, facts, known?.at ?? null),
  ];
  const metadata = Object.entries(desired.metadata)
    .filter(([name, to]) => !sameMember(name, to, live.metadata, known?.encryption))
    .map(([name, to]) => ({ field: `metadata.${name}`, from: live.metadata[name] ?? null, to }));
  const sharing = desired.sharing === undefined ? [] : sharingChanges(desired.sharing, sharingIn(live));
  return {
    changes: [...parts.flatMap(({ changes }) => changes), ...openingChanges(desired, live), ...metadata, ...sharing],
    notices: parts.flatMap(({ notices }) => notices),
  };
}

function openingChanges({ opens }: Desired, { mark }: Live): readonly FieldChange[] {
  const from = mark?.opens ?? null;
  return opens === undefined || opens === from ? [] : [{ field: 'opens', from, to: opens }];
}

function settingsDifference(desired: Desired, live: Live, facts: ServerFacts): Difference {
  const changes: FieldChange[] = [];
  const notices: Notice[] = [];
  for (const [name, wanted, field] of settingsEntries(facts.kind.fields, desired.settings)) {
    const from = live.settings[name];
    const to = wholeWish(field, wanted, from);
    if (sameField(field, to, from)) continue;
    const obstacle = obstacleTo(name, field, to, facts);
    if (obstacle === null) changes.push({ field: name, from: from ?? null, to });
    else if (obstacle !== '') notices.push({ code: 'unsupported', ref: desired.ref, ...say(name, obstacle, facts) });
  }
  return { changes, notices };
}

/** Fields that vkeys does not know are compared as they are. What a row does not have at all was dropped, or is never shown. */
function extraDifference({ extra, ref }: Desired, live: Live, { version }: ServerFacts): Difference {
  const changes: FieldChange[] = [];
  const notices: Notice[] = [];
  for (const [field, to] of Object.entries(extra)) {
    const from = live.extra[field];
    if (from !== undefined) {
      if (!sameJson(to, from)) changes.push({ field, from, to });
      continue;
    }
    if (to === null) continue;
    const message = `extra: ${field} is dropped by ${nameOf(version)}, or not shown: it has no such field.`;
    const hint = 'Leave it out, or look whether it is spelled as LiteLLM spells it.';
    notices.push({ code: 'unsupported', ref, message, hint });
  }
  return { changes, notices };
}

/** Why this server cannot be brought to have the value: `null` when it can, `''` when it cannot even be read. */
function obstacleTo(name: string, field: Field, to: Json, { listed, version }: ServerFacts): string | null {
  if (field.untold === true) return '';
  const readable = field.home === 'metadata' || listed === null || listed.has(name);
  if (!readable && field.listedSince !== undefined) return '';
  if (!readable) return 'does not know it';
  if (field.createOnly === true) return 'takes it only at creation';
  if (field.since !== undefined && isOlder(version, field.since)) return 'does not know it';
  if (field.changeableSince !== undefined && isOlder(version, field.changeableSince))
    return 'takes it only at creation';
  return isCleared(field, to) && !isClearable(field, version) ? 'cannot clear it' : null;
}

function isClearable({ clearableSince }: Field, version: string | null): boolean {
  return clearableSince === undefined || (clearableSince !== null && !isOlder(version, clearableSince));
}

function say(name: string, obstacle: string, { version, kind }: ServerFacts): Pick<Notice, 'message' | 'hint'> {
  const hint =
    obstacle === 'does not know it'
      ? 'Leave it out, or update the server.'
      : `Delete the ${kind.kind} and create it again to have it so.`;
  return { message: `${name} stays as it is: ${nameOf(version)} ${obstacle}.`, hint };
}

function nameOf(version: string | null): string {
  return version === null ? 'this server' : `LiteLLM ${version}`;
}

const NONE: Difference = { changes: [], notices: [] };

/** A key whose age nobody knows keeps its end: counted from now, it would be renewed by each apply. */
function lifetimeDifference(desired: Desired, live: Live, facts: ServerFacts, made: string | null): Difference {
  const { lifetime, ref } = desired;
  const since = bornAt(live) ?? made;
  if (lifetime === undefined) return NONE;
  if (lifetime !== 'never' && 'duration' in lifetime && since === null) return NONE;
  const end = wantedEnd(lifetime, since, facts.now);
  if (sameEnd(end, live.expires, facts.tolerance ?? ALIKE)) return NONE;
  if (end === null && isOlder(facts.version, '1.83.0')) {
    return { changes: [], notices: [{ code: 'unsupported', ref, ...say('expires', 'cannot clear it', facts) }] };
  }
  if (end !== null && hasEnded(end.toISOString(), facts.now)) {
    const message = `By its spec the key ended at ${end.toISOString()}, but the server has ${live.expires ?? 'no end'}: an edit does not end a key.`;
    const hint = 'Delete it with `state: absent`, or give it a later end.';
    return { changes: [], notices: [{ code: 'lifetime', ref, message, hint }] };
  }
  return {
    changes: [{ field: 'expires', from: live.expires, to: end === null ? null : end.toISOString() }],
    notices: [],
  };
}
