import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isObject } from '../../src/base/json.ts';
import { FIELDS, FIELD_NAMES } from '../../src/kinds/key.ts';
import { specJsonSchema } from '../../src/spec/json-schema.ts';
import { loadSpecs } from '../../src/spec/load.ts';
import { starterOf } from '../../src/spec/starter.ts';
import { keysOf } from './load.ts';

const START = { now: new Date('2026-11-30T16:00:00Z'), zone: 'Europe/Berlin' };
const examples = fileURLToPath(new URL('../../examples', import.meta.url));

describe('examples', () => {
  const io = { cwd: examples, env: {}, readStdin: () => Promise.resolve('') };
  const files = readdirSync(examples).filter((name) => name.endsWith('.yaml'));

  test.each(files)('%s is valid', async (file) => {
    const { specs, diagnostics } = await loadSpecs([file], io);
    expect(diagnostics).toEqual([]);
    expect(specs).toHaveLength(1);
  });

  test('are together valid as a folder', async () => {
    expect((await loadSpecs(['.'], io)).specs).toHaveLength(files.length);
  });

  test('lab.yaml makes a key for each attendee', async () => {
    const { specs } = await loadSpecs(['lab.yaml'], io);
    expect(specs[0]?.desired.map(({ ref, settings }) => [ref.name, settings.user_id, settings.max_budget])).toEqual([
      ['lab-ada-red', 'ada@example.com', 20],
      ['lab-grace-red', 'grace@example.com', 15],
      ['lab-katherine-blue', 'katherine@example.com', 10],
      ['lab-margaret-blue', 'margaret@example.com', 10],
    ]);
  });
});

describe('the starter spec', () => {
  test('is valid and makes six keys', async () => {
    expect(await keysOf(starterOf('team-x7k2', START))).toHaveLength(6);
  });
});

describe('the JSON Schema', () => {
  test('has every field with its help, in defaults, keys and overrides', () => {
    const { properties } = specJsonSchema();
    const { defaults = null, keys = null } = isObject(properties) ? properties : {};
    const schema = JSON.stringify([defaults, keys]);
    for (const name of FIELD_NAMES) {
      expect(schema.split(`${JSON.stringify(name)}:{"description":${JSON.stringify(FIELDS[name].about)}`)).toHaveLength(
        4,
      );
    }
  });

  test('is draft 2020-12 and closed, so that an editor marks a wrong name', () => {
    expect(specJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      additionalProperties: false,
      properties: {
        version: { const: 1 },
        keys: {
          items: {
            required: ['key_alias'],
            additionalProperties: false,
            properties: { rpm_limit: { anyOf: [{ type: 'integer', minimum: 0 }, { type: 'null' }] } },
          },
        },
        deliver: { items: { oneOf: expect.arrayContaining([{ required: ['dotenv'] }, { required: ['text'] }]) } },
      },
    });
    expect(readFileSync(`${examples}/workshop.yaml`, 'utf8')).toMatch(/^# yaml-language-server: \$schema=/);
    expect(starterOf('team-x7k2', START)).toMatch(/^# yaml-language-server: \$schema=/);
  });
});
