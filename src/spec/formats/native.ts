/** One document → its part of a set. */
import { resolve } from 'node:path';
import { isObject, type Json } from '../../base/json.ts';
import type { Origin } from '../../model/resource.ts';
import type { Delivery } from '../../model/delivery.ts';
import type { Spec } from '../../model/spec.ts';
import { deliveryOf, deliverySchema } from '../deliveries/item.ts';
import type { DesiredAt } from '../desired.ts';
import type { Common } from '../expand.ts';
import { aboutHint } from '../issue-words.ts';
import { sound } from '../issues.ts';
import { checkLayer, type LayerAt } from '../layers.ts';
import { thingsIn } from '../lists.ts';
import { policiesOf } from '../policies.ts';
import { excessOf, type Allowance } from '../allowance.ts';
import { SET_NAME } from '../../model/resource.ts';
import { defaultsSchema } from '../key-schema.ts';
import type { Where } from '../deliveries/form.ts';
import { KEY_FORM } from '../forms.ts';
import { headSchema } from '../schema.ts';
import { rulesIn, type RuleAt } from '../rules/read.ts';
import { readText } from '../read/file.ts';
import { diagnose, quoted, type OnDiagnostic, type Text } from '../read/text.ts';
import type { Source } from '../read/tree.ts';

export type PlacedDelivery = { readonly delivery: Delivery; readonly origin: Origin; readonly text: Text };

/** What one document asks for; documents that name the same set are joined by `sets.ts`. */
export type SpecPart = Pick<
  Spec,
  'set' | 'isNamed' | 'url' | 'publicUrl' | 'profile' | 'timeout' | 'credential' | 'state' | 'adopt' | 'ansible'
> & {
  readonly desired: readonly DesiredAt[];
  readonly file: string | null;
  readonly text: Text;
  /** Where it says its server. */
  readonly origins: Readonly<Record<'url' | 'publicUrl' | 'profile', Origin>>;
  readonly deliveries: readonly PlacedDelivery[];
  readonly rules: readonly RuleAt[];
};

/** Where a document comes from. `name` is the set's where the document has none, `folder` where relative paths start. */
export type SpecHome = {
  readonly name: string | null;
  readonly folder: string;
  /** Absolute; `null` is stdin. */
  readonly file: string | null;
};

const LISTS = ['budgets', 'users', 'teams', 'keys'] as const;

export async function readPart(
  source: Source,
  { name, folder, file }: SpecHome,
  allowance: Allowance,
  report: OnDiagnostic,
): Promise<SpecPart | null> {
  const { value, text, at } = source;
  const head = sound(headSchema, value, [], source, report);
  const isEmpty = isObject(value) && !LISTS.some((list) => list in value);
  if (isEmpty)
    report(
      diagnose(text, at([]), { rule: 'missing', message: 'keys is missing.', hint: aboutHint(['keys'], undefined) }),
    );
  if (head === null || isEmpty) return null;
  const set = head.set ?? name;
  if (set === null || !SET_NAME.test(set)) {
    const message = set === null ? 'The spec has no name.' : `The file's name ${quoted(set)} is no name for a set.`;
    const hint = 'Say who owns the keys, like set: my-workshop.';
    report(diagnose(text, at([]), { rule: 'set', message, hint }));
    return null;
  }
  const state = head.state ?? 'present';
  const defaults: LayerAt = {
    layer: head.defaults == null ? {} : (sound(defaultsSchema, head.defaults, ['defaults'], source, report) ?? {}),
    path: ['defaults'],
    fields: KEY_FORM.facts.fields,
  };
  /* A zone that is wrong is told once. */
  const zone = head.time_zone ?? (isObject(value) && 'time_zone' in value ? 'UTC' : null);
  checkLayer(defaults, source, zone, report);
  const { on_expired = 'report', on_lost } = head;
  const common: Common = { source, folder, set, state, on_expired, on_lost, zone, allowance, report };
  const desired = await thingsIn(head, defaults, policiesOf(head.policies ?? {}, common), common);
  if (excessOf(allowance) !== null) return null;
  const deliveries: PlacedDelivery[] = [];
  for (const [index, item] of (head.deliver ?? []).entries()) {
    const path = ['deliver', index];
    const entry = sound(deliverySchema, item, path, source, report);
    if (entry === null || !isWhole(entry, item)) continue;
    const delivery = await deliveryOf(entry, path, source, filesIn(folder), report);
    if (delivery === null) continue;
    deliveries.push({ delivery: file === null ? delivery : { ...delivery, spec: file }, origin: at(path), text });
  }
  const { url = null, public_url: publicUrl = null } = head.server ?? {};
  return {
    set,
    isNamed: head.set !== undefined,
    url,
    publicUrl,
    profile: null,
    timeout: null,
    credential: null,
    state,
    adopt: false,
    desired,
    ansible: null,
    file,
    text,
    origins: { url: at(['server', 'url']), publicUrl: at(['server', 'public_url']), profile: at(['set']) },
    deliveries,
    rules: head.rules === undefined ? [] : rulesIn(head.rules, source, set, report),
  };
}

function filesIn(folder: string): Where {
  return {
    folder,
    read: async (path) => {
      const read = await readText(resolve(folder, path), path);
      return 'file' in read ? read.text : read.problem;
    },
  };
}

/** Whether nothing had to be left out of an item to make it sound. */
function isWhole(entry: object, item: Json): boolean {
  return isObject(item) && Object.keys(entry).length === Object.keys(item).length;
}
