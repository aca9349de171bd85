/** Keys with any of the fields that the table of keys has, for servers without a licence. */
import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { FIELDS } from '../../src/kinds/key.ts';
import type { Field, Settings } from '../../src/model/fields.ts';

const VALUES: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  key_type: fc.constantFrom('llm_api', 'management', 'read_only'),
  auto_rotate: fc.constant(true),
  rotation_interval: fc.constant('30d'),
  temp_budget_expiry: fc.constant('2099-01-01T00:00:00'),
  budget_limits: fc.constant([{ budget_duration: '1d', max_budget: 1 }]),
  object_permission: fc.record({ agents: fc.constant(['a']) }),
  rpm_limit_type: fc.constant('guaranteed_throughput'),
  tpm_limit_type: fc.constant('best_effort_throughput'),
};
/** Fields of which the sandbox has none, or which need a licence. */
const UNTRIED = new Set(['organization_id', 'project_id', 'team_id', 'budget_id', 'temp_budget_expiry']);

function valueOf(name: string, { kind }: Field): fc.Arbitrary<Json> {
  const own = VALUES[name];
  if (own !== undefined) return own;
  switch (kind) {
    case 'number':
    case 'integer':
      return fc.integer({ min: 1, max: 9 });
    case 'duration':
      return fc.constantFrom('1d', '30d');
    case 'boolean':
      return fc.boolean();
    case 'strings':
      return fc.uniqueArray(fc.constantFrom('gpt-4o-mini', 'b'), { minLength: 1 });
    case 'object':
      return fc.dictionary(fc.constantFrom('x', 'y'), fc.integer({ min: 1, max: 9 }));
    case 'objects':
      return fc.constant([{ index_name: 'a', index_permissions: ['read'] }]);
    case 'string':
      return fc.constantFrom('a', 'b');
  }
}

/** A number of them at once. */
export const everyField: fc.Arbitrary<Settings> = fc
  .record(
    Object.fromEntries(
      Object.entries(FIELDS).flatMap(([name, field]: [string, Field]) =>
        field.licence === true || UNTRIED.has(name) ? [] : [[name, valueOf(name, field)] as const],
      ),
    ),
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((all) =>
    Object.fromEntries(
      Object.entries(
        all['temp_budget_increase'] === undefined ? all : { ...all, temp_budget_expiry: '2099-01-01T00:00:00' },
      ).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
  );
/** Also what lies there for other fields, and a secret. */
export const someMetadata: fc.Arbitrary<JsonObject> = fc.record(
  {
    team: fc.constantFrom('x', 1),
    tags: fc.constant(['course']),
    logging: fc.constant([{ callback_name: 'langfuse', callback_vars: { langfuse_secret_key: 'sk-lf-hidden' } }]),
    notes: fc.constant({ from: 'the environment' }),
  },
  { requiredKeys: [] },
);
