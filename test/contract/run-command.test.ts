/** `vkeys run` against servers: a key for one command, what it called, and nothing left. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isOlder } from '../../src/base/version.ts';
import { makeGround } from './ground.ts';
import { targets } from './targets.ts';

const CALL = `
const ask = (model) => fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
  method: 'POST',
  headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' },
  body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
});
const [one, other] = [await ask('gpt-4o-mini'), await ask('claude-sonnet')];
process.exitCode = one.ok && !other.ok ? 7 : 1;
`;

describe.each(targets)('a command on $name', (target) => {
  const me = makeGround(target).person();

  it.skipIf(!target.isReal)('uses its key as it may, and what it used is told', async () => {
    writeFileSync(join(me.folder, 'call.mjs'), CALL);
    const words = ['run', '--models', 'gpt-4o-mini', '--max-budget', '5', '--', process.execPath];
    const seen = await me.vkeys([...words, join(me.folder, 'call.mjs')]);
    const refused = isOlder(target.version, '1.83') ? '' : '(, 1 refused)?';
    const told = new RegExp(`^(1 call, .* US dollars${refused}, as of|0 calls, .*1 refused|No call is counted yet\\.)`);
    expect(seen).toMatchObject({ code: 7, stdout: '', stderr: expect.stringMatching(told) });
    expect(await me.vkeys('keyring list')).toMatchObject({ stdout: '' });
  });

  it('that leaves a key is followed by one that deletes it when it has ended', async () => {
    const [life, past] = target.isReal ? ['4s', 8000] : ['60s', 70_000];
    const nothing = ['--', process.execPath, '-e', ''];
    expect(await me.vkeys(['run', '-q', '--reuse', life, ...nothing])).toMatchObject({ code: 0 });
    expect((await me.vkeys('keyring list')).stdout).toMatch(/^run-test-/);
    await target.pass(past);
    expect(await me.vkeys(['run', '-q', ...nothing])).toMatchObject({ code: 0, stderr: '' });
    expect(await me.vkeys('keyring list')).toMatchObject({ stdout: '' });
  });
});
