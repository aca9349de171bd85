import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { VkeysError } from '../../src/base/errors.ts';
import { documentOf, planDocument, reportDocument } from '../../src/view/document.ts';
import { faultsIn } from '../support/document.ts';
import { applied, creation, deletion, live, noop, NOW, plan, ref, report, update, listJson } from './values.ts';

const CHANGES = [
  creation('a', { max_budget: 5, models: ['x'] }),
  update('b', [{ field: 'aliases', from: null, to: { a: 'b' } }]),
  deletion('c'),
  noop('d'),
];
const ERROR = new VkeysError('api', 'no', 'try', { facts: { status: 500 } });
const FAILED = applied(creation('e', {}), { status: 'failed', live: null, secret: null, error: ERROR });
const NOTICES = [
  { code: 'orphan', ref: null, message: 'x', hint: null },
  { code: 'foreign', ref: ref('x'), message: 'x', hint: 'y' },
] as const;
const TIMES = { started: NOW, ended: NOW };
const PLAN = plan(CHANGES, { notices: NOTICES, refusals: NOTICES, rewrites: ['/a'] });
const DONE = report([...CHANGES.map((change) => applied(change)), FAILED], { notices: NOTICES, written: ['/a'] });
const URL = 'https://litellm.example.com';

const DOCUMENTS: readonly (readonly [string, JsonObject])[] = [
  ['a plan', planDocument([{ plan: PLAN, url: URL }], NOTICES, { ...TIMES, error: ERROR, notices: NOTICES })],
  [
    'a report',
    reportDocument({ ...TIMES, sets: [DONE, report([], { set: null, missing: ['x'] })] }, null, {
      secrets: true,
      notices: [],
    }),
  ],
  ['an error', documentOf({ ...TIMES, error: ERROR })],
  ['a list', documentOf({ ...TIMES, keys: listJson([live('a', { settings: { aliases: { a: 'b' } } })], NOW, {}) })],
  ['a key of a spec', documentOf({ ...TIMES, keys: [{ set: 's', key_alias: 'a', duration: '3d' }] })],
];

describe.each(DOCUMENTS)('%s', (_, document) => {
  test('is as the schema says', () => {
    expect(faultsIn(document)).toEqual([]);
  });

  test.each(Object.keys(documentOf(TIMES)))('is none without %s, nor with another one', (member) => {
    const { [member]: _known, ...rest } = document;
    expect(faultsIn(rest)).not.toEqual([]);
    expect(faultsIn({ ...document, [member]: 'x' })).not.toEqual([]);
  });

  test('has no member that the schema does not know', () => {
    expect(faultsIn({ ...document, more: 1 })).not.toEqual([]);
    const [first] = document['keys'] as readonly JsonObject[];
    if (first?.['action'] !== undefined)
      expect(faultsIn({ ...document, keys: [{ ...first, more: 1 }] })).not.toEqual([]);
    if (first !== undefined) expect(faultsIn({ ...document, keys: [{ ...first, key_alias: 7 }] })).not.toEqual([]);
  });
});

test('a report tells each key, and what was done', () => {
  const ada = applied(creation('lab-ada', { user_id: 'ada@example.com', max_budget: 5 }), {
    places: [{ sink: 'dotenv', path: '/secrets/ada.env' }],
  });
  expect(reportDocument({ ...TIMES, sets: [report([ada])] }, null, { secrets: true, notices: [] }))
    .toMatchInlineSnapshot(`
      {
        "budgets": [],
        "changed": true,
        "ended": "2026-11-21T12:00:00.000Z",
        "error": null,
        "keys": [
          {
            "action": "create",
            "changed": true,
            "changes": [
              {
                "field": "user_id",
                "from": null,
                "to": "ada@example.com",
              },
              {
                "field": "max_budget",
                "from": null,
                "to": 5,
              },
            ],
            "expires": "2026-11-24T12:00:00Z",
            "key": "sk-lab-ada-secret-wXyZ",
            "key_alias": "lab-ada",
            "key_id": "0c879cef97edb717003f2b1c4ae8b5f8042981caf6b44a05da1e6a0e6c0d61d1",
            "max_budget": null,
            "models": [],
            "places": [
              "/secrets/ada.env",
            ],
            "reason": null,
            "set": "ai-workshop",
            "spend": 0,
            "status": "applied",
            "takes": [],
            "total_spend": null,
            "user": "ada",
            "user_id": null,
          },
        ],
        "members": [],
        "notices": [],
        "sets": [
          {
            "api_base_url": "https://litellm.example.com/v1",
            "changed": true,
            "litellm_version": null,
            "missing": [],
            "set": "ai-workshop",
            "state": "present",
            "summary": {
              "adopt": 0,
              "create": 1,
              "delete": 0,
              "failed": 0,
              "noop": 0,
              "replace": 0,
              "rotate": 0,
              "skipped": 0,
              "update": 0,
            },
            "url": "https://litellm.example.com",
            "withdrawn": [],
            "written": [],
          },
        ],
        "started": "2026-11-21T12:00:00.000Z",
        "summary": {
          "adopt": 0,
          "create": 1,
          "delete": 0,
          "failed": 0,
          "noop": 0,
          "replace": 0,
          "rotate": 0,
          "skipped": 0,
          "update": 0,
        },
        "teams": [],
        "users": [],
        "version": 1,
      }
    `);
});

test('a report leaves keys out without secrets, and never has that of a deleted key', () => {
  const gone = applied(deletion('b'), { secret: applied(creation('b', {})).secret });
  for (const [secrets, count] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const sets = [report([applied(creation('a', {})), gone])];
    const text = JSON.stringify(reportDocument({ ...TIMES, sets }, null, { secrets, notices: [] }));
    expect(text.match(/"key":/g) ?? []).toHaveLength(count);
  }
});

test('a key that was made and not delivered is a change that failed; a hand-out alone is a change', () => {
  const undelivered = applied(creation('a', {}), { status: 'failed', error: ERROR });
  expect(
    reportDocument({ ...TIMES, sets: [report([undelivered])] }, null, { secrets: true, notices: [] }),
  ).toMatchObject({
    changed: true,
    summary: { create: 0, failed: 1 },
    keys: [{ status: 'failed', changed: true, error: { kind: 'api', message: 'no', hint: 'try', status: 500 } }],
  });
  const written = report([applied(noop('a'))], { written: ['/a.env'] });
  expect(reportDocument({ ...TIMES, sets: [written] }, null, { secrets: true, notices: [] })).toMatchObject({
    changed: true,
  });
});
