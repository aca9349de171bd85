import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { FIELD_NAMES, KEY } from '../../src/kinds/key.ts';
import { difference, type ServerFacts } from '../../src/plan/diff.ts';
import { desired, live, NOW } from '../support/make.ts';

const facts: ServerFacts = { kind: KEY, now: NOW, listed: new Set(FIELD_NAMES), version: '1.110.2' };
const between = (wanted: JsonObject | null, found: JsonObject) =>
  difference(
    desired({ settings: { object_permission: wanted } }),
    live({ settings: { object_permission: found } }),
    facts,
  ).changes.map(({ to }) => to);

describe('a server that is revoked from mcp_servers', () => {
  const found = { mcp_servers: ['m1', 'm2'], mcp_tool_permissions: { m1: ['t1'], m2: ['t2'] } };

  it('goes from mcp_tool_permissions too', () => {
    const to = { mcp_servers: ['m1'], mcp_tool_permissions: { m1: ['t1'] } };
    expect(between({ mcp_servers: ['m1'] }, found)).toEqual([to]);
    expect(between({ mcp_servers: ['m1'] }, to)).toEqual([]);
  });

  it('goes when an earlier run left it there', () => {
    expect(between({ mcp_servers: ['m1'] }, { ...found, mcp_servers: ['m1'] })).toEqual([
      { mcp_servers: ['m1'], mcp_tool_permissions: { m1: ['t1'] } },
    ]);
  });

  it('leaves nothing when it was the only one', () => {
    const last = { mcp_servers: ['m2'], vector_stores: ['v'], mcp_tool_permissions: { m2: ['t2'] } };
    expect(between({ mcp_servers: [], vector_stores: ['v'] }, last)).toEqual([
      { mcp_servers: [], vector_stores: ['v'], mcp_tool_permissions: {} },
    ]);
    expect(between({ mcp_servers: [], vector_stores: ['v'] }, { vector_stores: ['v'] })).toEqual([]);
    const grouped = { vector_stores: ['v'], mcp_tool_permissions: { m2: ['t2'] }, mcp_access_groups: ['g'] };
    expect(between({ mcp_servers: [], vector_stores: ['v'] }, grouped)).toEqual([]);
  });
});

it('null takes all permissions, also those of tools', () => {
  expect(between(null, { mcp_tool_permissions: { m1: ['t1'] } })).toEqual([null]);
  expect(between(null, { mcp_tool_search_enabled: true })).toEqual([null]);
  expect(between(null, {})).toEqual([]);
});
