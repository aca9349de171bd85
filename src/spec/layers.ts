/** Defaults, a policy, a key, an override of one user: each is a layer, and the nearest one wins. */
import { isList, isObject, type Json, type JsonObject } from '../base/json.ts';
import { REFERENCES, type Reference } from '../kinds/references.ts';
import type { FieldTable } from '../model/fields.ts';
import type { Desired, Lifetime } from '../model/resource.ts';
import { placeholdersOf } from '../base/template.ts';
import { momentHint, parseMoment } from './moment.ts';
import { diagnose, quoted, type OnDiagnostic } from './read/text.ts';
import type { Path, Source } from './read/tree.ts';

/** A group or a user, or surely a user. */
export type SharedName = string | { readonly user_id: string };

/** What one place of a spec says of a thing: what every kind may have, and beside it fields by LiteLLM's names. */
export type Layer = {
  readonly shared_with?: readonly SharedName[] | null | undefined;
} & {
  readonly [name in 'duration' | 'expires' | 'opens']?: string | null | undefined;
} & {
  readonly [name in 'metadata' | 'extra']?: JsonObject | undefined;
} & {
  readonly [name in Reference['word']]?: string | undefined;
} & {
  readonly state?: Desired['state'] | undefined;
  readonly on_expired?: Desired['on_expired'] | undefined;
  readonly on_lost?: Desired['on_lost'] | undefined;
  readonly rotate?:
    | { readonly every: string; readonly grace?: string | 0 | undefined; readonly keep_spend?: boolean | undefined }
    | null
    | undefined;
};

/** `fields`: which of its members are fields. */
export type LayerAt = { readonly layer: Layer; readonly path: Path; readonly fields: FieldTable };

/** A text with placeholders, and where it is. */
export type Template = { readonly template: string; readonly path: Path };

export type Merged = Pick<Desired, 'settings' | 'metadata' | 'extra' | 'state' | 'lifetime' | 'rotate'> & {
  readonly opens: string | null;
  readonly names: Readonly<Record<string, string>>;
  readonly on_expired: Desired['on_expired'] | undefined;
  readonly on_lost: Desired['on_lost'] | undefined;
  /** `null`: with nobody; `undefined`: not managed. */
  readonly shared_with: readonly SharedName[] | null | undefined;
  readonly templates: readonly Template[];
};

/** The layers as one; the last is the nearest. */
export function merge(layers: readonly LayerAt[], zone: string | null): Merged {
  const lifetime = layers.map(({ layer }) => lifetimeOf(layer, zone)).findLast((each) => each !== undefined);
  return {
    settings: Object.fromEntries(layers.flatMap(settingsIn)),
    names: namesOf(layers),
    metadata: combined(layers, 'metadata'),
    extra: combined(layers, 'extra'),
    state: layers.findLast(({ layer }) => layer.state !== undefined)?.layer.state ?? 'present',
    on_expired: layers.findLast(({ layer }) => layer.on_expired !== undefined)?.layer.on_expired,
    on_lost: layers.findLast(({ layer }) => layer.on_lost !== undefined)?.layer.on_lost,
    shared_with: layers.findLast(({ layer }) => layer.shared_with !== undefined)?.layer.shared_with,
    ...(lifetime === undefined ? {} : { lifetime }),
    opens: openingOf(layers.findLast(({ layer }) => layer.opens !== undefined)?.layer, zone),
    ...rotationOf(layers),
    templates: templatesIn(layers),
  };
}

function combined(layers: readonly LayerAt[], name: 'metadata' | 'extra'): JsonObject {
  return Object.fromEntries(layers.flatMap(({ layer }) => Object.entries(layer[name] ?? {})));
}

function settingsIn({ layer, fields }: LayerAt): readonly (readonly [string, Json])[] {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the schema lets nothing but JSON in
  const members = Object.entries(layer) as readonly (readonly [string, Json | undefined])[];
  return members.flatMap(([name, value]) =>
    Object.hasOwn(fields, name) && value !== undefined ? [[name, value] as const] : [],
  );
}

/** A nearer layer that gives the id itself needs no name. */
function namesOf(layers: readonly LayerAt[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    REFERENCES.flatMap(({ word, field }) => {
      const nearest = layers.findLast(({ layer }) => layer[word] !== undefined || Object.hasOwn(layer, field));
      const name = nearest?.layer[word];
      return name === undefined || nearest?.fields[field] === undefined ? [] : [[field, name] as const];
    }),
  );
}

function rotationOf(layers: readonly LayerAt[]): Pick<Merged, 'rotate'> {
  const rotate = layers.findLast(({ layer }) => layer.rotate !== undefined)?.layer.rotate ?? null;
  if (rotate === null) return {};
  const { every, grace, keep_spend = false } = rotate;
  return { rotate: { every, grace: grace === undefined ? null : String(grace), keep_spend } };
}

