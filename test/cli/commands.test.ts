import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentIn } from '../support/document.ts';
import type { Fetch } from '../../src/litellm/http/fetch.ts';
import { makeHome } from '../support/run.ts';
import { makeServer } from '../support/server.ts';
import { use } from '../support/use.ts';

const SPEC = `
set: lab
defaults: { models: [gpt-4o-mini], duration: 3d, max_budget: 5 }
keys:
  - key_alias: lab
    roster: { count: 3, domain: lab.example.com }
  - key_alias: boss
    max_budget: 50
`;

/** How the report of a change learns the server's version. */
const VERSION = ['GET /health/readiness', 'GET /public/model_hub/info'];

function homeWith(spec = SPEC) {
  const home = makeHome();
  writeFileSync(join(home.folder, 'lab.yaml'), spec);
  return home;
}

describe('apply', () => {
  it('makes the keys, and changes nothing the second time', async () => {
    const { vkeys } = homeWith();
    const first = await vkeys('apply -f lab.yaml');
    expect(first.code).toBe(0);
    expect(first.stdout).toMatchInlineSnapshot(`
      "  + boss       sk-…EoKI  expires 2026-11-24 10:00 UTC (in 3 days)
            models      gpt-4o-mini
            max_budget  50
        + lab-user1  sk-…OS7A  expires 2026-11-24 10:00 UTC (in 3 days)
        + lab-user2  sk-…fJqI  expires 2026-11-24 10:00 UTC (in 3 days)
        + lab-user3  sk-…ZvlA  expires 2026-11-24 10:00 UTC (in 3 days)
            models      gpt-4o-mini
            max_budget  5
            user_id     {user}@lab.example.com

      Applied: 4 created in 5.0 s.
      2026-11-21 10:00:05 UTC, http://litellm.test, LiteLLM 1.110.2
      "
    `);
    expect(first.requests.filter((request) => request === 'POST /key/generate')).toHaveLength(4);
    const second = await vkeys('apply -f lab.yaml');
    expect(second).toMatchObject({ code: 0, requests: ['GET /key/list'], stderr: '' });
    expect(second.stdout).toMatchInlineSnapshot(`
      "Nothing to do: 4 keys are as wanted.
      "
    `);
  });

  it('changes one field of one key with one request, and reads it back', async () => {
    const home = homeWith();
    await home.vkeys('apply -f lab.yaml');
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC.replace('50', '60'));
    const plan = await home.vkeys('plan -f lab.yaml --exit-code');
    expect(plan.code).toBe(2);
    expect(plan.stdout).toMatchInlineSnapshot(`
      "lab

        ~ boss
            max_budget  50 → 60

      Plan: 0 to create, 1 to update, 0 to delete, 3 unchanged.
      "
    `);
    const { requests, stdout } = await home.vkeys('apply -f lab.yaml -o json');
    expect(requests).toEqual(['GET /key/list', 'POST /key/update', 'GET /key/list', ...VERSION]);
    expect(documentIn(stdout)).toMatchObject({ changed: true, summary: { update: 1, noop: 3 } });
  });

  it('deletes what the spec no longer mentions only with --prune, and asks first', async () => {
    const home = homeWith();
    await home.vkeys('apply -f lab.yaml');
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC.replace('count: 3', 'count: 2'));
    const kept = await home.vkeys('apply -f lab.yaml');
    expect(kept.code).toBe(0);
    expect(kept.stdout).toContain('lab-user3');
    const unasked = await home.vkeys('apply -f lab.yaml --prune');
    expect(unasked.code).toBe(6);
    expect(unasked.stderr).toMatchInlineSnapshot(`
      "lab

        - lab-user3 # not in the spec

      Plan: 0 to create, 0 to update, 1 to delete, 3 unchanged.
      error: 1 key will be deleted in lab. There is no terminal to ask at, so nothing was changed.
      next:  If that is meant, add --yes.
      "
    `);
    const pruned = await home.vkeys('apply -f lab.yaml --prune --yes');
    expect(pruned.code).toBe(0);
    expect((await home.vkeys('list')).stdout).not.toContain('lab-user3');
  });

  it('refuses to prune more than three keys and 30 %, unless that is said', async () => {
    const home = homeWith(SPEC.replace('count: 3', 'count: 10'));
    await home.vkeys('apply -f lab.yaml');
    writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
    const refused = await home.vkeys('apply -f lab.yaml --prune --yes');
    expect(refused.code).toBe(6);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "error: Nothing was changed.
             7 of the 11 keys of lab would be deleted; 3 are allowed.
      next:  If that is meant: --max-deletions 7
      more:  vkeys help faults
      "
    `);
    expect(refused.requests).toEqual(['GET /key/list']);
    expect((await home.vkeys('apply -f lab.yaml --prune --yes --max-deletions 70%')).code).toBe(0);
  });

  it('takes a foreign key over only when that is said', async () => {
    const home = homeWith();
    await home.vkeys('create --alias boss --set other');
    const refused = await home.vkeys('apply -f lab.yaml');
    expect(refused.code).toBe(6);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "error: Nothing was changed.
             boss: A key with this name is there and belongs to the set other.
      next:  Give the key of the spec another name, or take this one over with --adopt.
      more:  vkeys help faults
      "
    `);
    const adopted = await home.vkeys('apply -f lab.yaml --adopt -o json');
    expect(documentIn(adopted.stdout)).toMatchObject({ summary: { adopt: 1, create: 3 } });
  });

  it('looks the models up before it makes a key', async () => {
    const { vkeys } = homeWith(SPEC.replace('gpt-4o-mini', 'gpt-4o-mni'));
    const { code, stderr, requests } = await vkeys('apply -f lab.yaml');
    expect(code).toBe(3);
    expect(stderr).toMatchInlineSnapshot(`
      "error: The server does not offer the model gpt-4o-mni. Did you mean gpt-4o-mini?
      next:  See \`vkeys models\`, or go on all the same with --no-model-check.
      "
    `);
    expect(requests).not.toContain('POST /key/generate');
  });

  it('works on several sets at once and reports each', async () => {
    const home = homeWith();
    writeFileSync(join(home.folder, 'other.yaml'), 'keys: [{ key_alias: other }]');
    const { stdout } = await home.vkeys('apply -f lab.yaml other.yaml -o json');
    expect(documentIn(stdout).sets.map(({ set }) => set)).toEqual(['lab', 'other']);
  });
});

