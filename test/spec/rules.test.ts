/** `rules:` in a spec and in a file for everybody: what is read, what breaks it, and where that is told. */
import { describe, expect, it } from 'vitest';
import { load, messagesOf } from './load.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const GENERAL = `rules:
  keys:
    ends_within: 90d
    required: [team_id]
    metadata: [cost_center]
    models: ['gpt-4*']
    key_alias: lab-*
    max_budget: { most: 50 }
`;
const LAWFUL = `set: lab
keys:
  - key_alias: lab-ada
    duration: 30d
    team_id: t
    metadata: { cost_center: 7 }
    models: [gpt-4o-mini]
    max_budget: 50
`;

const inRules = (rules: string) => messagesOf(`keys: []\nrules: { keys: { ${rules} } }`);
const held = (keys: string, rules: string) =>
  messagesOf(`set: s\nkeys:\n${keys}\nrules: { keys: { ${rules} } }`, { heldAt: NOW });

describe('what is no rule', () => {
  it.each([
    ['max_budgt: { most: 5 }', '2:18 unknown-field: There is no field "max_budgt" here. Did you mean max_budget?'],
    ['duration: 5d', '2:18 unknown-field: There is no field "duration" here. Did you mean ends_within?'],
    ['max_budget: { max: 5 }', '2:32 unknown-field: There is no field "max" here. Did you mean most?'],
    ['max_budget: 50', '2:30 type: max_budget has to be a mapping, but it is 50.'],
    ['max_budget: { most: -1 }', '2:38 value: most is less than 0.'],
    ['rpm_limit: { most: 1.5 }', '2:37 type: most has to be a whole number, but it is 1.5.'],
    ['budget_duration: { least: 1y }', '2:44 value: least "1y" is no duration.'],
    ['max_budget: {}', '2:30 rules: max_budget asks for nothing.'],
    ['models: []', '2:26 rules: models asks for nothing.'],
    ['models: gpt-5', '2:26 type: models has to be a list, but it is text.'],
    ['required: [team]', '2:29 value: required[0] is no name that is known here.'],
    ['required: []', '2:28 rules: required asks for nothing.'],
    ['aliases: {}', '2:27 type: aliases has to be null, but it is a mapping.'],
    ['blocked: no one', '2:27 type: blocked has to be true or false, but it is text.'],
    ['ends_within: 90', '2:31 type: ends_within has to be text, but it is 90.'],
    ['user_id: [1]', '2:28 type: user_id[0] has to be text, but it is 1.'],
  ])('%s', async (rules, problem) => {
    expect(await inRules(rules)).toEqual([problem]);
  });

  it('is told with what to write instead', async () => {
    const { problems } = await load(
      'keys: []\nrules: { keys: { max_budget: 50, budget_duration: 30d, ends_within: 90 } }',
    );
    expect(problems).toContain('Write its bounds, like max_budget: {most: 50}; `vkeys help rules` tells');
    expect(problems).toContain('Write its bounds, like budget_duration: {least: 30d};');
    expect(problems).toContain('Did you mean 90d?');
  });

  it('has a kind that is known', async () => {
    expect(await messagesOf('keys: []\nrules: { key: {} }')).toEqual([
      '2:10 unknown-field: There is no field "key" here. Did you mean keys?',
    ]);
    expect(await messagesOf('keys: []\nrules:')).toEqual(['2:7 type: rules has to be a mapping, but it is null.']);
  });
});

describe('a key', () => {
  it('may keep to every rule', async () => {
    const { specs, problems } = await load(
      { 'spec.yaml': LAWFUL, 'all.yaml': GENERAL },
      { args: ['spec.yaml'], rulesFile: 'all.yaml', heldAt: NOW },
    );
    expect(problems).toBe('');
    expect(specs[0]?.desired[0]).not.toHaveProperty('fieldAt');
  });

  it('breaks rules where it says so, and where it is, if it does not', async () => {
    const { problems } = await load(
      { 'spec.yaml': 'set: lab\nkeys:\n  - key_alias: ada\n    max_budget: 500\n', 'all.yaml': GENERAL },
      { args: ['spec.yaml'], rulesFile: 'all.yaml', heldAt: NOW },
    );
    expect(problems).toMatchInlineSnapshot(`
      "spec.yaml:3:5 rules: expires is not set, against the rule at all.yaml:3:18: ends within 90d.
      2 | keys:
      3 |   - key_alias: ada
        |     ^
      4 |     max_budget: 500
      Give it an end: duration: 90d, or less.

      spec.yaml:3:5 rules: team_id is not set, against the rule at all.yaml:4:16: has to be set.
      2 | keys:
      3 |   - key_alias: ada
        |     ^
      4 |     max_budget: 500
      Give it team_id: VALUE.

      spec.yaml:3:5 rules: metadata.cost_center is not set, against the rule at all.yaml:5:16: has to be set.
      2 | keys:
      3 |   - key_alias: ada
        |     ^
      4 |     max_budget: 500
      Give it metadata: {cost_center: VALUE}.

      spec.yaml:3:5 rules: models is not set, which is all, against the rule at all.yaml:6:13: only gpt-4*.
      2 | keys:
      3 |   - key_alias: ada
        |     ^
      4 |     max_budget: 500
      Let models be among these: * and ? stand for any text.

      spec.yaml:3:16 rules: key_alias is ada, against the rule at all.yaml:7:16: only lab-*.
      2 | keys:
      3 |   - key_alias: ada
        |                ^
      4 |     max_budget: 500
      Let key_alias be among these: * and ? stand for any text.

      spec.yaml:4:17 rules: max_budget is 500, against the rule at all.yaml:8:25: at most 50.
      3 |   - key_alias: ada
      4 |     max_budget: 500
        |                 ^
      5 |
      Give it max_budget: 50, or less: none is no limit."
    `);
  });

  it('is held against the rules only when that is asked for, and never when it is to be deleted', async () => {
    const keys = "  - { key_alias: a, state: absent }\n  - { key_alias: 'b', max_budget: 6 }";
    const rules = 'max_budget: { most: 5 }';
    expect(await held(keys, rules)).toEqual([
      '4:35 rules: max_budget is 6, against the rule at spec.yaml:5:38: at most 5.',
    ]);
    expect(await messagesOf(`set: s\nkeys:\n${keys}\nrules: { keys: { ${rules} } }`)).toEqual([]);
    expect(await messagesOf(`state: absent\nkeys:\n${keys}\nrules: { keys: { ${rules} } }`, { heldAt: NOW })).toEqual(
      [],
    );
  });

  it.each([
    ['defaults: { duration: 9d }\nkeys: [{ key_alias: a }]', '1:23'],
    ['defaults: { expires: 2027-01-01T00:00Z }\nkeys: [{ key_alias: a, duration: 9d }]', '2:34'],
    ['keys:\n  - { key_alias: "{user}", roster: [u], overrides: { u: { duration: 9d } } }', '2:69'],
    ['keys:\n  - { key_alias: "{user}", roster: { file: r.csv, fields: [duration] } }', 'r.csv:2:3'],
    ['keys:\n  - { key_alias: "{user}", roster: { file: r.csv, user: user } }', '2:5'],
  ])('%s: an end is wrong at %s', async (text, place) => {
    const rules = 'rules: { keys: { ends_within: 1d } }';
    const [first] = await messagesOf(
      { 'spec.yaml': `${text}\n${rules}`, 'r.csv': 'user,duration\nu,9d\n' },
      { args: ['spec.yaml'], heldAt: NOW },
    );
    expect(first).toMatch(new RegExp(`^${place} rules: `));
  });

  it.each([
    ['keys: [{ key_alias: "{user}", roster: { count: 1, domain: b.example } }]', '1:8'],
    ['keys: [{ key_alias: "{user}", roster: [{ user: u, user_id: u@b.example }] }]', '1:60'],
    ['keys: [{ key_alias: "{user}", roster: [u], user_id: "{user}@b.example" }]', '1:53'],
  ])('%s: a user_id is wrong at %s', async (text, place) => {
    const [first] = await messagesOf(`${text}\nrules: { keys: { user_id: '*@a.example' } }`, { heldAt: NOW });
    expect(first).toMatch(new RegExp(`^${place} rules: user_id is u(ser1)?@b.example, against`));
  });

  it.each([
    ['defaults: { metadata: { a: b } }\nkeys: [{ key_alias: k }]', '1:23'],
    ['defaults: { metadata: { a: b, cost: "" } }\nkeys: [{ key_alias: k }]', '1:37'],
    ['defaults: { metadata: { cost: 1 } }\nkeys: [{ key_alias: k, metadata: { cost: null } }]', '2:42'],
    ['keys: [{ key_alias: k }]', '1:8'],
  ])('%s: a member of the metadata is missing at %s', async (text, place) => {
    const [first] = await messagesOf(`${text}\nrules: { keys: { metadata: [cost] } }`, { heldAt: NOW });
    expect(first).toMatch(new RegExp(`^${place} rules: metadata.cost is not set`));
  });

  it.each([
    ['aliases: null', 'aliases: { a: b }', 'aliases is set', 'may not be set'],
    ['blocked: false', 'blocked: true', 'blocked is true', 'has to be false'],
    ['guardrails: [pii, toxic]', 'guardrails: [toxic]', 'guardrails lacks pii', 'with pii, toxic'],
    ['rpm_limit: { most: 5, least: 2 }', 'rpm_limit: 1', 'rpm_limit is 1', 'at least 2'],
    ['budget_duration: { least: 30d }', 'budget_duration: 1d', 'budget_duration is 1d', 'at least 30d'],
    ['team_id: null', 'team_id: t', 'team_id is set', 'may not be set'],
    ['user_id: ada', 'user_id: eve', 'user_id is eve', 'only ada'],
  ])('against %s may not have %s', async (rule, field, found, demand) => {
    const [first, ...others] = await held(`  - { key_alias: k, ${field} }`, rule);
    expect([first?.replace(/^[\d:]+ rules: /, ''), others]).toEqual([
      expect.stringMatching(new RegExp(`^${found}, against the rule at spec.yaml:4:\\d+: ${demand}\\.$`)),
      [],
    ]);
  });

  it('is one of many that are told once, at one place', async () => {
    expect(await held("  - { key_alias: 'x-{user}', roster: { count: 900 } }", 'key_alias: [lab-*, ci]')).toEqual([
      '3:18 rules: key_alias is x-user1 (the first of 900 keys), against the rule at spec.yaml:4:29: only lab-*, ci.',
    ]);
  });

  it('of Ansible keeps to them too', async () => {
    const [first] = await messagesOf(
      {
        'vars.yaml':
          'litellm_vkey_alias: a\nlitellm_vkey_models: [gpt-5]\nlitellm_vkey_user_id: u\nlitellm_api_url: https://a.example\n',
        'all.yaml': GENERAL,
      },
      { args: ['vars.yaml'], rulesFile: 'all.yaml', heldAt: NOW },
    );
    expect(first).toMatch(/^vars\.yaml:1:21 rules: team_id is not set/);
  });
});

describe('rules', () => {
  it('of one file hold for all files of its set, and for no other', async () => {
    const files = {
      'a.yaml': 'set: s\nkeys: [{ key_alias: a }]\nrules: { keys: { required: [team_id] } }',
      'b.yaml': 'set: s\nkeys: [{ key_alias: b }]',
      'c.yaml': 'set: t\nkeys: [{ key_alias: c }]',
    };
    const problems = await messagesOf(files, { heldAt: NOW });
    expect(problems.map((each) => each.split(' ')[0])).toEqual(['a.yaml:2:8', 'b.yaml:2:8']);
  });

  it('alone in a file hold for all specs beside it', async () => {
    const files = { 'd/all.yaml': GENERAL, 'd/s.yaml': LAWFUL.replace('max_budget: 50', 'max_budget: 51') };
    for (const [args, rulesFile] of [[['d']], [['d'], 'd/all.yaml'], [['d', 'd/all.yaml'], 'd/all.yaml']] as const) {
      const more = rulesFile === undefined ? {} : { rulesFile };
      const { problems } = await load(files, { args, heldAt: NOW, ...more });
      expect(problems.match(/ rules: /g)).toHaveLength(1);
      expect(problems).toContain(
        'd/s.yaml:8:17 rules: max_budget is 51, against the rule at d/all.yaml:8:25: at most 50.',
      );
    }
    expect((await load(files, { args: ['d/all.yaml'], heldAt: NOW })).problems).toBe('');
  });

  it('beside members of other tools are none of ours', async () => {
    const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nrules: [{ verbs: [get] }]\n';
    const { problems, notices } = await load({ 'd/role.yaml': role, 'd/s.yaml': LAWFUL }, { args: ['d'] });
    expect([problems, notices.length]).toEqual(['', 1]);
  });

  it('may be read in any encoding, with variables of the environment', async () => {
    const text = GENERAL.replace('{ most: 50 }', '\n      most: ${MOST}');
    const { problems } = await load(
      { 'all.yaml': new Uint8Array([0xff, 0xfe, ...Buffer.from(text, 'utf16le')]), 'spec.yaml': LAWFUL },
      { args: ['spec.yaml'], rulesFile: 'all.yaml', heldAt: NOW, env: { MOST: '20' } },
    );
    expect(problems).toMatch(
      /^spec\.yaml:8:17 rules: max_budget is 50, against the rule at all\.yaml:9:13: at most 20\./,
    );
  });

  it.each([
    ['all.yaml', undefined, 'all.yaml:1:1 file: There is no file all.yaml.'],
    ['all.yaml', LAWFUL, 'all.yaml:1:1 missing: rules is missing.'],
    ['all.yaml', 'version: 1\n', 'all.yaml:1:1 missing: rules is missing.'],
    ['all.yaml', 'rules: [', 'all.yaml:1:9 yaml: '],
    ['all.yaml', 'rules: &rules { keys: *rules }', 'all.yaml:1:23 limit: This is nested more than 64 levels deep'],
  ])('%s for all has to be there, and to have nothing else: %s', async (rulesFile, text, problem) => {
    const files = { 'spec.yaml': LAWFUL, ...(text === undefined ? {} : { 'all.yaml': text }) };
    const problems = await messagesOf(files, { args: ['spec.yaml'], rulesFile, heldAt: NOW });
    expect(problems[0]?.startsWith(problem), problems[0]).toBe(true);
  });

  it('of a spec may be tighter than those for all, and no looser', async () => {
    const looser = 'rules: { keys: { ends_within: 91d, max_budget: { most: 20 }, models: [gpt-4o-mini, gpt-5] } }\n';
    const problems = await messagesOf(
      { 'spec.yaml': `${LAWFUL}${looser}`, 'all.yaml': GENERAL },
      { args: ['spec.yaml'], rulesFile: 'all.yaml', heldAt: NOW },
    );
    expect(problems).toEqual([
      '8:17 rules: max_budget is 50, against the rule at spec.yaml:9:56: at most 20.',
      '9:31 rules: ends within 91d is looser than the rule at all.yaml:3:18: ends within 90d.',
      '9:70 rules: models only gpt-4o-mini, gpt-5 is looser than the rule at all.yaml:6:13: only gpt-4*.',
    ]);
  });
});

describe('teams and users', () => {
  const PEOPLE = `set: group
