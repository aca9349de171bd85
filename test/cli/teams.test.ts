/** What a key may do is no more than what its team may do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeHome, MASTER_KEY, type Home } from '../support/run.ts';

async function homeWithTeam(settings: Readonly<Record<string, unknown>>, spec: string): Promise<Home> {
  const home = makeHome();
  await home.server.fetch('http://litellm.test/team/new', {
    method: 'POST',
    headers: { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ team_id: 't1', team_alias: 'lab', ...settings }),
  } as never);
  writeFileSync(join(home.folder, 's.yaml'), spec);
  return home;
}

const SPEC = `set: ws
defaults: { team_id: t1, models: [gpt-4o-mini, claude-sonnet], max_budget: 10 }
keys: [{ key_alias: ws, roster: [ada, bob] }]
`;
const SMALL = { models: ['gpt-4o-mini'], max_budget: 5 };

it('plan, apply and an unchanged plan say what the team of a key does not let it, and ask for the team once', async () => {
  const { vkeys } = await homeWithTeam(SMALL, SPEC);
  for (const line of ['plan -f s.yaml', 'apply -f s.yaml', 'plan -f s.yaml']) {
    const { code, stdout, requests } = await vkeys(line);
    expect(code).toBe(0);
    expect(stdout).toContain(`ws-ada, ws-bob: Its team lab (t1) may not use claude-sonnet, so calls of it are refused.
  The team has gpt-4o-mini: give it more models, or the key fewer.
`);
    expect(stdout).toContain('Its max_budget of 10 is more than the 5 of its whole team lab (t1).');
    expect(requests.filter((request) => request === 'GET /v2/team/list')).toHaveLength(1);
  }
});

it('knows the teams of the spec itself without asking, before they are there and afterwards', async () => {
  const { vkeys } = await homeWithTeam(
    {},
    `set: ws
teams: [{ team_alias: red, team_id: red-1, models: [gpt-4o-mini] }]
keys: [{ key_alias: ws, team_id: red-1, models: [claude-sonnet] }]
`,
  );
  for (const line of ['plan -f s.yaml', 'apply -f s.yaml', 'plan -f s.yaml']) {
    const { code, stdout } = await vkeys(line);
    expect(code).toBe(0);
    expect(stdout).toContain('ws: Its team red (red-1) may not use claude-sonnet');
    expect(stdout).not.toContain('has no team');
  }
});

it('asks for no team where no key has one', async () => {
  const { vkeys } = await homeWithTeam(SMALL, 'set: ws\nkeys: [{ key_alias: ws, models: [claude-sonnet] }]\n');
  const { stdout, requests } = await vkeys('apply -f s.yaml');
  expect(stdout).not.toContain('team');
  expect(requests.join('\n')).not.toContain('/team/');
});

it('create and update say it too', async () => {
  const { vkeys } = await homeWithTeam(SMALL, SPEC);
  expect((await vkeys('create one --team-id t1 --models gpt-4o-mini')).stderr).toBe('');
  for (const command of ['create two --team-id gone', 'update one --team-id gone'])
    expect(await vkeys(command)).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('There is no team with the id gone, neither in the spec nor on the server.'),
    });
  expect((await vkeys('update one --field budget_id=gone')).stderr).toContain('There is no budget with the id gone');
  expect((await vkeys('update one --max-budget 6')).stdout).toContain('Its max_budget of 6 is more than the 5');
});

it('lets a credential go on that may not list what is offered', async () => {
  const home = await homeWithTeam(SMALL, SPEC);
  const narrow = makeHome({
    folder: home.folder,
    server: home.server,
    wrap: (fetch) => (url, init) =>
      fetch(url, url.endsWith('/model/info') ? { ...init, headers: { authorization: 'Bearer sk-nobody' } } : init),
  });
  const { code, stdout } = await narrow.vkeys('plan -f s.yaml');
  expect(code).toBe(0);
  expect(stdout).not.toContain('may not use');
  expect(stdout).toContain('Its max_budget of 10 is more than the 5');
});

it('breaks off where what is offered cannot be read', async () => {
  const home = await homeWithTeam(SMALL, SPEC);
  const broken = makeHome({
    folder: home.folder,
    server: home.server,
    wrap: (fetch) => (url, init) => fetch(url.replace(/\/model\/info$/, '/nowhere'), init),
  });
  expect(await broken.vkeys('plan -f s.yaml')).toMatchObject({ code: 1 });
});