describe('plan -o markdown', () => {
  it('is for a comment on a pull request, with the exit codes of a plan', async () => {
    const home = homeWith();
    const { code, stdout } = await home.vkeys('plan -f lab.yaml -o markdown --exit-code');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^### vkeys plan: `lab`\n\n\*\*Plan: 4 to create, .*\*\*\n\n```diff\n\+ boss\n/);
    expect((await home.vkeys('apply -f lab.yaml --dry-run -o markdown')).stdout).toBe(stdout);
    await home.vkeys('create --alias boss');
    const refused = await home.vkeys('plan -f lab.yaml -o markdown');
    expect([refused.code, refused.stderr.split('\n')[0]]).toEqual([6, 'error: Nothing was changed.']);
    expect(refused.stdout).toContain('Refused: apply would stop at 1 problem.**');
  });

  it('is for a plan only', async () => {
    const { vkeys } = homeWith();
    for (const line of ['apply -f lab.yaml', 'list', 'create --alias me', 'delete x']) {
      const { code, stderr, requests } = await vkeys(`${line} -o markdown`);
      expect({ code, requests }).toEqual({ code: 3, requests: [] });
      expect(stderr).toContain('-o markdown is not for this command.');
    }
  });
});

describe('delete', () => {
  it('takes all keys of a spec away, and counts the missing ones the second time', async () => {
    const { vkeys } = homeWith();
    await vkeys('apply -f lab.yaml');
    await vkeys('create --alias mine');
    expect(documentIn((await vkeys('delete -f lab.yaml --yes -o json')).stdout)).toMatchObject({
      summary: { delete: 4 },
      sets: [{ state: 'absent', missing: [] }],
    });
    const again = await vkeys('delete -f lab.yaml --yes -o json');
    expect(again.code).toBe(0);
    expect(documentIn(again.stdout)).toMatchObject({
      changed: false,
      summary: { delete: 0 },
      sets: [{ missing: ['boss', 'lab-user1', 'lab-user2', 'lab-user3'] }],
    });
    expect((await vkeys('list')).stdout).toContain('mine');
  });

  it.each(['1.65.8', '1.83.14', '1.110.2'] as const)(
    'is a proof of the end of a workshop: times, version and last spend, on %s',
    async (version) => {
      const server = makeServer({ version });
      for (const line of ['delete -f lab.yaml', 'delete boss lab-user1 lab-user2 lab-user3', 'apply -f gone.yaml']) {
        const home = makeHome({ server });
        writeFileSync(join(home.folder, 'lab.yaml'), SPEC);
        writeFileSync(join(home.folder, 'gone.yaml'), `state: absent${SPEC}`);
        const made = await home.vkeys('apply -f lab.yaml');
        expect(made.stdout).toMatch(/UTC, http:\/\/litellm\.test, LiteLLM [\d.]+\n$/);
        await use(home, home.minted[0]);
        const ended = documentIn((await home.vkeys(`${line} --yes -o json`)).stdout);
        expect(ended.sets).toMatchObject([{ litellm_version: version, summary: { delete: 4 } }]);
        const keys = ended.keys.toSorted((a, b) => a.key_alias.localeCompare(b.key_alias));
        expect(keys.map(({ key_alias, spend }) => [key_alias, spend])).toEqual([
          ['boss', 0.05],
          ['lab-user1', 0],
          ['lab-user2', 0],
          ['lab-user3', 0],
        ]);
        expect(keys[0]?.['total_spend']).toBe(version === '1.110.2' ? 0.05 : null);
      }
    },
  );

  it('is told though the server does not tell its version', async () => {
    const refusing =
      (fetch: Fetch): Fetch =>
      (url, init) =>
        /health|model_hub/.test(url) ? Promise.reject(new Error('cut')) : fetch(url, init);
    const home = makeHome({ wrap: refusing });
    await home.vkeys('create --alias me');
    const { code, stdout } = await home.vkeys('delete me --yes -o json');
    expect(code).toBe(0);
    expect(documentIn(stdout)).toMatchObject({ changed: true, error: null, sets: [{ litellm_version: null }] });
  });

  it('by alias says whose a key is, and needs a yes', async () => {
    const { vkeys } = makeHome();
    await vkeys('create --alias mine');
    const { code, stderr } = await vkeys('delete mine nobody');
    expect(code).toBe(6);
    expect(stderr).toMatchInlineSnapshot(`
      "adhoc

        - mine # of the set adhoc

      Plan: 0 to create, 0 to update, 1 to delete, 0 unchanged.
      notice: nobody: Is not there.
      error: 1 key will be deleted. There is no terminal to ask at, so nothing was changed.
      next:  If that is meant, add --yes.
      "
    `);
    expect((await vkeys('delete mine nobody --yes')).stdout).toMatchInlineSnapshot(`
      "  - mine  0.00 US dollars spent

      Applied: 1 deleted, 1 not there in 4.0 s.
      2026-11-21 10:00:10 UTC, http://litellm.test, LiteLLM 1.110.2
      "
    `);
  });
});

