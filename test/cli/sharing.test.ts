/** Keys that several users have, through whole runs: groups of a spec, hand-outs for each user, who has access, share and unshare. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { SANDBOX_VERSIONS } from '../../src/sandbox/versions.ts';
import { documentIn, type PrintedDocument } from '../support/document.ts';
import { makeServer, MASTER_KEY } from '../support/server.ts';
import { makeSetsHome, type Document, type SetsHome } from '../support/sets.ts';

const APPLY = 'apply -f spec.yaml --yes';
const PEOPLE = 'Login,E-Mail,Lab\nada,ada@x.de,a\ngrace,grace@x.de,b\nzoe,zoe@x.de,a\n';

/** A key for each person, one for each lab, and one for the crew; every person has a file. */
function labs(more: JsonObject = {}): Document {
  const roster = { file: 'people.csv', user: 'Login' };
  return {
    set: 'uni',
    groups: { 'lab-{Lab}': { roster, user_id: '{E-Mail}' }, crew: ['root@x.de', 'zoe@x.de'] },
    keys: [
      { key_alias: 'own-{user}', roster, user_id: '{E-Mail}' },
      { key_alias: 'gpu-{user}', roster: ['a', 'b'], shared_with: ['lab-{user}'] },
      { key_alias: 'crew', user_id: 'root@x.de', shared_with: ['crew', 'grace@x.de'] },
    ],
    deliver: [
      { dotenv: { path: 'out/{each_user}.env', variables: { '{KEY_ALIAS}': '{key}', URL: '{api_base_url}' } } },
    ],
    ...more,
  };
}

function people(home: SetsHome, csv = PEOPLE): void {
  writeFileSync(join(home.folder, 'people.csv'), csv);
}

/** The names of the variables in each file, by its user; and no secret of a file is that of another variable. */
function handouts({ folder }: SetsHome): Readonly<Record<string, readonly string[]>> {
  const out = join(folder, 'out');
  if (!existsSync(out)) return {};
  const files = readdirSync(out).toSorted();
  return Object.fromEntries(
    files.map((file) => [
      file.replace('.env', ''),
      [...readFileSync(join(out, file), 'utf8').matchAll(/^(\w+)=sk-/gm)].map(([, name]) => String(name)).toSorted(),
    ]),
  );
}

async function printed(home: SetsHome, line: string): Promise<PrintedDocument> {
  return documentIn((await home.vkeys(`${line} -o json`)).stdout);
}

const changesIn = ({ keys }: PrintedDocument) =>
  keys.flatMap(({ key_alias, action, changes }) => (action === 'noop' ? [] : [[key_alias, action, changes]]));

async function access(home: SetsHome, user: string): Promise<Readonly<Record<string, unknown>>> {
  const { keys } = await printed(home, `list --accessible-to ${user}`);
  return Object.fromEntries(keys.map(({ key_alias, access: how }) => [key_alias, how]));
}

const MADE = {
  'ada@x.de': ['GPU_A', 'OWN_ADA'],
  'grace@x.de': ['CREW', 'GPU_B', 'OWN_GRACE'],
  'root@x.de': ['CREW'],
  'zoe@x.de': ['CREW', 'GPU_A', 'OWN_ZOE'],
};

