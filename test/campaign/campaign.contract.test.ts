/** A part of the campaign before a real server, whose answers take the time that they take. */
import { describe, expect, it } from 'vitest';
import { targets } from '../contract/targets.ts';
import { campaign } from './campaign.ts';

const { CAMPAIGN_SEED, CAMPAIGN_RUNS, CAMPAIGN_JSON } = process.env;
const servers = targets.filter(({ isReal }) => isReal);

describe.skipIf(servers.length === 0)('whatever goes wrong on the way to a real server (LITELLM_BASE_URL)', () => {
  it.each(servers)('$name: one clean apply brings everything in order', { timeout: 600_000 }, async (on) => {
    const [seed, runs] = [Number(CAMPAIGN_SEED ?? 1), Number(CAMPAIGN_RUNS ?? 8)];
    expect(await campaign({ seed, runs, on, json: CAMPAIGN_JSON })).toEqual([]);
  });
});
