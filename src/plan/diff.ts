/**
 * One key, wanted and found: what differs. Pure and total; ownership is settled before (`own.ts`), so there are no
 * special cases for foreign keys here. What a server cannot do is a notice and no change, or every apply would
 * promise it again.
 */
import { sameJson, type Json } from '../base/json.ts';
import { FIELDS, isCleared, sameField, settingsEntries, type Field, type FieldName } from '../kinds/key.ts';
import { hasEnded, sameEnd, wantedEnd } from '../model/lifetime.ts';
import type { Desired, FieldChange, Live, Notice } from '../model/model.ts';
import { isOlder } from '../base/version.ts';

/** What is known of the server: its clock, the fields in its rows, and its version where that was asked for. */
export type Facts = {
  readonly now: Date;
  readonly listed: ReadonlySet<FieldName> | null;
  readonly version: string | null;
};

export type Difference = { readonly changes: readonly FieldChange[]; readonly notices: readonly Notice[] };

/** What a new key is to have, in the form of a difference to nothing. */
export function whole(desired: Desired, facts: Facts): readonly FieldChange[] {
  const end = desired.lifetime === undefined ? null : wantedEnd(desired.lifetime, null, facts.now);
  return [
    ...settingsEntries(desired.settings)
      .filter(([name, value]) => !isCleared(name, value))
      .map(([name, to]) => ({ field: name, from: null, to })),
    ...Object.entries(desired.extra).map(([field, to]) => ({ field, from: null, to })),
    ...(end === null ? [] : [{ field: 'expires', from: null, to: end.toISOString() }]),
    ...Object.entries(desired.metadata)
      .filter(([, value]) => value !== null)
      .map(([name, to]) => ({ field: `metadata.${name}`, from: null, to })),
  ];
}

/** What is to change on a live key so that it is as wanted. */
export function difference(desired: Desired, live: Live, facts: Facts): Difference {
  const parts = [settingsDifference(desired, live, facts), lifetimeDifference(desired, live, facts)];
  const metadata = Object.entries(desired.metadata)
    .filter(([name, to]) => !sameJson(to, live.metadata[name] ?? null))
    .map(([name, to]) => ({ field: `metadata.${name}`, from: live.metadata[name] ?? null, to }));
  return {
    changes: [...parts.flatMap(({ changes }) => changes), ...metadata],
    notices: parts.flatMap(({ notices }) => notices),
  };
}

function settingsDifference(desired: Desired, live: Live, facts: Facts): Difference {
  const changes: FieldChange[] = [];
  const notices: Notice[] = [];
  for (const [name, to] of settingsEntries(desired.settings)) {
    const from = live.settings[name];
    if (sameField(name, to, from)) continue;
    const obstacle = obstacleTo(name, to, facts);
    if (obstacle === null) changes.push({ field: name, from: from ?? null, to });
    else if (obstacle !== '')
      notices.push({ code: 'unsupported', key_alias: desired.key_alias, ...say(name, obstacle, facts) });
  }
  return { changes, notices };
}

/** Why this server cannot be brought to have the value: `null` when it can, `''` when it cannot even be read. */
function obstacleTo(name: FieldName, to: Json, { listed, version }: Facts): string | null {
  const field: Field = FIELDS[name];
  const readable = field.home === 'metadata' || listed === null || listed.has(name);
  if (!readable && field.listedSince !== undefined) return '';
  if (!readable) return 'does not know it';
  if (field.createOnly === true) return 'takes it only when a key is created';
  if (field.since !== undefined && isOlder(version, field.since)) return 'does not know it';
  if (isCleared(name, to) && field.clearableSince !== undefined && isOlder(version, field.clearableSince))
    return 'cannot clear it';
  return null;
}

function say(name: string, obstacle: string, { version }: Facts): Pick<Notice, 'message' | 'hint'> {
  const server = version === null ? 'this server' : `LiteLLM ${version}`;
  const hint =
    obstacle === 'does not know it'
      ? 'Leave it out, or update the server.'
      : 'Delete the key and create it again to have it so.';
  return { message: `${name} stays as it is: ${server} ${obstacle}.`, hint };
}

function lifetimeDifference(desired: Desired, live: Live, facts: Facts): Difference {
  const none: Difference = { changes: [], notices: [] };
  if (desired.lifetime === undefined) return none;
  const end = wantedEnd(desired.lifetime, live.created_at, facts.now);
  if (sameEnd(end, live.expires)) return none;
  const { key_alias } = desired;
  if (end === null && isOlder(facts.version, '1.83.0')) {
    return { changes: [], notices: [{ code: 'unsupported', key_alias, ...say('expires', 'cannot clear it', facts) }] };
  }
  if (end !== null && hasEnded(end.toISOString(), facts.now)) {
    const message = `By its spec the key ended at ${end.toISOString()}, but the server has ${live.expires ?? 'no end'}: an edit does not end a key.`;
    return {
      changes: [],
      notices: [
        { code: 'lifetime', key_alias, message, hint: 'Delete it with `state: absent`, or give it a later end.' },
      ],
    };
  }
  return {
    changes: [{ field: 'expires', from: live.expires, to: end === null ? null : end.toISOString() }],
    notices: [],
  };
}
