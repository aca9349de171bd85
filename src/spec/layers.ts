/** Defaults, a key, an override of one user: each is a layer, and the nearest one wins. */
import { isObject, type Json, type JsonObject } from '../json.ts';
import { FIELDS, FIELD_NAMES, type FieldName, type Settings } from '../reconcile/fields.ts';
import type { Desired, Lifetime } from '../reconcile/model.ts';
import { parseMoment } from './moment.ts';
import type { Layer } from './schema.ts';
import { diagnose, type Report } from './text.ts';
import type { Path, Source } from './tree.ts';

export type Placed = { readonly layer: Layer & { readonly state?: Desired['state'] | undefined }; readonly path: Path };
/** A text with placeholders, and where it is. */
export type Template = { readonly template: string; readonly path: Path };

export type Merged = Pick<Desired, 'settings' | 'metadata' | 'extra' | 'state' | 'lifetime'> & {
  readonly on_expired: Desired['on_expired'] | undefined;
  readonly templates: readonly Template[];
};

/** The layers as one; the last is the nearest. */
export function merge(layers: readonly Placed[]): Merged {
  const metadata = combined(layers, 'metadata');
  const lifetime = layers.map(({ layer }) => lifetimeOf(layer)).findLast((each) => each !== undefined);
  return {
    settings: Object.assign({}, ...layers.map(({ layer }) => settingsOf(layer))) as Settings,
    metadata,
    extra: combined(layers, 'extra'),
    state: layers.findLast(({ layer }) => layer.state !== undefined)?.layer.state ?? 'present',
    on_expired: layers.findLast(({ layer }) => layer.on_expired !== undefined)?.layer.on_expired,
    ...(lifetime === undefined ? {} : { lifetime }),
    templates: [
      ...TEMPLATED.flatMap((name) => templatesOf(nearest(layers, (layer) => layer[name], [name]))),
      ...Object.keys(metadata).flatMap((name) =>
        templatesOf(nearest(layers, ({ metadata: each }) => each?.[name], ['metadata', name])),
      ),
    ],
  };
}

/** The settings that may have placeholders. */
export const TEMPLATED = ['user_id', 'team_id'] as const;

function combined(layers: readonly Placed[], name: 'metadata' | 'extra'): JsonObject {
  const [first, ...others] = layers.map(({ layer }) => layer[name]).filter((each) => each !== undefined);
  return others.length === 0 ? (first ?? {}) : (Object.assign({}, first, ...others) as JsonObject);
}

function settingsOf(layer: Layer): Settings {
  const names = Object.keys(layer).filter((name) => Object.hasOwn(FIELDS, name)) as FieldName[];
  return Object.fromEntries(names.map((name) => [name, layer[name]]));
}

function lifetimeOf({ duration, expires }: Layer): Lifetime | undefined {
  if (duration === undefined && expires === undefined) return undefined;
  if (duration != null) return { duration };
  const moment = expires == null ? null : parseMoment(expires);
  return moment === null ? 'never' : { expires: moment };
}

function nearest(
  layers: readonly Placed[],
  pick: (layer: Layer) => Json | undefined,
  tail: Path,
): { readonly value: Json; readonly path: Path } {
  const found = layers.findLast(({ layer }) => pick(layer) !== undefined);
  return { value: found === undefined ? null : (pick(found.layer) ?? null), path: [...(found?.path ?? []), ...tail] };
}

function templatesOf({ value, path }: { readonly value: Json; readonly path: Path }): readonly Template[] {
  if (typeof value === 'string') return value.includes('{') ? [{ template: value, path }] : [];
  if (value === null || typeof value !== 'object') return [];
  const entries: readonly [string | number, Json][] = isObject(value) ? Object.entries(value) : [...value.entries()];
  return entries.flatMap(([step, item]) => templatesOf({ value: item, path: [...path, step] }));
}

/** Reports what is wrong within one layer. */
export function checkLayer({ layer, path }: Placed, source: Source, report: Report): void {
  const fail = (name: readonly string[], rule: string, message: string, hint: string) => {
    report(diagnose(source.text, source.at([...path, ...name], 'name'), { rule, message, hint }));
  };
  if (layer.duration !== undefined && layer.expires !== undefined) {
    fail(['expires'], 'lifetime', 'duration and expires are both here.', 'Keep one of the two.');
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
    else if (KNOWN.has(name))
      fail(['extra', name], 'unknown-field', `${name} is no extra: vkeys knows it.`, `Write ${name} beside extra.`);
  }
}

const KNOWN = new Set<string>([...FIELD_NAMES, 'key_alias', 'duration', 'expires', 'metadata']);
