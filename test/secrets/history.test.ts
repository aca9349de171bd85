/** What is remembered of a set: that it is seen when somebody wrote in it, and that a cut write harms nothing. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Began, Ended, History } from '../../src/model/history.ts';
import { appendHistory, readHistories } from '../../src/secrets/history-file.ts';

const ABOUT = { server: 'https://litellm.test', set: 'lab' };

const began = (run: string): Began => ({
  is: 'began',
  run,
  at: `2026-11-21T10:00:0${run}.000Z`,
  command: 'apply',
  vkeys: '1.0.0',
  who: { user: 'ada', host: 'laptop', actor: null, job: null },
  specs: [{ file: '/lab.yaml', commit: null, modified: null }],
  planned: { create: 1 },
});
const ended = (run: string): Ended => ({
  is: 'ended',
  run,
  at: `2026-11-21T10:00:0${run}.500Z`,
  litellm: '1.110.2',
  changes: [
    {
      action: 'create',
      kind: 'key',
      name: 'ada',
      id: 'a'.repeat(64),
      status: 'applied',
      fields: [{ field: 'max_budget', from: null, to: 5 }],
      spend: null,
    },
  ],
  written: ['ada.env'],
  withdrawn: [],
  error: null,
});

function place() {
  const root = mkdtempSync(join(tmpdir(), 'vkeys-history-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = mkdtempSync(join(root, 'server-'));
  const file = join(folder, 'lab.history');
  const append = async (event: Began | Ended, most?: number): Promise<void> =>
    appendHistory(join(folder, 'lab.jsonl'), ABOUT, event, () => Promise.resolve(), most);
  const read = async (): Promise<History> => {
    const { histories, unreadable } = await readHistories([root]);
    const [history] = histories;
    if (history === undefined || unreadable.length > 0) throw new Error(String(unreadable[0]));
    return history;
  };
  return { file, append, read, lines: () => readFileSync(file, 'utf8').split('\n') };
}

async function threeRuns() {
  const here = place();
  for (const run of ['1', '2', '3']) {
    await here.append(began(run));
    await here.append(ended(run));
  }
  return here;
}

describe('the history of a set', () => {
  it('is read as it was written, by this user alone', async () => {
    const { file, read } = await threeRuns();
    const history = await read();
    expect(history).toMatchObject({ ...ABOUT, broken: [], dropped: null });
    expect(history.runs).toEqual(['1', '2', '3'].map((run) => ({ ...ABOUT, began: began(run), ended: ended(run) })));
    expect(history.hashes.size).toBe(7);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('shows a run that was cut', async () => {
    const { append, read } = place();
    await append(began('1'));
    await append(began('2'));
    await append(ended('2'));
    expect((await read()).runs.map((run) => run.ended?.run)).toEqual([undefined, '2']);
  });

  it.each([
    ['a changed line', (lines: string[]) => lines.with(2, (lines[2] ?? '').replace('"to":5', '"to":50')), [3, 4]],
    ['a line that was taken out', (lines: string[]) => lines.toSpliced(3, 1), [4]],
    ['the first line', (lines: string[]) => lines.slice(1), [1]],
    ['a line of somebody else', (lines: string[]) => lines.toSpliced(3, 0, '{"is":"ended","run":"9"}'), [4, 5]],
    ['no JSON', (lines: string[]) => lines.toSpliced(3, 0, 'hello'), [4, 5]],
  ])('tells %s', async (_, alter, broken) => {
    const { file, read, lines, append } = await threeRuns();
    writeFileSync(file, alter(lines()).join('\n'), { mode: 0o600 });
    /* Whatever a line says, those behind it were written behind another one. */
    expect((await read()).broken[0]).toBe(broken[0]);
    await append(began('4'));
    const after = await read();
    expect(after.broken.slice(0, broken.length).every((line) => line <= 5)).toBe(true);
    expect(after.runs.at(-1)?.began.run).toBe('4');
    expect(after.broken).not.toContain(lines().length - 1);
  });

  it('does without a line that was cut while it was written', async () => {
    const { file, read, append } = await threeRuns();
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20), { mode: 0o600 });
    expect(await read()).toMatchObject({ broken: [], runs: [{}, {}, { ended: null }] });
    await append(ended('3'));
    const { broken, runs } = await read();
    expect([broken, runs.at(-1)?.ended]).toEqual([[], ended('3')]);
  });

  it('loses its older half when it is too long, and says so', async () => {
    const { read, append } = await threeRuns();
    const { head } = await read();
    await append(began('4'), 1000);
    await append(ended('4'), 1_000_000);
    const shorter = await read();
    expect(shorter).toMatchObject({ broken: [], dropped: { lines: 3, until: began('2').at } });
    expect(shorter.runs.map((run) => run.began.run)).toEqual(['3', '4']);
    expect(shorter.hashes).toContain(head);
    await append(began('5'), 1000);
    const again = await read();
    expect(again.broken).toEqual([]);
    expect(again.dropped?.lines).toBeGreaterThan(3);
  });

  it('that others could write is refused', async () => {
    const { file, append } = await threeRuns();
    rmSync(file);
    writeFileSync(file, '', { mode: 0o666 });
    const { chmodSync } = await import('node:fs');
    chmodSync(file, 0o666);
    await expect(append(began('4'))).rejects.toMatchObject({ kind: 'config', message: /open to other users/ });
  });
});
