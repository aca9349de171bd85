/** Secrets at an API server that is slow, busy, refusing or cut; a real one is in `test/contract/kubernetes-secrets.test.ts`. */
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/base/secret.ts';
import { addressNotices } from '../../src/deliver/reach.ts';
import { gone, handout, HOST, known } from './handouts.ts';
import { delivererAt, makeServer, secret, status, type Server } from './kubernetes-server.ts';

const ADA = handout('ada');
const BOB = handout('bob');
const at = (name: string, namespace = 'labs'): string => `/api/v1/namespaces/${namespace}/secrets/${name}`;
const failedOf = (
  failed: ReadonlyMap<string, { readonly message: string; readonly hint: string }>,
): readonly string[] => [...new Set([...failed.values()].map(({ message, hint }) => `${message} ${hint}`))];

async function put(server: Server, deliveries: Parameters<typeof delivererAt>[1], keys = [ADA]) {
  return delivererAt(server, deliveries).put(keys.map((each) => known(each)));
}

describe('a Secret', () => {
  test('is named by the server, so that the same name elsewhere is another place', async () => {
    const server = await makeServer();
    const delivery = secret('llm-{user}', { context: 'lab' });
    const places = await delivererAt(server, [delivery]).places([known(ADA)]);
    expect(places.get(ADA.key_id)).toEqual([
      {
        sink: 'kubernetes',
        path: `${server.url}${at('llm-ada')}`,
        detail: {
          variables: { OPENAI_API_KEY: '{key}', OPENAI_BASE_URL: 'https://litellm.example.com/v1' },
          shared: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'],
          context: 'lab',
        },
        host: HOST,
      },
    ]);
  });

  test('is withdrawn from wherever a machine put it, and another of its name stays', async () => {
    const server = await makeServer();
    await put(server, [secret('llm-{user}')], [ADA, BOB]);
    const place = { sink: 'kubernetes', path: `${server.url}${at('llm-ada')}`, host: 'another' };
    const removed = await delivererAt(server, []).remove([gone(ADA, [place], false)]);
    expect(removed).toMatchObject({ elsewhere: [], written: [place.path] });
    expect([...server.secrets.keys()]).toEqual([at('llm-bob')]);
    const elsewhere = { ...place, path: `https://other.example.com${at('llm-bob')}` };
    const { failed } = await delivererAt(server, []).remove([gone(BOB, [elsewhere], false)]);
    expect(failedOf(failed)).toEqual([
      expect.stringMatching(
        /No context of the kubeconfig leads to the cluster https:\/\/other\.example\.com\. Set KUBECONFIG/,
      ),
    ]);
    const odd = await delivererAt(server, []).remove([gone(BOB, [{ ...place, path: 'https://odd' }], false)]);
    expect(failedOf(odd.failed)).toEqual([expect.stringMatching(/^https:\/\/odd is not the address of a Secret\./)]);
  });

  test.each([
    ['../kube-system', {}, /"llm-\.\.\/kube-system" is no name for a Secret\. It takes up to 253 small letters/],
    ['Ada', {}, /^.*"llm-Ada" is no name/],
    ['a/secrets/b', { namespace: 'team-{user}', name: 'x' }, /"team-a\/secrets\/b" is no name for a namespace/],
    ['ada', { name: 'llm-{key}' }, /its name contains \{key\}, and names are no secret/],
    ['ada', { labels: { user: '{expires}' } }, /is no value for the label user\. A label takes up to 63/],
    ['ada b', { name: 'x', rollout: ['deployment/{user}'] }, /"ada b" is no name for a workload/],
    ['ada/b', { name: 'x', rollout: ['deployment/{user}'] }, /"ada\/b" is no name for a workload/],
    ['ada', { variables: { 'A B': '{key}' } }, /A B is no name for a variable\. Use letters/],
    ['ada', { variables: { '..A': '{key}' } }, /\.\.A is no name for a variable/],
  ])('of %s with %j is refused', async (user, more, words) => {
    const server = await makeServer();
    const deliverer = delivererAt(server, [secret('llm-{user}', more)]);
    const { refusals } = await deliverer.check([known(handout(user))]);
    expect(refusals.map(({ message, hint }) => `${message} ${hint}`)).toEqual([expect.stringMatching(words)]);
    expect(server.requests).toEqual([]);
  });

  test.each([
    [{ labels: { who: '{user}' } }, /^.*: lab-ada and lab-bob want the label who of one Secret to be two things\./],
    [{ annotations: { who: '{user}' } }, /the annotation who of one Secret/],
    [{ variables: { KEY: '{key}' } }, /lab-ada and lab-bob both want to be KEY in one place/],
  ])('of two keys that want %j is refused', async (more, words) => {
    const { failed } = await put(
      await makeServer(),
      [secret('all', { variables: { '{KEY_ALIAS}': '{key}' }, ...more })],
      [ADA, BOB],
    );
    expect(failedOf(failed)[0]).toMatch(words);
  });

  test('takes two deliveries, and an owner for each of its fields', async () => {
    const server = await makeServer();
    server.edit(at('all'), 'Helm', { THEIRS: 'x' });
    const both = [
      secret('all', { variables: { KEY: '{key}' }, labels: { a: '1' } }),
      secret('all', { variables: { URL: '{api_endpoint}' }, annotations: { b: '{expires}' } }),
    ];
    await put(server, both);
    const found = { THEIRS: 'x', KEY: 'sk-ada-secret', URL: 'https://litellm.example.com' };
    expect(server.data(at('all'))).toEqual(found);
    server.edit(at('all'), 'Helm', { URL: null });
    expect((await delivererAt(server, both).stale([known(ADA)], [])).put).toEqual([`${server.url}${at('all')}`]);
    await put(server, both);
    expect(server.data(at('all'))).toEqual(found);
    expect((await put(server, both)).written).toEqual([]);
  });

  test('is looked at: missing, as it should be, old, or with what somebody else wants otherwise', async () => {
    const server = await makeServer();
    const look = async (more = {}) => {
      const found = await delivererAt(server, [secret('llm-{user}', more)]).look([known(ADA)]);
      return (found.get(ADA.key_id) ?? []).map(({ state, why }) => [state, why]);
    };
    expect(await look()).toEqual([['missing', null]]);
    await put(server, [secret('llm-{user}')]);
    expect(await look()).toEqual([['current', null]]);
    expect(await look({ labels: { a: 'b' } })).toEqual([['stale', null]]);
    server.edit(at('llm-ada'), 'Helm', { OPENAI_BASE_URL: 'https://theirs' });
    expect(await look()).toEqual([['foreign', 'somebody else has data.OPENAI_BASE_URL with another value.']]);
    expect(await look({ force: true })).toEqual([['stale', null]]);
    expect((await delivererAt(server, [secret('llm-{user}')]).stale([known(ADA)], [])).put).toHaveLength(1);
  });

  test('keeps the keys of other sets with all that is theirs, and loses what one of them has no more', async () => {
    const server = await makeServer();
    const one = secret('all', {
      variables: { A: '{key}', URL: 'x' },
      labels: { one: '1' },
      annotations: { of: 'one' },
    });
    const two = secret('all', { variables: { B: '{key}' }, labels: { two: '2' } });
    const first = await put(server, [one], [ADA]);
    const second = await put(server, [two], [BOB]);
    const namesOf = (): readonly string[] => [...(server.secrets.get(at('all'))?.fields.keys() ?? [])].toSorted();
    const notes = [ADA, BOB].map(({ key_id }) => `annotations/vkeys/key-${key_id.slice(0, 16)}`);
    const mark = 'labels/app.kubernetes.io/managed-by';
    const ours = ['annotations/of', 'data/A', 'data/B', 'data/URL', 'labels/one', 'labels/two', mark];
    expect(namesOf()).toEqual([...ours, ...notes].toSorted());
    await delivererAt(server, []).remove([gone(ADA, first.placed.get(ADA.key_id), false)]);
    const left = ['annotations/of', 'data/B', 'data/URL', 'labels/one', 'labels/two', mark, notes[1] ?? ''];
    expect(namesOf()).toEqual(left.toSorted());
    server.edit(at('all'), 'Helm', { THEIRS: 'x' });
    await delivererAt(server, []).remove([gone(BOB, second.placed.get(BOB.key_id), false)]);
    expect(namesOf()).toEqual(['data/THEIRS']);
    server.edit(at('all'), 'Helm', { COPY: 'sk-bob-secret' });
    expect((await delivererAt(server, [two]).remove([gone(BOB)])).written).toHaveLength(1);
    expect((await delivererAt(server, [two]).remove([gone(BOB)])).written).toEqual([]);
    expect(namesOf()).toEqual(['data/THEIRS']);
  });

  test('loses the data of an earlier spec, also for a keyring that does not remember it', async () => {
    const server = await makeServer();
    await put(server, [secret('all', { variables: { OLD: '{key}', URL: '{api_base_url}' }, labels: { a: '1' } })]);
    await put(server, [secret('all', { variables: { NEW: '{key}' } })]);
    expect(server.data(at('all'))).toEqual({ NEW: 'sk-ada-secret' });
    expect([...(server.secrets.get(at('all'))?.fields.keys() ?? [])].some((name) => name === 'labels/a')).toBe(false);
  });
});

