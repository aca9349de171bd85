import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { makeHome, MASTER_KEY } from '../support/run.ts';

const SPEC = 'set: s\nkeys: [{ key_alias: theirs, metadata: { owner: ada } }]\n';

test('numbers of others that JavaScript cannot hold are shown and sent back as they were', async () => {
  const bodies: string[] = [];
  const home = makeHome({
    wrap:
      (fetch): Fetch =>
      (url, init) => {
        if (typeof init.body === 'string') bodies.push(init.body);
        return fetch(url, init);
      },
  });
  const theirs = '"id":1152921504606846977,"big":{"list":[-12345678901234567890,1e400]}';
  home.sandbox.handle({
    method: 'POST',
    path: '/key/generate',
    headers: { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json' },
    body: `{"key_alias":"theirs","metadata":{${theirs}}}`,
  });
  writeFileSync(join(home.folder, 'spec.yaml'), SPEC);

  const applied = await home.vkeys('apply -f spec.yaml --adopt --yes');
  expect(applied).toMatchObject({ code: 0 });
  expect(bodies).toEqual([expect.stringContaining(theirs)]);
  for (const format of ['json', 'yaml', 'table']) {
    expect((await home.vkeys(`get theirs -o ${format}`)).stdout).toContain('1152921504606846977');
  }
  expect((await home.vkeys('list -o csv')).stdout).toContain('""id"":1152921504606846977');
  expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(0);
});

test('a number on the command line that JavaScript cannot hold is refused', async () => {
  const { code, stderr } = await makeHome().vkeys([
    'create',
    '--alias',
    'a',
    '--metadata',
    '{"id": 12345678901234567890}',
  ]);
  expect([code, stderr]).toEqual([3, expect.stringContaining('"12345678901234567890": it would become another one.')]);
});
