/** The campaign's beginning, or with `npm run campaign`, all of it. CAMPAIGN_SEED and CAMPAIGN_RUNS choose others. */
import { expect, it } from 'vitest';
import { campaign } from './campaign.ts';

const { CAMPAIGN_SEED, CAMPAIGN_RUNS, CAMPAIGN_JSON, npm_lifecycle_event: script } = process.env;
const runs = Number(CAMPAIGN_RUNS ?? (script === 'campaign' ? 1200 : 24));

it(
  'whatever goes wrong on the way to the server, one clean apply brings everything in order',
  { timeout: 60_000 + runs * 3000 },
  async () => {
    expect(await campaign({ seed: Number(CAMPAIGN_SEED ?? 1), runs, json: CAMPAIGN_JSON })).toEqual([]);
  },
);