policies: { standard: { max_budget: 500, models: [gpt-5] } }
teams:
  - { team_alias: lab, policy: standard, metadata: { cost_center: 7 } }
  - { team_alias: other, policy: standard, state: absent }
  - { team_alias: third, policy: standard }
users:
  - { user_id: ada@example.org, user_role: proxy_admin }
keys:
  - { key_alias: own, max_budget: 900 }
`;
  it('have rules of their own, with places and words of their own', async () => {
    const rules = `rules:
  teams: { max_budget: { most: 50 }, metadata: [cost_center], models: ['gpt-4*'] }
  users: { user_id: '*@example.com', user_role: internal_user, required: [max_budget] }
`;
    expect(await messagesOf(PEOPLE + rules, { heldAt: NOW })).toMatchInlineSnapshot(`
      [
        "2:37 rules: max_budget is 500 (the first of 2 teams), against the rule at spec.yaml:12:32: at most 50.",
        "2:50 rules: models is gpt-5 (the first of 2 teams), against the rule at spec.yaml:12:71: only gpt-4*.",
        "6:5 rules: metadata.cost_center is not set, against the rule at spec.yaml:12:49: has to be set.",
        "8:5 rules: max_budget is not set, against the rule at spec.yaml:13:75: has to be set.",
        "8:16 rules: user_id is ada@example.org, against the rule at spec.yaml:13:21: only *@example.com.",
        "8:44 rules: user_role is proxy_admin, against the rule at spec.yaml:13:49: only internal_user.",
      ]
    `);
  });

  it.each([
    ['teams: { ends_within: 5d }', 'There is no field "ends_within" here.'],
    ['teams: { user_id: a }', 'There is no field "user_id" here.'],
    ['teams: { admins: [a] }', 'There is no field "admins" here.'],
    ['users: { required: [team_id] }', 'required[0] is no name that is known here.'],
    ['members: {}', 'There is no field "members" here.'],
  ])('have no rule %s', async (rules, words) => {
    expect(await messagesOf(`keys: []\nrules: { ${rules} }`)).toEqual([expect.stringContaining(words)]);
  });

  it('keep to rules for everybody, which a spec tightens for its own', async () => {
    const general = 'rules: { teams: { max_budget: { most: 50 } }, keys: { max_budget: { most: 900 } } }';
    const { problems } = await load(
      { 'spec.yaml': `${PEOPLE}rules: { teams: { max_budget: { most: 60 } } }`, 'all.yaml': general },
      { args: ['spec.yaml'], rulesFile: 'all.yaml', heldAt: NOW },
    );
    expect(problems).toContain('max_budget at most 60 is looser than the rule at all.yaml:1:39: at most 50.');
    expect(problems).toContain(
      'max_budget is 500 (the first of 2 teams), against the rule at all.yaml:1:39: at most 50.',
    );
    expect(problems).not.toContain('max_budget is 900');
  });
});