describe('create', () => {
  it('prints the key and nothing else to a pipe', async () => {
    const home = makeHome();
    const { stdout, stderr } = await home.vkeys('create --alias me --duration 8h');
    expect(stdout).toBe(`${home.minted[0]?.reveal() ?? ''}\n`);
    expect(stderr).toBe('');
  });

  it('refuses an alias that exists, and with --if-absent prints the key again', async () => {
    const { vkeys } = makeHome();
    const { stdout } = await vkeys('create --alias me');
    const refused = await vkeys('create --alias me');
    expect(refused.code).toBe(6);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "error: There is a key with the alias me already. It belongs to the set adhoc.
      next:  See it: vkeys get me
             Change it: vkeys update me …
             Replace it: vkeys delete me, then create it again
             In a script: --if-absent, with --update, --replace-expired
      "
    `);
    expect(await vkeys('create --alias me --if-absent')).toMatchObject({ code: 0, stdout });
  });

  it.each([
    ['--duration 1y'],
    ['--max-budget -1'],
    ['--field max_budgt=1'],
    ['--duration 1d --expires 2027-01-01T00:00:00Z'],
  ])('refuses %s before anything is sent', async (flags) => {
    const { code, stderr, requests } = await makeHome().vkeys(`create --alias me ${flags}`);
    expect({ code, requests }).toEqual({ code: 3, requests: [] });
    expect(stderr).toMatch(/^error: /);
  });
});

describe('update', () => {
  it('changes just the named fields', async () => {
    const { vkeys } = makeHome();
    await vkeys('create --alias me --max-budget 5 --tpm-limit 100 --metadata team=red');
    const { code, requests } = await vkeys('update me --max-budget 7 --unset tpm_limit --unset metadata.team');
    expect({ code, requests }).toEqual({
      code: 0,
      requests: ['GET /key/list', 'GET /key/info', 'POST /key/update', 'GET /key/list', ...VERSION],
    });
    const { keys } = documentIn((await vkeys('get me -o json')).stdout);
    expect(keys).toMatchObject([{ max_budget: 7, tpm_limit: null, metadata: { vkeys: { set: 'adhoc' } } }]);
  });

  it('tells what changed, and of a key of a set that the next apply takes it back, which it does', async () => {
    const { vkeys } = homeWith();
    await vkeys('apply -f lab.yaml');
    const updated = await vkeys('update boss --max-budget 70');
    expect(updated.stdout).toMatchInlineSnapshot(`
      "  ~ boss  sk-…EoKI  expires 2026-11-24 10:00 UTC (in 3 days)
            max_budget  50 → 70

      notice: boss: It belongs to the set lab: the next apply of its spec takes back what that says otherwise.
        To keep the change, make it in the spec too.

      Applied: 1 updated in 3.0 s.
      2026-11-21 10:00:10 UTC, http://litellm.test, LiteLLM 1.110.2
      "
    `);
    expect((await vkeys('update boss --max-budget 70')).stdout).not.toContain('takes it back');
    expect((await vkeys('apply -f lab.yaml')).stdout).toContain('max_budget  70 → 50');
    await vkeys('create --alias me');
    expect((await vkeys('update me --max-budget 1')).stdout).not.toContain('notice');
  });

  it('of a key that blocks it is told by the next plan', async () => {
    const { vkeys } = homeWith();
    await vkeys('apply -f lab.yaml');
    await vkeys('update boss --field blocked=true');
    expect((await vkeys('plan -f lab.yaml')).stdout).toMatchInlineSnapshot(`
      "notice: boss: Somebody blocked it: the server refuses it, and the spec does not say so.
        To keep it so, write \`blocked: true\`; to end it, \`blocked: false\`.
      No changes. 4 keys are as the spec says.
      "
    `);
  });

  it('does not know a key, but knows one like it', async () => {
    const { vkeys } = makeHome();
    await vkeys('create --alias participant1');
    expect((await vkeys('update participnt1 --max-budget 1')).stderr).toMatchInlineSnapshot(`
      "error: There is no key with the alias participnt1. Did you mean participant1?
      next:  See what there is: vkeys list
      "
    `);
  });
});