test('in a Secret, an address of the cluster is one that its readers reach', () => {
  const address = (api_endpoint: string) => ({ api_endpoint, api_base_url: `${api_endpoint}/v1` });
  const noticed = (url: string): number => addressNotices([{ delivery: secret('x'), to: address(url) }]).length;
  expect([noticed('http://litellm.llm.svc:4000'), noticed('http://10.0.0.1')]).toEqual([0, 1]);
});

describe('a server', () => {
  test.each(['lost before', 'lost after'] as const)(
    'that goes away at any request, %s it was done, is caught up with',
    async (fate) => {
      const deliveries = [secret('all', { variables: { '{KEY_ALIAS}': '{key}' } }), secret('llm-{user}')];
      for (let at_ = 0; ; at_ += 1) {
        const server = await makeServer();
        server.fate = (_, count) => (count === at_ ? fate : null);
        const { failed, placed } = await put(server, deliveries, [ADA, BOB]);
        const wasCut = server.requests.length > at_;
        if (!wasCut) break;
        expect(failed.size).toBeGreaterThan(0);
        expect(failedOf(failed)[0]).toMatch(/was cut off\. Is the cluster of context lab there/);
        server.fate = () => null;
        expect((await put(server, deliveries, [ADA, BOB])).failed.size).toBe(0);
        expect(server.data(at('all'))).toEqual({ LAB_ADA: 'sk-ada-secret', LAB_BOB: 'sk-bob-secret' });
        expect(server.data(at('llm-bob'))).toMatchObject({ OPENAI_API_KEY: 'sk-bob-secret' });

        const start = server.requests.length;
        server.fate = (_, count) => (count === start + at_ ? fate : null);
        const all = [ADA, BOB].map((each) => gone(each, placed.get(each.key_id)));
        await delivererAt(server, deliveries).remove(all);
        server.fate = () => null;
        await delivererAt(server, deliveries).remove(all);
        expect([...server.secrets.keys()]).toEqual([]);
      }
    },
  );

  test('whose Secret is always changed by another is told, and one that is changed once is caught up with', async () => {
    const server = await makeServer();
    let times = 1;
    server.fate = ({ method }) => {
      if (method === 'PATCH' && times-- > 0) server.edit(at('llm-ada'), 'Helm', { THEIRS: 'x' });
      return null;
    };
    expect((await put(server, [secret('llm-{user}')])).failed.size).toBe(0);
    expect(server.data(at('llm-ada'))).toMatchObject({ THEIRS: 'x', OPENAI_API_KEY: 'sk-ada-secret' });
    times = 1000;
    const { failed } = await put(server, [secret('llm-{user}', { variables: { OTHER: '{key}' } })]);
    expect(failedOf(failed)).toEqual([
      expect.stringMatching(/secrets\/llm-ada was changed by another program each time/),
    ]);
  });

  test('that is busy is asked again, a second later', async () => {
    const server = await makeServer();
    const waited: number[] = [];
    const sleep = (milliseconds: number): Promise<void> => {
      waited.push(milliseconds);
      return Promise.resolve();
    };
    server.fate = (_, count) => (count < 2 ? status(429, { message: 'too many' }) : null);
    expect((await delivererAt(server, [secret('x')], { sleep }).put([known(ADA)])).failed.size).toBe(0);
    expect(waited).toEqual([1000, 2000]);
    server.fate = () => status(503, { message: 'etcd is away' });
    const { failed } = await delivererAt(server, [secret('x')], { sleep }).put([known(ADA)]);
    expect(failedOf(failed)).toEqual([
      expect.stringMatching(/the cluster did not do it: etcd is away\. Wait until it is well\. Then run/),
    ]);
  });

  test.each([
    [
      { status: 200, text: '<html>Welcome' },
      /https:\/\/cluster\.example\.com:6443 is no API server of Kubernetes\. Mend the kubeconfig/,
    ],
    [{ status: 302, text: '' }, /is no API server of Kubernetes/],
    [{ status: 404, text: 'not found' }, /is no API server of Kubernetes/],
    [status(401), /does not know context lab\. Log in to the cluster again/],
    [status(403), /the cluster refuses it to context lab: it does not say why\. Give it the Role/],
    [status(404, { details: { kind: 'namespaces', name: 'labs' } }), /there is no namespace labs\. Make it/],
    [
      status(409, { details: { causes: [{ reason: 'FieldManagerConflict' }, { reason: 'FieldManagerConflict' }] } }),
      /another field manager has {2}\(and 1 more\) with another value/,
    ],
    [
      status(422, { message: `sk-ada-secret ${Buffer.from('sk-ada-secret').toString('base64')} is bad.` }),
      /the cluster refuses it: \[secret\] \[secret\] is bad\. Change the delivery/,
    ],
  ])('that answers %j is told in words, without secrets', async (answer, words) => {
    const server = await makeServer();
    server.fate = ({ method }) => (method === 'PATCH' ? answer : null);
    const { refusals } = await delivererAt(server, [secret('llm-{user}')]).check([known(ADA)]);
    expect(refusals.map(({ message, hint }) => `${message} ${hint}`)).toEqual([expect.stringMatching(words)]);
    expect(JSON.stringify(refusals)).not.toMatch(/sk-ada|c2stYWRh|a-token/);
    expect(server.requests.every(({ url }) => !url.includes('sk-') && !url.includes('token'))).toBe(true);
  });

  test('that may not be asked for a list, or is not reached, leaves nothing else undone', async () => {
    const server = await makeServer();
    await put(server, [secret('llm-{user}')]);
    server.fate = ({ url }) => (url.includes('secrets?') ? status(403) : null);
    const lost = gone(ADA, [], false);
    const stale = (): Promise<unknown> => delivererAt(server, [secret('llm-{user}')]).stale([], [lost]);
    expect(await stale()).toEqual({ put: [], remove: [], unknown: [], unheld: [] });
    server.fate = () => 'lost before';
    expect(await stale()).toEqual({ put: [], remove: [], unknown: [], unheld: [] });
    server.fate = ({ url }) => {
      if (!url.includes('secrets?')) return null;
      const item = (name: string, manager: string) => ({
        metadata: { name, namespace: 'labs', managedFields: [{ manager, operation: 'Apply' }] },
      });
      const [items, more] = url.includes('continue')
        ? [[item('llm-ada', 'vkeys')], '']
        : [[item('llm-bob', 'Helm')], 'next'];
      return { status: 200, text: JSON.stringify({ metadata: { continue: more }, items }) };
    };
    expect(await stale()).toEqual({ put: [], remove: [`${server.url}${at('llm-ada')}`], unknown: [], unheld: [] });
    expect(
      server.requests.filter(({ url }) => url.includes('secrets?')).map(({ url }) => url.replace(server.url, '')),
    ).toContain('/api/v1/namespaces/labs/secrets?limit=500&continue=next');
    await delivererAt(server, [secret('x', { namespace: 'of-{user}' })]).stale([], [lost]);
    expect(server.requests.map(({ url }) => url.replace(server.url, ''))).toContain('/api/v1/secrets?limit=500');
  });
});

