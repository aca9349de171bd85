/**
 * A server with 60,000 keys of others: what a set costs there follows the set, not the server. Real servers are filled
 * by the program that LITELLM_PROXY names.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NEWEST } from '../../src/sandbox/versions.ts';
import { makeGround } from './ground.ts';
import { targets, type Target } from './targets.ts';

const OTHERS = 60_000;
const COUNT = 25;
/** One sandbox is enough. */
const canBeFilled = ({ others, isReal, version }: Target): boolean => others !== null && (isReal || version === NEWEST);

describe.each(targets.map((target) => [target.name, target] as const))('25 keys on %s', (_, target) => {
  describe.skipIf(!canBeFilled(target))('beside 60,000 of others', () => besideOthers(target));
});

function besideOthers(target: Target): void {
  const ground = makeGround(target);
  const person = ground.person();
  const run = async (argv: string): Promise<number> => {
    const { code, requests, stdout, stderr } = await person.vkeys(argv);
    expect(code, stdout + stderr).toBe(0);
    return requests.length;
  };
  const wants = (max_budget: number): string =>
    person.spec(ground.name('few'), [{ key_alias: ground.name('few'), roster: { count: COUNT }, max_budget }]);

  beforeAll(() => target.others?.fill(OTHERS), 1_800_000);
  afterAll(() => target.others?.empty(), 1_800_000);

  it('cost 62 requests to make, 4 to find unchanged, 33 to change, and 8 to delete', async () => {
    const file = wants(1);
    const costs = [await run(`apply -f ${file}`), await run(`apply -f ${file}`)];
    wants(2);
    costs.push(await run(`apply -f ${file}`), await run(`delete -f ${file} --yes`));
    const most = [2 * COUNT + 12, 4, COUNT + 8, 8];
    expect(costs.filter((cost, index) => cost > (most[index] ?? 0))).toEqual([]);
  });
}
