/** People on machines of their own who apply one spec at once. */
import pMap from 'p-map';
import { isObject, parseJson, type JsonObject } from '../../src/base/json.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { serveSandbox } from '../../src/sandbox/serve.ts';
import { randomFrom, type Random } from '../support/random.ts';
import { MASTER_KEY } from '../support/run.ts';
import { hash, leaks, readDeliveries, readKeyring, textOf } from './promise.ts';
import { play, type Person, type Scene, type Server } from './scene.ts';

const APPLY = ['apply', '-f', 'spec.yaml', '-o', 'json'];
const MEMBERS = 3;

/**
 * Lets so many race, then each applies twice more, one after another: the first time heals, the second has nothing to
 * do. Answers with what is wrong.
 */
export function race(count: number, on: Server): Promise<readonly string[]> {
  return play(async (scene) => {
    const people = Array.from({ length: count }, () => scene.person());
    for (const person of people) person.wants(MEMBERS);
    const gate = makeGate();
    scene.faults.choose(async ({ path }) => {
      /* All have seen an empty server before anyone creates. */
      const looked = scene.faults.requests().filter((request) => request === 'GET /v1/models').length;
      if (looked === count) gate.open();
      if (path === '/v1/models') await gate.opened;
      return null;
    });
    const first = await Promise.all(people.map((person) => person.start(...APPLY).ended));
    scene.faults.choose(() => null);
    const healed = await pMap(people, (person) => person.vkeys(...APPLY), { concurrency: 1 });
    scene.faults.choose(() => null);
    const idle = await pMap(people, (person) => person.vkeys(...APPLY), { concurrency: 1 });
    const changing = scene.faults.requests().filter((request) => request.startsWith('POST'));
    return [
      ...[...first, ...healed, ...idle].flatMap(({ stdout }) => rowsOf(stdout).filter(isUntrue).map(told)),
      ...[...healed, ...idle].filter(({ code }) => code !== 0).map(({ stderr }) => `one more run failed: ${stderr}`),
      ...changing.map((request) => `a run with nothing to do sent ${request}`),
      ...(await vanished(
        scene,
        first.flatMap(({ stdout }) => rowsOf(stdout)),
      )),
      ...(await untrueAbout(scene, people)),
      ...(await pMap(people, async (person, at) => unsaid(scene, person, idle[at]?.stdout ?? ''))).flat(),
      ...people.flatMap((person) => leaks(scene, person)),
    ];
  }, on);
}

/** What is wrong with the keys, and with who knows their secrets. */
async function untrueAbout(scene: Scene, people: readonly Person[]): Promise<readonly string[]> {
  const keys = await scene.keys();
  const ids = keys.map(({ id }) => id);
  const aliases = keys.map(({ name }) => String(name)).toSorted();
  const known = people.flatMap(({ folder }) => [...readKeyring(folder).secrets.keys()]);
  return [
    ...(aliases.join() === [...scene.aliases(MEMBERS)].toSorted().join() ? [] : [`there are ${aliases.join()}`]),
    ...ids.filter((id) => !known.includes(id)).map((id) => `nobody knows the secret of ${id}`),
    ...known.filter((id) => !ids.includes(id)).map((id) => `somebody has a secret without a key, ${id}`),
    ...known.filter((id, index) => known.indexOf(id) !== index).map((id) => `two have the secret of ${id}`),
  ];
}

/** Where a person's hand-outs and last report differ from what the person's keyring knows. */
async function unsaid(scene: Scene, { folder }: Person, stdout: string): Promise<readonly string[]> {
  const { secrets } = readKeyring(folder);
  const keys = await scene.keys();
  const own = keys.filter(({ id }) => secrets.has(id)).map(({ name }) => String(name));
  const delivered = Object.entries(readDeliveries(folder, scene.aliases(MEMBERS)));
  const says = stdout.includes('secret_unknown');
  return [
    ...delivered.flatMap(([file, handed]) => [
      ...own.filter((alias) => !handed.has(alias)).map((alias) => `${file} has no ${alias}`),
      ...[...handed]
        .filter(([, secret]) => !keys.some(({ id }) => id === hash(secret)))
        .map(([alias]) => `${file} has a secret of ${alias} that opens nothing`),
    ]),
    ...(says === own.length < keys.length ? [] : [`says ${String(says)} that secrets are unknown: ${own.join()}`]),
  ];
}

/** What a first run reported and is not there in the end. */
async function vanished(scene: Scene, rows: readonly JsonObject[]): Promise<readonly string[]> {
  const ids = new Set((await scene.keys()).map(({ id }) => id));
  return rows
    .filter(({ status, key_id }) => status === 'applied' && !ids.has(textOf(key_id)))
    .map((row) => `${told(row)}, and it was taken away`);
}

function isUntrue({ status, key, key_id }: JsonObject): boolean {
  return status === 'applied' && typeof key === 'string' && hash(key) !== key_id;
}

function told(row: JsonObject): string {
  return `reported: ${textOf(row['key_alias'])}`;
}

/** Races on a sandbox that lets two creations of one alias at once through, 18 times of 20, as LiteLLM does. */
export async function raceOnSandbox(count: number, options: Partial<SandboxOptions> = {}): Promise<readonly string[]> {
  const sandbox = createSandbox({ now: () => new Date(), masterKey: MASTER_KEY, ...options });
  const running = await serveSandbox({ ...sandbox, handle: lenient(sandbox.handle, randomFrom('race', count)) }, 0);
  try {
    return await race(count, { url: running.url, masterKey: MASTER_KEY });
  } finally {
    await running.close();
  }
}

/** A second key of an alias is stored under a name that no answer shows. */
function lenient(handle: Sandbox['handle'], random: Random): Sandbox['handle'] {
  let twins = 0;
  return (request) => {
    const answer = handle(request);
    const body = parseJson(request.body);
    const taken = request.path === '/key/generate' && answer.status === 400 && answer.body.includes('already exists');
    if (!taken || !isObject(body) || random() >= 0.9) return { ...answer, body: answer.body.replaceAll(TWIN, '') };
    twins += 1;
    const renamed = { ...body, key_alias: `${textOf(body['key_alias'])}~twin${String(twins)}` };
    const again = handle({ ...request, body: JSON.stringify(renamed) });
    return { ...again, body: again.body.replaceAll(TWIN, '') };
  };
}

const TWIN = /~twin\d+/g;

/** The rows of a report in JSON. Throws when it is none. */
export function rowsOf(stdout: string): readonly JsonObject[] {
  const report = parseJson(stdout);
  if (!isObject(report) || !Array.isArray(report['keys'])) throw new Error(`no report: ${stdout}`);
  return report['keys'].filter(isObject);
}

/** Holds whoever awaits `opened` until `open` is called. */
export function makeGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