describe.each(SANDBOX_VERSIONS)('on %s', (version) => {
  const made = async (): Promise<SetsHome> => {
    const home = makeSetsHome({ server: makeServer({ version }) });
    people(home);
    home.wants(labs());
    expect(await home.vkeys(APPLY)).toMatchObject({ code: 0 });
    return home;
  };

  it('each user gets what they have access to, and a second run has nothing to do', async () => {
    const home = await made();
    expect(handouts(home)).toEqual(MADE);
    expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(0);
    expect((await home.vkeys(APPLY)).stdout).toContain('Nothing to do');
  });

  it('who moves to another group loses the keys of the one, and gets those of the other', async () => {
    const home = await made();
    people(home, PEOPLE.replace('zoe@x.de,a', 'zoe@x.de,b'));
    const plan = await printed(home, 'plan -f spec.yaml');
    expect(changesIn(plan)).toEqual([
      ['gpu-a', 'update', [{ field: 'groups.lab-a', from: ['ada@x.de', 'zoe@x.de'], to: ['ada@x.de'] }]],
      ['gpu-b', 'update', [{ field: 'groups.lab-b', from: ['grace@x.de'], to: ['grace@x.de', 'zoe@x.de'] }]],
    ]);
    expect(await home.vkeys(APPLY)).toMatchObject({ code: 0 });
    expect(handouts(home)).toEqual({ ...MADE, 'zoe@x.de': ['CREW', 'GPU_B', 'OWN_ZOE'] });
    expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(0);
  });

  it('nobody has a file of a key that is gone, or shared with nobody any more', async () => {
    const home = await made();
    const gpu = { key_alias: 'gpu-{user}', roster: ['a', 'b'], shared_with: [] };
    home.wants(labs({ keys: [gpu, { key_alias: 'crew', user_id: null, shared_with: ['grace@x.de'] }] }));
    expect(await home.vkeys(`${APPLY} --prune --max-deletions 100%`)).toMatchObject({ code: 0 });
    expect(handouts(home)).toEqual({ 'grace@x.de': ['CREW'] });
    /* The note is left as it is where the spec says nothing of it; hand-outs go by the spec alone. */
    home.wants(labs({ keys: [gpu, { key_alias: 'crew' }] }));
    expect(await home.vkeys(APPLY)).toMatchObject({ code: 0 });
    expect([handouts(home), await access(home, 'grace@x.de')]).toEqual([{}, { crew: 'shared' }]);
    home.wants(labs({ keys: [gpu, { key_alias: 'crew', shared_with: null }] }));
    expect(await home.vkeys(APPLY)).toMatchObject({ code: 0 });
    expect(await access(home, 'grace@x.de')).toEqual({});
  });

  it.each([
    ['none', 'none'],
    ['one', 'another'],
  ])('who loses access loses the key, with --keyring %s and then %s', async (first, second) => {
    const home = makeSetsHome({ server: makeServer({ version }) });
    people(home);
    home.wants(labs());
    expect(await home.vkeys(`${APPLY} --keyring ${first}`)).toMatchObject({ code: 0 });
    expect(handouts(home)).toEqual(MADE);
    people(home, PEOPLE.replace('zoe@x.de,a', 'zoe@x.de,b'));
    const apply = await home.vkeys(`${APPLY} --keyring ${second}`);
    expect([apply.code, handouts(home)['zoe@x.de']]).toEqual([0, ['CREW', 'OWN_ZOE']]);
  });

  it('every machine tells who has access, and how', async () => {
    const home = await made();
    const elsewhere = makeSetsHome({ server: home.server, seed: 'elsewhere' });
    expect(await access(elsewhere, 'zoe@x.de')).toEqual({
      'own-zoe': 'own',
      'gpu-a': 'group lab-a',
      crew: 'group crew',
    });
    expect(await access(elsewhere, 'grace@x.de')).toEqual({
      'own-grace': 'own',
      'gpu-b': 'group lab-b',
      crew: 'shared',
    });
    expect(await access(elsewhere, 'root@x.de')).toEqual({ crew: 'own' });
    const csv = await elsewhere.vkeys('list --accessible-to grace@x.de --columns key_alias,access,shared_with -o csv');
    expect(csv.stdout).toBe(
      'key_alias,access,shared_with\ncrew,shared,"crew,grace@x.de"\ngpu-b,group lab-b,lab-b\nown-grace,own,\n',
    );
    const yaml = await elsewhere.vkeys('list --accessible-to root@x.de -o yaml');
    expect(yaml.stdout).toContain('access: own\n');
    expect((await elsewhere.vkeys('list --accessible-to root@x.de')).stdout).toMatch(/^crew\town\tuni\t/);
    expect((await elsewhere.vkeys('list --accessible-to lab-a')).stderr).toContain(
      'None of the 6 keys matches --accessible-to lab-a.',
    );
    expect((await elsewhere.vkeys('list --columns access')).stderr).toContain('There is no column access.');
  });

  it('keys are shared and unshared by name, again and again, and the spec takes that back', async () => {
    const home = await made();
    const shared = await printed(home, 'share own-ada --with eve@x.de lab-b');
    expect(changesIn(shared)).toEqual([
      [
        'own-ada',
        'update',
        [
          { field: 'shared_with', from: null, to: ['eve@x.de', 'lab-b'] },
          { field: 'groups.lab-b', from: null, to: ['grace@x.de'] },
        ],
      ],
    ]);
    expect(shared.notices).toMatchObject([{ code: 'owned', ref: 'key/own-ada' }]);
    expect(await printed(home, 'share own-ada --with lab-b eve@x.de')).toMatchObject({ changed: false, notices: [] });
    expect((await home.keys()).get('own-ada')).toMatchObject({ shared_with: ['eve@x.de', 'lab-b'] });
    expect(await access(home, 'grace@x.de')).toMatchObject({ 'own-ada': 'group lab-b' });
    expect((await home.vkeys('get own-ada')).stdout).toContain('shared with  eve@x.de, lab-b (grace@x.de)\n');
    /* The spec says nothing of it at this key, and says it at another. */
    expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(0);
    await home.vkeys('update own-ada --metadata team=red');
    expect((await home.keys()).get('own-ada')).toMatchObject({ shared_with: ['eve@x.de', 'lab-b'] });
    expect(await printed(home, 'unshare own-ada --with lab-b')).toMatchObject({ changed: true });
    expect(await printed(home, 'unshare own-ada --with lab-b')).toMatchObject({
      changed: false,
      notices: [{ code: 'sharing', message: 'It is not shared with lab-b.' }],
    });
    expect(await access(home, 'grace@x.de')).not.toHaveProperty('own-ada');
    await home.vkeys('unshare crew --with crew');
    expect((await home.vkeys('plan -f spec.yaml --exit-code')).code).toBe(2);
    expect(await home.vkeys(APPLY)).toMatchObject({ code: 0 });
    expect(await access(home, 'zoe@x.de')).toMatchObject({ crew: 'group crew' });
    expect(handouts(home)).toEqual(MADE);
  });
});

