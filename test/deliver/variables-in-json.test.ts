import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/model/delivery.ts';
import { deliver, delivererTo, folder, handout, known, undelivered, withdraw } from './handouts.ts';

const ADA = handout('ada');
const VARIABLES = { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: '{api_base_url}' };

async function flat(variables: Readonly<Record<string, string>> = VARIABLES, text?: string) {
  const path = join(await folder(), 'keys.json');
  if (text !== undefined) await writeFile(path, text);
  const delivery: Delivery = { to: 'json', path, variables };
  return { delivery, path, read: async () => JSON.parse(await readFile(path, 'utf8')) as unknown };
}

describe('one flat object in JSON', () => {
  test('has the variables, and keeps what others have there', async () => {
    const { delivery, read } = await flat(VARIABLES, '\uFEFF{"OPENAI_API_KEY": "old", "theirs": {"deep": [1]}}');
    await deliver([delivery], [ADA]);
    const theirs = { theirs: { deep: [1] } };
    const ours = { OPENAI_API_KEY: 'sk-ada-secret', OPENAI_BASE_URL: 'https://litellm.example.com/v1' };
    expect(await read()).toEqual({ ...ours, ...theirs });
    expect(await undelivered([delivery], [ADA])).toEqual([]);
    await withdraw([delivery], [ADA]);
    expect(await read()).toEqual(theirs);
  });

  test('of several keys has a name for each, and goes with the last one', async () => {
    const { delivery, path, read } = await flat({ '{KEY_ALIAS}': '{key}' });
    await deliver([delivery], [ADA, handout('bob')]);
    expect(await read()).toEqual({ LAB_ADA: 'sk-ada-secret', LAB_BOB: 'sk-bob-secret' });
    await withdraw([delivery], [ADA]);
    expect(await read()).toEqual({ LAB_BOB: 'sk-bob-secret' });
    await withdraw([delivery], [handout('bob')]);
    await expect(readFile(path)).rejects.toThrow(/ENOENT/);
  });

  test.each([
    ['[]', /vkeys did not write: it is no object/],
    ['{"keys": []}', /is a list of keys, and no object of variables/],
    ['{"a": ', /:1:\d+: The file is not valid JSON/],
  ])('does not write over %s', async (text, message) => {
    const { delivery, path } = await flat(VARIABLES, text);
    const { failed } = await deliver([delivery], [ADA]);
    expect(failed[0]?.error.message).toMatch(message);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('leaves out what a client does without, where the key does not have it', async () => {
    const { delivery, read } = await flat({ KEY: '{key}', MODEL: '{model}' });
    const client: Delivery = { ...delivery, optional: ['MODEL'] };
    await deliver([client], [ADA]);
    expect(await read()).toEqual({ KEY: 'sk-ada-secret' });
    const { desired, live, ...rest } = known(ADA);
    await delivererTo([client]).put([{ ...rest, desired, live: { ...live, settings: { models: ['gpt-4o'] } } }]);
    expect(await read()).toEqual({ KEY: 'sk-ada-secret', MODEL: 'gpt-4o' });
    const { failed } = await deliver([delivery], [ADA]);
    expect(failed[0]?.error.message).toMatch(/has no \{model\}/);
  });
});
