/** One document → its part of a set. */
import { isObject } from '../../base/json.ts';
import type { Origin } from '../../model/resource.ts';
import type { Spec } from '../../model/spec.ts';
import { deliveriesIn, type PlacedDelivery } from '../deliveries/list.ts';
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
import { KEY_FORM } from '../forms.ts';
import { headSchema } from '../schema.ts';
import { rulesIn, type RuleAt } from '../rules/read.ts';
import { diagnose, quoted, type OnDiagnostic, type Text } from '../read/text.ts';
import type { Source } from '../read/tree.ts';

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
  const given = await deliveriesIn(head.deliver ?? [], source, folder, report);
  const deliveries = given.map(({ delivery, ...placed }) => ({
    ...placed,
    delivery: file === null ? delivery : { ...delivery, spec: file },
  }));
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