describe('a workload', () => {
  const workload = (annotations: object): { status: number; text: string } => ({
    status: 200,
    text: JSON.stringify({ spec: { template: { metadata: { annotations } } } }),
  });

  test('starts anew when our data change, once, and not for what others change', async () => {
    const server = await makeServer();
    let annotations = {};
    let starts = 0;
    server.fate = ({ method, url, body = '' }) => {
      if (!url.includes('/apis/apps/v1/namespaces/labs/statefulsets/search')) return null;
      if (method === 'PATCH' && !url.includes('dryRun')) {
        annotations = JSON.parse(body).spec.template.metadata.annotations;
        starts += 1;
      }
      return workload(annotations);
    };
    const name = 'n'.repeat(70);
    const deliveries = [secret(name, { rollout: ['statefulset/search', 'statefulset/search'] })];
    await delivererAt(server, deliveries).check([known(ADA)]);
    expect(starts).toBe(0);
    await put(server, deliveries);
    await put(server, deliveries);
    expect(starts).toBe(1);
    expect(Object.keys(annotations)).toEqual([expect.stringMatching(/^vkeys\/n{54}-[0-9a-f]{8}$/)]);
    server.edit(at(name), 'Helm', { THEIRS: 'x' });
    expect((await put(server, deliveries)).written).toEqual([]);
    const second = new Secret('sk-ada-second-secret');
    await put(server, deliveries, [{ ...ADA, secret: second, key_id: second.hash() }]);
    expect(starts).toBe(2);
    annotations = {};
    expect(
      (await delivererAt(server, deliveries).stale([known({ ...ADA, secret: second, key_id: second.hash() })], [])).put,
    ).toHaveLength(1);
  });

  test('that is not there, or goes away, is told', async () => {
    const server = await makeServer();
    const deliveries = [secret('x', { rollout: ['daemonset/{user}'] })];
    const words = 'There is no daemonset ada in the namespace labs, which is to start anew.';
    server.fate = ({ url }) => (url.includes('/apis/') ? status(404) : null);
    expect((await delivererAt(server, deliveries).check([known(ADA)])).refusals[0]?.message).toContain(words);
    server.fate = ({ url, method }) =>
      url.includes('/apis/') ? (method === 'GET' ? workload({}) : status(404)) : null;
    expect(failedOf((await put(server, deliveries)).failed)[0]).toContain(words);
  });
});
