/** Rules for a whole organisation, whatever the command: VKEYS_RULES. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import { makeTeam } from '../support/server.ts';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';

const env = {
  LITELLM_BASE_URL: 'http://litellm.test',
  LITELLM_MASTER_KEY: MASTER_KEY,
  VKEYS_RULES: 'rules.yaml',
};
const RULES = `rules:
  keys:
    ends_within: 30d
    max_budget: { most: 50 }
    metadata: [cost_center]
    required: [team_id, tpd_limit]
    key_alias: lab-*
`;
const LAWFUL = '--duration 8h --max-budget 5 --metadata cost_center=7 --team-id t --field tpd_limit=5';

async function homeWith(files: Readonly<Record<string, string>>): Promise<Home> {
  const home = makeHome();
  await makeTeam(home.server, 't');
  for (const [name, text] of Object.entries({ 'rules.yaml': RULES, ...files }))
    writeFileSync(join(home.folder, name), text);
  return home;
}

const spec = (max_budget: number): string =>
  `set: lab\nkeys:\n  - key_alias: lab-a\n    duration: 8h\n    max_budget: ${String(max_budget)}\n    metadata: { cost_center: 7 }\n    team_id: t\n    tpd_limit: 5\n`;

describe.each(['validate', 'plan', 'apply', 'apply --dry-run'])('%s', (command) => {
  it('looks at the rules, and tells where they are broken', async () => {
    const home = await homeWith({ 'vkeys.yaml': spec(51) });
    expect((await home.vkeys(`${command} --yes`.replace(/^(validate|plan) --yes/, '$1'))).code).toBe(0);
    const { code, stderr, stdout, requests } = await home.vkeys(`${command} -o json`, { env });
    expect([code, requests]).toEqual([3, []]);
    expect(stderr).toContain('vkeys.yaml:5:17: max_budget is 51, against the rule at rules.yaml:4:25: at most 50.');
    expect(documentIn(stdout).diagnostics).toMatchObject([{ file: 'vkeys.yaml', line: 5, column: 17, rule: 'rules' }]);
    writeFileSync(join(home.folder, 'vkeys.yaml'), spec(50));
    expect((await home.vkeys(command, { env })).code).toBe(0);
  });

  it('says that rules alone are no spec', async () => {
    const { code, stderr } = await (await homeWith({})).vkeys(`${command} rules.yaml`);
    if (command === 'validate') expect([code, stderr]).toEqual([0, '6 rules, all well.\n']);
    else {
      expect(code).toBe(3);
      expect(stderr).toContain('There is no spec in rules.yaml, only rules.');
    }
  });
});

describe('create', () => {
  it('makes what keeps to the rules, and nothing else', async () => {
    const home = await homeWith({});
    const { code, stderr, requests } = await home.vkeys('create ada --max-budget 500', { env });
    expect([code, requests]).toEqual([3, []]);
    expect(stderr).toMatchInlineSnapshot(`
      "error: expires is not set, against the rule at rules.yaml:3:18: ends within 30d.
             team_id is not set, against the rule at rules.yaml:6:16: has to be set.
             tpd_limit is not set, against the rule at rules.yaml:6:25: has to be set.
             metadata.cost_center is not set, against the rule at rules.yaml:5:16: has to be set.
             key_alias is ada, against the rule at rules.yaml:7:16: only lab-*.
             max_budget is 500, against the rule at rules.yaml:4:25: at most 50.
      next:  Give it an end: --duration 30d, or less.
             Give it --team-id VALUE.
             Give it --field tpd_limit=VALUE.
             Give it --metadata cost_center=VALUE.
             Let key_alias be among these: * and ? stand for any text.
             Give it --max-budget 50, or less: none is no limit.
      "
    `);
    expect((await home.vkeys(`create lab-ada ${LAWFUL}`, { env })).code).toBe(0);
  });
});

describe('update', () => {
  it('looks at what it changes', async () => {
    const home = await homeWith({});
    await home.vkeys('create old');
    expect((await home.vkeys('update old --max-budget 5', { env })).code).toBe(0);
    for (const [flags, words] of [
      ['--max-budget 51', 'max_budget is 51'],
      ['--unset max_budget', 'max_budget is not set'],
      ['--unset expires', 'expires is not set'],
      ['--duration 31d', 'duration is 31d'],
      ['--unset team_id', 'team_id is not set'],
      ['--unset metadata.cost_center', 'metadata.cost_center is not set'],
    ] as const) {
      const { code, stderr, requests } = await home.vkeys(`update old ${flags}`, { env });
      expect([code, requests, stderr]).toEqual([
        3,
        [],
        expect.stringContaining(`error: ${words}, against the rule at`),
      ]);
    }
  });
});

it('deletes keys of a spec that breaks the rules, whatever becomes of them', async () => {
  const home = await homeWith({ 'vkeys.yaml': `${spec(500)}rules: { keys: { required: [user_id] } }\n` });
  writeFileSync(join(home.folder, 'rules.yaml'), 'rules: [');
  expect((await home.vkeys('delete -f vkeys.yaml --yes', { env })).code).toBe(0);
});

it('tells that the rules are not there, or wrong, as it tells it of a spec', async () => {
  const home = await homeWith({ 'vkeys.yaml': spec(5), 'rules.yaml': 'rules: { keys: { max_budget: 5 } }' });
  for (const command of ['plan', 'create lab-x', 'update lab-x --max-budget 1']) {
    const wrong = await home.vkeys(command, { env });
    expect([wrong.code, wrong.stderr]).toEqual([
      3,
      expect.stringContaining('rules.yaml:1:30: max_budget has to be a mapping'),
    ]);
    const none = await home.vkeys(command, { env: { ...env, VKEYS_RULES: 'none.yaml' } });
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('There is no file none.yaml.')]);
  }
});