function lifetimeOf({ duration, expires }: Layer, zone: string | null): Lifetime | undefined {
  if (duration === undefined && expires === undefined) return undefined;
  if (duration != null) return { duration };
  const moment = expires == null ? null : parseMoment(expires, zone);
  return moment === null ? 'never' : { expires: moment };
}

/** A day is meant from its beginning. */
function openingOf(layer: Layer | undefined, zone: string | null): string | null {
  const text = layer?.opens;
  return text == null ? null : parseMoment(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text, zone);
}

/** The texts that have placeholders, each from its nearest layer: in fields, and in the members of `metadata` and `extra`. */
export function templatesIn(layers: readonly LayerAt[]): readonly Template[] {
  const found = new Map<string, readonly Template[]>();
  for (const placed of layers) {
    const { layer, path } = placed;
    for (const [name, value] of settingsIn(placed)) found.set(name, templatesOf(value, [...path, name]));
    for (const word of [...REFERENCES.map((reference) => reference.word), 'shared_with'] as const)
      if (layer[word] != null) found.set(word, templatesOf(layer[word], [...path, word]));
    for (const open of ['metadata', 'extra'] as const) {
      for (const [name, value] of Object.entries(layer[open] ?? {}))
        found.set(`${open}.${name}`, templatesOf(value, [...path, open, name]));
    }
  }
  return [...found.values()].flat();
}

function templatesOf(value: Json, path: Path): readonly Template[] {
  if (typeof value === 'string') return value.includes('{') ? [{ template: value, path }] : [];
  if (isList(value)) return value.flatMap((item, index) => templatesOf(item, [...path, index]));
  return isObject(value) ? Object.entries(value).flatMap(([name, item]) => templatesOf(item, [...path, name])) : [];
}

/** Reports what is wrong within one layer. */
export function checkLayer(placed: LayerAt, source: Source, zone: string | null, report: OnDiagnostic): void {
  const { layer, path, fields } = placed;
  const fail = (name: Path, rule: string, message: string, hint: string) => {
    report(diagnose(source.text, source.at([...path, ...name], 'name'), { rule, message, hint }));
  };
  if (layer.duration !== undefined && layer.expires !== undefined) {
    fail(['expires'], 'lifetime', 'duration and expires are both here.', 'Keep one of the two.');
  }
  for (const { word, field } of REFERENCES) {
    if (layer[word] === undefined || !Object.hasOwn(layer, field)) continue;
    fail(
      [word],
      'reference',
      `${word} and ${field} are both here.`,
      `Keep one of the two: ${word} is for its name, ${field} for its id.`,
    );
  }
  for (const name of ['expires', 'opens'] as const) {
    const text = layer[name];
    if (text != null && parseMoment(text, zone) === null)
      fail([name], 'value', `${name} ${quoted(text)} has no time zone.`, momentHint(text));
  }
  const members = [...settingsIn(placed), ['metadata', layer.metadata ?? {}], ['extra', layer.extra ?? {}]] as const;
  for (const name of namesIn(Object.fromEntries(members))) {
    const [placeholder] = placeholdersOf(String(name.at(-1)).replaceAll('${', ''));
    if (placeholder !== undefined)
      fail(name, 'placeholder', `{${placeholder}} cannot be in a name.`, 'Put it into the value that the name has.');
  }
  if (layer.metadata !== undefined && Object.hasOwn(layer.metadata, 'vkeys')) {
    const message = 'metadata.vkeys is where vkeys keeps whose key it is.';
    fail(['metadata', 'vkeys'], 'metadata', message, 'Choose another name.');
  }
  for (const name of Object.keys(layer.extra ?? {})) {
    if (name === 'key')
      fail(
        ['extra', name],
        'secret',
        'A spec has no secrets in it, so key cannot be given.',
        'Take it out: vkeys makes the secret and delivers it.',
      );
    else if (Object.hasOwn(fields, name) || KNOWN.has(name))
      fail(
        ['extra', name],
        'unknown-field',
        `${name} is no extra: vkeys knows it.`,
        `Write ${KNOWN.get(name) ?? name} beside extra.`,
      );
  }
}

/** The names of all members, as paths. */
function namesIn(value: Json): readonly Path[] {
  const below = isList(value) ? value.entries() : Object.entries(isObject(value) ? value : {});
  return [...below].flatMap(([name, item]) => [
    ...(typeof name === 'string' ? [[name]] : []),
    ...namesIn(item).map((path) => [name, ...path]),
  ]);
}

/** What is no field of a kind, and stands beside them: names, ids, and a team's members. */
const KNOWN = new Map([
  ...['key_alias', 'team_alias', 'team_id', 'user_id', 'budget_id'].map((name) => [name, name] as const),
  ...['duration', 'expires', 'opens', 'metadata', 'shared_with', 'members'].map((name) => [name, name] as const),
  ['members_with_roles', 'members'],
]);
