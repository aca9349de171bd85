/** Handing out again what the keyring has, while nobody asks the server. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/model/delivery.ts';
import type { Spec } from '../../src/model/spec.ts';
import { deliverKept, lookAtPlaces } from '../../src/run/deliver-kept.ts';
import { desired } from '../support/make.ts';
import { keysOf, makeMachine, spec, type Machine } from './machine.ts';

function specOn({ folder }: Machine, names: readonly string[] = ['a', 'b']): Spec {
  const file = join(folder, 'lab.yaml');
  const path = join(folder, 'out', '{key_alias}.txt');
  const deliver: readonly Delivery[] = [{ to: 'text', path, template: 'KEY={key} {expires}\n', spec: file }];
  writeFileSync(file, '');
  const wanted = names.map((name) =>
    desired({ name, lifetime: { duration: '3d' }, placeholders: { key_alias: name } }),
  );
  return spec('lab', [], { deliver, files: [file], desired: wanted });
}

/** A machine whose keys were made, while their folder could not be written; then it can. */
async function undelivered(): Promise<{ machine: Machine; lab: Spec; failed: Awaited<ReturnType<Machine['apply']>> }> {
  const machine = makeMachine();
  const [lab, out] = [specOn(machine), join(machine.folder, 'out')];
  const approve = (): Promise<void> => Promise.resolve(writeFileSync(out, 'no folder'));
  const failed = await machine.apply([lab], {}, { approve });
  rmSync(out);
  return { machine, lab, failed };
}

const read = ({ folder }: Machine, name: string): string => readFileSync(join(folder, 'out', `${name}.txt`), 'utf8');

describe('deliver', () => {
  it('finishes what apply could not hand out, with the end that the server gave, and asks no server', async () => {
    const { machine, lab, failed } = await undelivered();
    expect(keysOf(failed)).toEqual(['create a failed', 'create b failed']);
    const [notice] = failed.report.sets[0]?.notices ?? [];
    expect(notice?.message).toBe('a and 1 more are in the keyring, and not everywhere where they should be.');
    expect(notice?.hint).toBe('When that is mended, repeat it, without the server: vkeys deliver -f lab.yaml');
    const asked = machine.requests.length;
    const ran = await deliverKept(machine.context(), [lab]);
    expect(keysOf(ran)).toEqual(['noop a applied', 'noop b applied']);
    expect(ran.report.sets[0]?.written).toHaveLength(2);
    expect(machine.requests).toHaveLength(asked);
    const entries = [...(await machine.keyring('lab')).entries.values()];
    expect(entries.map(({ pending }) => pending)).toEqual([false, false]);
    for (const { name, secret, expires } of entries)
      expect(read(machine, name)).toBe(`KEY=${secret.reveal()} ${String(expires)}\n`);
    const again = await machine.apply([lab]);
    expect(again.report.sets[0]).toMatchObject({ written: [], withdrawn: [] });
    expect(keysOf(again)).toEqual(['noop a applied', 'noop b applied']);
  });

  it('puts back what is lost, takes back what the spec has elsewhere now, and a second time does nothing', async () => {
    const machine = makeMachine();
    const lab = specOn(machine);
    await machine.apply([lab]);
    const text = read(machine, 'a');
    rmSync(join(machine.folder, 'out', 'a.txt'));
    await deliverKept(machine.context(), [lab]);
    expect(read(machine, 'a')).toBe(text);
    const [first] = lab.deliver;
    if (first === undefined) throw new Error('there is one');
    const moved = { ...lab, deliver: [{ ...first, path: join(machine.folder, 'new', '{key_alias}.txt') }] };
    const { report } = await deliverKept(machine.context(), [moved]);
    expect(report.sets[0]?.withdrawn).toHaveLength(2);
    expect(() => read(machine, 'a')).toThrow(/ENOENT/);
    const { report: again } = await deliverKept(machine.context(), [moved]);
    expect(again.sets[0]).toMatchObject({ written: [], withdrawn: [] });
  });

  it('fails for keys that are not made, or of which only a part of a run is known, and does the rest', async () => {
    const { machine, lab } = await undelivered();
    await deliverKept(machine.context(), [lab]);
    const more = { ...specOn(machine, ['a', 'b', 'new']) };
    const ran = await deliverKept(machine.context(), [more]);
    expect(keysOf(ran)).toEqual(['noop a applied', 'noop b applied', 'create new failed']);
    const cut = makeMachine({ wrap: () => () => Promise.reject(new Error('the line is cut')) });
    await cut.apply([specOn(cut)]).catch(() => undefined);
    const nothing = await deliverKept(cut.context(), [specOn(cut)]);
    expect(keysOf(nothing)).toEqual(['create a failed', 'create b failed']);
    expect(() => read(cut, 'a')).toThrow(/ENOENT/);
  });

  it('looks what places hold, and changes nothing', async () => {
    const { machine, lab } = await undelivered();
    const states = async (): Promise<readonly string[]> =>
      (await lookAtPlaces(machine.context(), [lab])).flatMap(({ ref, held }) =>
        held.map(({ state }) => `${ref.name} ${state}`),
      );
    const asked = machine.requests.length;
    expect(await states()).toEqual(['a missing', 'b missing']);
    await deliverKept(machine.context(), [lab]);
    expect(await states()).toEqual(['a current', 'b current']);
    const [from, to] = ['a', 'b'].map((name) => join(machine.folder, 'out', `${name}.txt`));
    renameSync(String(from), String(to));
    expect(await states()).toEqual(['a missing', 'b missing']);
    const other = specOn(machine, ['x']);
    expect(await lookAtPlaces(machine.context(), [other])).toMatchObject([{ isKnown: false, held: [] }]);
    expect(machine.requests).toHaveLength(asked);
  });
});

