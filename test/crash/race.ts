/** People on machines of their own who apply one spec at once. */
import pMap from 'p-map';
import { isObject, parseJson, type JsonObject } from '../../src/json.ts';
import { hash, leaks, readKeyring } from './promise.ts';
import { play, type Server } from './scene.ts';

const APPLY = ['apply', '-f', 'spec.yaml', '-o', 'json'];
const MEMBERS = 3;

/** Lets so many race, then each applies once more; answers with what is wrong afterwards. */
export function race(count: number, on?: Server): Promise<readonly string[]> {
  return play(async (scene) => {
    const people = Array.from({ length: count }, () => scene.person());
    const gate = makeGate();
    scene.faults.choose(async ({ path }) => {
      /* All have seen an empty server before anyone creates. */
      const looked = scene.faults.requests().filter((request) => request === 'GET /v1/models').length;
      if (looked === count) gate.open();
      if (path === '/v1/models') await gate.opened;
      return null;
    });
    await pMap(people, async (person) => {
      person.wants(MEMBERS);
      return person.start(...APPLY).ended;
    });
    scene.faults.choose(() => null);
    const again = await pMap(people, (person) => person.vkeys(...APPLY), { concurrency: 1 });
    const keys = await scene.keys();
    const ids = keys.map(({ key_id }) => key_id);
    const aliases = keys.map(({ key_alias }) => String(key_alias)).toSorted();
    const known = people.flatMap(({ folder }) => [...readKeyring(folder).secrets.keys()]);
    return [
      ...again.filter(({ code }) => code !== 0).map(({ stderr }) => `one more run failed: ${stderr}`),
      ...(aliases.join() === [...scene.aliases(MEMBERS)].toSorted().join() ? [] : [`there are ${aliases.join()}`]),
      ...ids.filter((id) => !known.includes(id)).map((id) => `nobody knows the secret of ${id}`),
      ...known.filter((id) => !ids.includes(id)).map((id) => `somebody has a secret without a key, ${id}`),
      ...known.filter((id, index) => known.indexOf(id) !== index).map((id) => `two have the secret of ${id}`),
      ...again
        .flatMap(({ stdout }) => rowsOf(stdout).filter(isUntrue))
        .map((row) => `reported: ${JSON.stringify(row)}`),
      ...people.flatMap((person) => leaks(scene, person)),
    ];
  }, on);
}

function isUntrue({ key, key_id }: JsonObject): boolean {
  return typeof key === 'string' && hash(key) !== key_id;
}

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