describe('hand-outs', () => {
  const delivering = `${SPEC}deliver: [{ dotenv: 'out/{key_alias}.env' }]\n`;

  it('that were lost are told by plan and made again by apply', async () => {
    const home = homeWith(delivering);
    await home.vkeys('apply -f lab.yaml');
    rmSync(join(home.folder, 'out/boss.env'));
    expect((await home.vkeys('plan -f lab.yaml')).stdout).toContain('Would write again: out/boss.env');
    expect((await home.vkeys('apply -f lab.yaml')).stdout).toContain('out/boss.env');
    expect(readFileSync(join(home.folder, 'out/boss.env'), 'utf8')).toContain('OPENAI_API_KEY=sk-');
  });

  it('of keys that another machine made are known by their hash; one that is lost cannot be made, and that is said', async () => {
    const home = homeWith(delivering);
    await home.vkeys('apply -f lab.yaml');
    expect((await home.vkeys('apply -f lab.yaml --keyring elsewhere')).stdout).toMatch(/^Nothing to do: 4 keys/);
    rmSync(join(home.folder, 'out/boss.env'));
    const { code, stdout } = await home.vkeys('apply -f lab.yaml --keyring elsewhere');
    expect(code).toBe(0);
    expect(stdout).toContain('does not have the secret of boss, and no hand-out holds it');
  });
});

describe('the keyring', () => {
  it('of a set keeps its other secrets when one more key is made', async () => {
    const home = makeHome();
    await home.vkeys('create --alias one');
    await home.vkeys('create --alias two');
    expect((await home.vkeys('get one -o env')).stdout).toContain(home.minted[0]?.reveal());
  });

  it('and the hand-outs forget a key that is gone and not wanted', async () => {
    const spec = `${SPEC}deliver: [{ dotenv: 'out/{key_alias}.env' }]\n`;
    const home = homeWith(spec);
    await home.vkeys('apply -f lab.yaml');
    await home.vkeys('delete boss lab-user1 lab-user2 lab-user3 --yes --keyring elsewhere');
    expect(readdirSync(join(home.folder, 'out'))).toHaveLength(4);
    const { stdout } = await home.vkeys('delete -f lab.yaml --yes');
    expect(stdout).toContain('Keys taken out of out/boss.env\n');
    expect(readdirSync(join(home.folder, 'out'))).toEqual([]);
  });
});