describe('the code of a person', () => {
  it('is made with the key where a delivery says it, kept, the same in every place and the next time, and in no place of the keyring', async () => {
    const machine = makeMachine();
    const lab = specOn(machine);
    const path = join(machine.folder, 'codes.csv');
    const columns = ['key_alias', 'key', 'seat', 'code'];
    const deliver: readonly Delivery[] = [
      { to: 'text', path: join(machine.folder, 'out', '{key_alias}.txt'), template: 'Type {code} ({key})\n' },
      { to: 'csv', path, columns },
    ];
    const coded = { ...lab, deliver };
    expect((await machine.plan([coded])).sets[0]?.plan.refusals).toEqual([]);
    await machine.apply([coded]);
    const { codes, entries } = await machine.keyring('lab');
    const code = codes.get('a')?.code.reveal() ?? '';
    expect(code).toMatch(/^\d-(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}$/);
    expect(read(machine, 'a')).toContain(`Type ${code} (sk-`);
    expect(readFileSync(path, 'utf8')).toContain(`,1,${code}\n`);
    expect(JSON.stringify([...entries.values()].map(({ places }) => places))).not.toContain(code);
    expect((await machine.apply([coded])).report.sets[0]?.written).toEqual([]);
    rmSync(path);
    await deliverKept(machine.context(), [coded]);
    expect(readFileSync(path, 'utf8')).toContain(`,1,${code}\n`);
    expect(
      (await lookAtPlaces(machine.context(), [coded])).flatMap(({ held }) => held.map(({ state }) => state)),
    ).toEqual(['current', 'current', 'current', 'current']);
  });

  it('is made later for keys that were there before', async () => {
    const machine = makeMachine();
    const lab = specOn(machine);
    await machine.apply([lab]);
    const path = join(machine.folder, 'codes.json');
    const coded = { ...lab, deliver: [{ to: 'json', path, variables: { '{KEY_ALIAS}': '{code}' } }] as const };
    expect((await machine.plan([coded])).sets[0]?.plan.rewrites).toContain(path);
    await machine.apply([coded]);
    const { codes } = await machine.keyring('lab');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      A: codes.get('a')?.code.reveal(),
      B: codes.get('b')?.code.reveal(),
    });
  });
});