describe('share', () => {
  it('hands nothing out: that is for the spec', async () => {
    const home = makeSetsHome();
    people(home);
    home.wants(labs());
    await home.vkeys(APPLY);
    await home.vkeys('share own-ada --with eve@x.de');
    await home.vkeys(APPLY);
    expect(handouts(home)).toEqual(MADE);
  });

  it('refuses a key that was not made by vkeys, with a way on', async () => {
    const home = makeSetsHome();
    const direct = { method: 'POST', headers: { authorization: `Bearer ${MASTER_KEY}` }, redirect: 'manual' } as const;
    const body = JSON.stringify({ key_alias: 'theirs' });
    const signal = new AbortController().signal;
    await home.server.fetch('http://litellm.test/key/generate', { ...direct, body, signal });
    for (const command of ['share', 'unshare']) {
      const { code, stderr, requests } = await home.vkeys(`${command} theirs --with ada@x.de`);
      expect([code, requests.filter((request) => request.startsWith('POST'))]).toEqual([6, []]);
      expect(stderr).toContain('theirs was not made by vkeys, or has lost its mark');
    }
    home.wants({ set: 'mine', keys: [{ key_alias: 'theirs', shared_with: ['ada@x.de'] }] });
    expect(await home.vkeys(`${APPLY} --adopt`)).toMatchObject({ code: 0 });
    expect(await access(home, 'ada@x.de')).toEqual({ theirs: 'shared' });
  });

  it('says what it takes for a user, and what may have been meant', async () => {
    const home = makeSetsHome();
    people(home);
    home.wants(labs());
    await home.vkeys(APPLY);
    await home.vkeys('create mine --user-id eve');
    expect(await printed(home, 'share mine --with lab-q')).toMatchObject({
      changed: true,
      notices: [{ message: 'lab-q is taken for a user: no key keeps a group of that name. Did you mean lab-a?' }],
    });
    expect(await printed(home, 'share mine --with eve')).toMatchObject({ notices: [] });
    expect(await access(home, 'lab-q')).toEqual({ mine: 'shared' });
    /* A group of another set is one, too. */
    expect((await printed(home, 'share mine --with crew')).keys).toMatchObject([
      { changes: [{ to: ['lab-q', 'eve', 'crew'] }, { field: 'groups.crew', to: ['root@x.de', 'zoe@x.de'] }] },
    ]);
  });

  it('refuses a group on which keys do not agree, unless those of the same set do', async () => {
    const home = makeSetsHome();
    const of = (set: string, user: string) => ({
      set,
      groups: { lab: [user] },
      keys: [{ key_alias: set, shared_with: ['lab'] }],
    });
    home.wants(of('one', 'ada@x.de'), of('two', 'bob@x.de'), { set: 'two', keys: [{ key_alias: 'more' }] });
    await home.vkeys(APPLY);
    await home.vkeys('create mine');
    const { code, stderr } = await home.vkeys('share mine --with lab');
    expect([code, stderr]).toEqual([
      6,
      expect.stringContaining('of the sets one and two do not agree who is in the group lab'),
    ]);
    expect((await printed(home, 'share more --with lab')).keys).toMatchObject([
      { changes: [{}, { field: 'groups.lab', to: ['bob@x.de'] }] },
    ]);
    home.wants({ ...of('two', 'eve@x.de'), keys: [{ key_alias: 'two', shared_with: ['lab'] }] });
    await home.vkeys(`${APPLY} --only two`);
    await home.vkeys('unshare more --with lab');
    expect((await home.vkeys('share more --with lab')).code).toBe(0);
    home.wants(of('two', 'zoe@x.de'));
    await home.vkeys(`${APPLY} --only two`);
    await home.vkeys('create other');
    await home.vkeys('share other --with ada@x.de');
    expect((await home.vkeys('share two --with lab')).code).toBe(0);
  });

  it.each(['share lab-a', 'unshare lab-a', 'share lab-a --with  '])('%s says what is missing', async (line) => {
    const { code, stderr } = await makeSetsHome().vkeys([
      ...line.trim().split(' '),
      ...(line.endsWith(' ') ? [' '] : []),
    ]);
    expect([code, stderr]).toEqual([3, expect.stringContaining('With whom was not said.')]);
  });
});

it('unshare tells who still has access in another way', async () => {
  const home = makeSetsHome();
  home.wants({
    set: 'lab',
    groups: { a: ['ada@x.de', 'bob@x.de'], b: ['bob@x.de'] },
    keys: [{ key_alias: 'k', user_id: 'ada@x.de', shared_with: ['a', 'b'] }],
  });
  await home.vkeys(APPLY);
  const { notices } = await printed(home, 'unshare k --with a');
  expect(notices.map(({ message }) => message)).toEqual([
    'ada@x.de still has access: own.',
    'bob@x.de still has access: group b.',
    expect.stringContaining('It belongs to the set lab'),
  ]);
});
