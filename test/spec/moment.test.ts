import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isZone, parseMoment } from '../../src/spec/moment.ts';
import { keysOf, load, messagesOf } from './load.ts';

const ends = async (expires: string, zone: string) => {
  const [key] = await keysOf(`{ time_zone: ${zone}, keys: [{ key_alias: a, expires: ${expires} }] }`);
  return key?.lifetime;
};

describe('an end', () => {
  test.each([
    ['2026-11-29', 'Europe/Berlin', '2026-11-29T22:59:59.000Z'],
    ['2026-07-01', 'Europe/Berlin', '2026-07-01T21:59:59.000Z'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-25T22:59:59.000Z'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-29T21:59:59.000Z'],
    ['2026-11-29', 'UTC', '2026-11-29T23:59:59.000Z'],
    ['2026-11-29', 'America/New_York', '2026-11-30T04:59:59.000Z'],
    ['2026-11-29', 'Asia/Kolkata', '2026-11-29T18:29:59.000Z'],
    ['2026-11-29', 'Pacific/Kiritimati', '2026-11-29T09:59:59.000Z'],
    ['2026-11-29T18:00', 'Europe/Berlin', '2026-11-29T17:00:00.000Z'],
    ['"2026-11-29 18:00:30.5"', 'Europe/Berlin', '2026-11-29T17:00:30.500Z'],
    ['2026-11-29T18:00:00Z', 'Europe/Berlin', '2026-11-29T18:00:00.000Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T01:30:00.000Z'],
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ])('%s in %s is what clocks show there', async (expires, zone, moment) => {
    expect(await ends(expires, zone)).toEqual({ expires: moment });
  });

  test('of a day is within it, and a second later it is another', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'Africa/Cairo',
      'America/Santiago',
      'Asia/Beirut',
      'Australia/Lord_Howe',
    );
    const days = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(zones, days, (zone, date) => {
        const day = date.toISOString().slice(0, 10);
        const end = Date.parse(String(parseMoment(day, zone)));
        const dayAt = (moment: number) => new Date(moment).toLocaleDateString('sv', { timeZone: zone });
        expect([dayAt(end), dayAt(end + 1000) > day]).toEqual([day, true]);
      }),
    );
  });

  test.each([
    ['2026-11-29', 'has no time zone'],
    ['2026-11-29T18:00', 'has no time zone'],
    ['2026-02-30', 'is no moment'],
    ['29.11.2026', 'is no moment'],
    ['2026-11-29T25:00', 'is no moment'],
    ['2026-11-29Z', 'is no moment'],
  ])('%s is refused without a zone, with what to write', async (expires, why) => {
    const { problems } = await load(`keys: [{ key_alias: a, expires: ${expires} }]`);
    expect(problems).toContain(`expires "${expires}" ${why}.`);
    expect(problems).toContain('time_zone: Europe/Berlin beside set: makes');
  });

  test('is refused in defaults and overrides, too', async () => {
    const text =
      'defaults: { expires: 2026-11-29 }\nkeys: [{ key_alias: a, roster: [u], overrides: { u: { expires: 2026-11-30 } } }]';
    expect(await messagesOf(text)).toEqual([
      '1:13 value: expires "2026-11-29" has no time zone.',
      '2:55 value: expires "2026-11-30" has no time zone.',
    ]);
  });
});

describe('a time zone', () => {
  test.each([
    ['Europe/Berln', 'Did you mean Europe/Berlin? Write a name of the time-zone database, like Europe/Berlin.'],
    ['"+01:00"', 'Write a name of the time-zone database, like Europe/Berlin.'],
    ['Mars/Olympus', 'Write a name of the time-zone database, like Europe/Berlin.'],
  ])('%s is none, and that is all that is told', async (zone, hint) => {
    const text = `time_zone: ${zone}\nkeys: [{ key_alias: a, expires: 2026-11-29 }]`;
    expect(await messagesOf(text)).toEqual([
      `1:12 value: time_zone ${zone.includes('"') ? zone : `"${zone}"`} is no time zone.`,
    ]);
    expect((await load(text)).problems).toContain(`\n${hint}`);
  });

  test('is any that this machine knows', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !isZone(zone))).toEqual([]);
  });
});
