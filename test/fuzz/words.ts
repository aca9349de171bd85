/** Small languages: templates, durations, moments, the environment's variables, rosters in CSV. */
import * as fc from 'fast-check';
import { durationHint, endOf, parseDuration } from '../../src/base/duration.ts';
import { fill, filledLength, literal, placeholdersOf } from '../../src/base/template.ts';
import { interpolate } from '../../src/spec/read/environment.ts';
import { momentHint, parseMoment } from '../../src/spec/moment.ts';
import { KEY_FORM } from '../../src/spec/forms.ts';
import { rosterOfCsv } from '../../src/spec/roster-file.ts';
import { numberedText } from '../../src/spec/read/text.ts';
import type { Diagnostic } from '../../src/model/spec.ts';
import { mutated } from './mutate.ts';
import { ROSTERS } from './specs.ts';
import { assert, target } from './target.ts';

const TEMPLATES = ['lab-{user}-{team}', '{{{user}}}', '{', '}{', '{ user }', '{__proto__}', '{constructor}{toString}'];
const DURATIONS = ['30d', '1mo', '90m', '1h30m', 'P1Y2M', '1.5 days', '999999999999s', '0d', '١d', '1w', '-1d', '1e3s'];
const MOMENTS = [
  '2026-12-24T18:00:00Z',
  '2026-12-24 18:00+01:00',
  '0000-01-01T00:00Z',
  '9999-12-31T23:59:59.999999999-23:59',
];

function checkTemplate([template, user]: readonly [string, string]): void {
  const values = { user, team: '{user}', set: '' };
  const filled = fill(template, values);
  assert(filledLength(template, values) === filled.length, 'the length is known before', filled);
  assert(fill(literal(template), values) === template, 'a literal stays', template);
  const unknown = placeholdersOf(template).filter((name) => !Object.hasOwn(values, name));
  for (const name of unknown) assert(filled.includes(`{${name}}`), 'an unknown name stays', name);
  assert(!/\[object|native code/.test(filled), 'nothing is inherited', filled);
}

function checkDuration(text: string): void {
  const parsed = parseDuration(text);
  if (parsed !== null) {
    const end = endOf(text, new Date('2026-11-21T10:00:00Z'));
    assert(end.getTime() > 0 && end.getUTCFullYear() < 2200, 'an end within two hundred years', text, end);
  }
  const [, guess] = /^Did you mean (.*?)\? /.exec(durationHint(text)) ?? [];
  assert(guess === undefined || parseDuration(guess) !== null, 'a guess is a duration', guess);
}

function checkMoment(text: string): void {
  const parsed = parseMoment(text, 'Europe/Berlin');
  assert(
    parsed === null || parseMoment(parsed, null) === parsed || !/^\d{4}-/.test(parsed),
    'read again',
    text,
    parsed,
  );
  assert(momentHint(text).includes('T18:00:00Z'), 'a hint');
}

function checkEnvironment(text: string): void {
  const { text: filled, unset, malformed } = interpolate(text, { USER: 'ada', EMPTY: '' });
  assert(!/\[object|native code/.test(filled), 'nothing is inherited', filled);
  assert(text.includes('${') || unset.length + malformed.length === 0, 'only variables are missed', text);
}

function checkRoster(csv: string): void {
  const told: Diagnostic[] = [];
  const text = numberedText('roster.csv', csv);
  const source = { text, value: null, secrets: new Set<string>(), at: () => text.origin(0), note: () => undefined };
  const report = (diagnostic: Diagnostic) => told.push(diagnostic);
  const { users } = rosterOfCsv(text, { fields: 'all' }, [], { form: KEY_FORM, source, report, zone: 'Europe/Berlin' });
  assert(told.length === 0 || users.length === 0, 'users or a diagnostic');
  const places = [...users.map(({ at }) => at()), ...told.map(({ origin }) => origin)];
  for (const origin of places) assert(text.line(origin.line) !== null, 'a place in the text', origin);
  for (const { user, columns } of users) assert(columns['user'] === user, 'a user has its columns', user);
}

export const WORDS = {
  templates: target({ inputs: fc.tuple(mutated(TEMPLATES), fc.string()), check: checkTemplate, share: 600 }),
  durations: target({ inputs: mutated(DURATIONS), check: checkDuration, share: 500 }),
  moments: target({ inputs: mutated(MOMENTS), check: checkMoment, share: 300 }),
  'variables in texts': target({
    inputs: mutated(['${USER}', '${X:-${Y}}', '$$ ${EMPTY:-a}']),
    check: checkEnvironment,
    share: 300,
  }),
  rosters: target({ inputs: mutated(ROSTERS), check: checkRoster, share: 900 }),
};
