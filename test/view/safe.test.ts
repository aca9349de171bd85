import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { VkeysError } from '../../src/base/errors.ts';
import { ACTIONS, type Change } from '../../src/model/change.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Notice } from '../../src/model/plan.ts';
import { USUAL_TERMS } from '../../src/model/rotation.ts';
import { Secret } from '../../src/base/secret.ts';
import { cardText } from '../../src/view/card.ts';
import { planDocument, reportDocument } from '../../src/view/document.ts';
import { csvText } from '../../src/encode/csv.ts';
import { diagnosticsText } from '../../src/view/diagnostics.ts';
import { errorText } from '../../src/view/error.ts';
import { jsonText } from '../../src/encode/json.ts';
import { outcomeJson } from '../../src/view/outcome.ts';
import { planText } from '../../src/view/plan.ts';
import { reportText } from '../../src/view/report.ts';
import { yamlText } from '../../src/encode/yaml.ts';
import { about, desired, live, LOOK, NOW, PIPED, plan, ref, report, listJson, listText } from './values.ts';

const hostile = fc.string({
  unit: fc.constantFrom(
    'a',
    '1',
    '-',
    'é',
    '\n',
    '\r',
    '\t',
    '\0',
    '\u001B',
    '\u0007',
    '\u009B',
    '\u202E',
    '\u2066',
    '\u2028',
    '\uFEFF',
    '\u{E0041}',
  ),
});
const secret = fc.stringMatching(/^sk-[A-Za-z0-9_-]{43}$/).map((text) => new Secret(text));
const value = fc.oneof(
  hostile,
  fc.array(hostile, { maxLength: 5 }),
  fc.double(),
  fc.constant(null),
  fc.dictionary(hostile, hostile),
);
const fields = fc.array(fc.record({ field: hostile, from: value, to: value }), { maxLength: 4 });
const change: fc.Arbitrary<Change> = fc
  .tuple(hostile, hostile, fields, fc.constantFrom(...ACTIONS))
  .map(([name, text, changed, action]): Change => {
    const found = live(name, {
      settings: { user_id: text, models: [text] },
      metadata: { [text]: text },
      key_name: text,
      expires: text,
    });
    const both = { ...about(name, changed), reason: text, desired: desired(name, { user: text }) };
    if (action === 'create') return { ...both, action, live: null };
    if (action === 'replace') return { ...both, action, because: 'ended', live: found };
    if (action === 'rotate')
      return { ...both, action, because: 'due', terms: USUAL_TERMS, live: found, successor: null };
    if (action === 'delete') return { ...both, action, because: 'absent', live: found };
    return { ...both, action, live: found };
  });
const notice: fc.Arbitrary<Notice> = fc.record({
  code: fc.constant('server' as const),
  ref: fc.option(hostile.map(ref)),
  message: hostile,
  hint: fc.option(hostile),
});
const outcome: fc.Arbitrary<Outcome> = fc
  .record({
    change,
    secret,
    text: hostile,
    status: fc.constantFrom('applied' as const, 'failed' as const, 'skipped' as const),
  })
  .map((each) => ({
    ...each,
    live: each.change.live,
    places: [{ sink: 'dotenv', path: each.text }],
    error: each.status === 'failed' ? new VkeysError('api', each.text, each.text) : null,
  }));

/** All that a terminal could obey, but for line breaks (and the tabs of a table for programs). */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/u;

test('no rendered text has a control character, and no secret unless it is asked for', () => {
  fc.assert(
    fc.property(
      fc.array(outcome, { maxLength: 14 }),
      fc.array(notice, { maxLength: 3 }),
      hostile,
      (outcomes, notices, text) => {
        const changes = outcomes.map((each) => each.change);
        const lives = changes.flatMap(({ live: found }) => (found === null ? [] : [found]));
        const withdrawals = [{ ref: ref(text), key_id: '0', places: [{ sink: 'csv', path: text }] }];
        const made = plan(changes, { set: text, notices, refusals: notices, rewrites: [text], withdrawals });
        const done = report(outcomes, { notices, written: [text], withdrawn: [text], missing: [text] });
        const [first] = outcomes;
        const error = new VkeysError('api', text, text);
        const times = { started: NOW, ended: NOW };
        const place = { file: text, line: 1, column: 1 };
        const texts = [
          planText(made, LOOK),
          reportText(done, PIPED, { showKeys: false, seconds: 1, ended: NOW }),
          listText(lives, LOOK, {}),
          listText(lives, PIPED, { columns: ['key_alias', 'metadata', 'models', 'expires'] }),
          errorText(error, LOOK),
          diagnosticsText([{ origin: place, rule: 'x', message: text, hint: text, frame: text }], LOOK),
          ...(first === undefined
            ? []
            : [
                cardText(live(text, { expires: text, metadata: { [text]: text } }), LOOK, {
                  secret: first.secret,
                  showKey: false,
                  api_base_url: text,
                }),
              ]),
        ];
        for (const rendered of texts) expect(rendered).not.toMatch(UNSAFE);
        const data = [
          jsonText(planDocument([{ plan: made, url: text }], notices, { ...times, error, notices })),
          jsonText(reportDocument({ ...times, sets: [done] }, error, { secrets: false, notices })),
          yamlText(listJson(lives, NOW, {})),
          csvText(listJson(lives, NOW, {})),
          csvText(outcomes.map((each) => outcomeJson(each, { secrets: false }))),
        ];
        for (const { secret: hidden } of outcomes) {
          const shown = [...texts, ...data].some((rendered) => rendered.includes(hidden?.reveal() ?? '-'));
          expect(shown).toBe(false);
        }
      },
    ),
    { numRuns: 60 },
  );
});
