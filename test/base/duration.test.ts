import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { durationHint, endOf, parseDuration } from '../../src/base/duration.ts';

describe('durations', () => {
  test.each(['1s', '90m', '8h', '30d', '2w', '1mo', '36600d', '1200mo'])('%s is one', (text) => {
    expect(parseDuration(text)).not.toBeNull();
  });

  test.each([
    '',
    '1y',
    '30',
    '-5d',
    '1.5h',
    '1h30m',
    '30days',
    'P30D',
    'never',
    '0d',
    '36601d',
    '99999999999999999999d',
    '1D',
    ' 1d',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test.each([
    ['1y', '365d'],
    ['2 years', '730d'],
    ['30', '30d'],
    ['1h30m', '90m'],
    ['1.5h', '90m'],
    ['30days', '30d'],
    ['36 hours', '36h'],
    ['90 sec', '90s'],
    ['P30D', '30d'],
    ['PT12H', '12h'],
    ['1M', '1mo'],
    ['3 months', '3mo'],
  ])('%s was probably %s', (text, guess) => {
    expect(durationHint(text)).toContain(`Did you mean ${guess}? `);
  });

  test.each(['', 'never', '-5d', '0', '1.0001s', '5 quarters', '999y'])('nobody knows what %j was', (text) => {
    expect(durationHint(text)).toMatch(/^A duration is a whole number/);
  });

  const from = new Date('2026-01-31T10:00:00.000Z');

  test.each([
    ['90s', '2026-01-31T10:01:30.000Z'],
    ['2m', '2026-01-31T10:02:00.000Z'],
    ['8h', '2026-01-31T18:00:00.000Z'],
    ['3d', '2026-02-03T10:00:00.000Z'],
    ['1w', '2026-02-07T10:00:00.000Z'],
    ['1mo', '2026-02-28T10:00:00.000Z'],
    ['2mo', '2026-03-31T10:00:00.000Z'],
    ['25mo', '2028-02-29T10:00:00.000Z'],
  ])('%s from the end of January is %s', (duration, end) => {
    expect(endOf(duration, from).toISOString()).toBe(end);
  });

  test('an end needs a duration', () => {
    expect(() => endOf('1y', from)).toThrow(RangeError);
  });

  test('an end comes after its beginning, and a hint comes for any text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 999 }),
        fc.constantFrom('s', 'm', 'h', 'd', 'w', 'mo'),
        (text, count, unit) => {
          expect(durationHint(text)).toContain('A duration is');
          expect(endOf(`${String(count)}${unit}`, from).getTime()).toBeGreaterThan(from.getTime());
        },
      ),
    );
  });
});
