/** The small commands of a key's life on real servers: its end, its budget, its opening, and that it goes. */
import { describe, expect, it } from 'vitest';
import { makeGround } from './ground.ts';
import { targets } from './targets.ts';

describe.each(targets)("a key's life on $name", (target) => {
  const ground = makeGround(target);
  const person = ground.person();
  const set = ground.name('life');
  const alias = ground.name('a');
  const done = async (line: string): Promise<string> => {
    const { code, stdout, stderr } = await person.vkeys(line);
    expect({ code, stderr }, line).toEqual({ code: 0, stderr: expect.not.stringContaining('error') });
    return stdout;
  };

  it('is closed, handed out, opened, raised, moved and blocked, and ends', async () => {
    const opens = new Date(target.now().getTime() + 3_600_000).toISOString();
    const file = person.spec(set, [{ key_alias: alias, opens, duration: '1h', max_budget: 2 }]);
    await done(`apply -f ${file}`);
    expect(await person.one(`get ${alias}`)).toMatchObject({ status: 'blocked' });
    expect(await done(`plan -f ${file} --exit-code`)).toContain('Opens');
    await done(`open -f ${file}`);
    expect(await done(`plan -f ${file} --exit-code`)).toContain('Is open already');
    expect(await done(`raise -f ${file} --max-budget +5 --write`)).toContain('max_budget 2 → 7');
    await ground.update((await ground.key(alias)).id, { spend: 1.5 });
    await done(`raise ${alias} --reset-spend`);
    expect(await person.one(`get ${alias}`)).toMatchObject({ status: 'active', max_budget: 7, spend: 0 });
    await done(`extend -f ${file} --by 1d --write`);
    expect(await done(`plan -f ${file} --exit-code`)).toContain('No changes.');
    await done(`block --set ${set}`);
    expect(await person.one(`get ${alias}`)).toMatchObject({ status: 'blocked' });
    await done(`unblock ${alias}`);
    expect((await person.vkeys(`unblock ${alias}`)).requests).not.toContain('POST /key/update');
    await ground.update((await ground.key(alias)).id, { duration: '1s' });
    /* The clock of a slow server is known to the second or two. */
    await target.pass(4000);
    await done(`gc ${alias} --yes`);
    expect(await ground.named(alias)).toEqual([]);
    expect(await done(`plan -f ${file} --exit-code`)).toContain('Ended');
  });
});
