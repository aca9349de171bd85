/** Usage between two snapshots, or since one. */
import { resolve } from 'node:path';
import { VkeysError } from '../base/errors.ts';
import { readIfThere } from '../base/files.ts';
import { parseJson } from '../base/json.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Notice } from '../model/plan.ts';
import { between, snapshotIn, type BetweenNotice, type Snapshot } from '../model/snapshot.ts';
import type { UsageReport } from '../model/usage.ts';
import { totalOf } from '../model/usage-sum.ts';
import { takeSnapshot } from '../run/snapshot.ts';
import { someNames } from '../view/names.ts';
import type { Console } from './console.ts';
import { gapNotice } from './gaps.ts';
import { contextOf } from './listen.ts';
import type { Globals } from './options.ts';

/** `server`: whose keys they are. */
export type BetweenFound = {
  readonly report: UsageReport;
  readonly notices: readonly Notice[];
  readonly server: string;
};

/** Throws `usage` for what is no snapshot, and for snapshots that do not belong together. */
export async function usageBetween(
  console: Console,
  options: Globals,
  files: readonly string[],
): Promise<BetweenFound> {
  const [first = '', second, ...others] = files;
  if (others.length > 0)
    throw new VkeysError('usage', '--between takes two snapshots.', 'Give the first and the last.');
  const before = await snapshotAt(console, first);
  const now = second === undefined ? await since(console, options, before) : null;
  const after = now?.snapshot ?? (await snapshotAt(console, second ?? ''));
  if (after.url !== before.url)
    throw new VkeysError(
      'usage',
      `One is of ${oneLine(before.url)}, the other of ${oneLine(after.url)}.`,
      'Give snapshots of one server; without a second one, name it: --url, or --profile.',
    );
  if (after.at < before.at)
    throw new VkeysError('usage', `${oneLine(first)} is the later one.`, 'Give the earlier one first.');
  const { lines, notices } = between(before, after);
  const report: UsageReport = {
    by: ['key'],
    since: before.at,
    until: after.at,
    as_of: after.at,
    source: `snapshots of ${after.source}`,
    lines,
    total: totalOf(lines),
  };
  return { report, notices: [...said(notices), ...(now?.gaps ?? []).map(gapNotice)], server: after.url };
}

async function snapshotAt({ cwd }: Console, file: string): Promise<Snapshot> {
  const text = await readIfThere(resolve(cwd, file)).catch(() => null);
  const snapshot = snapshotIn(parseJson(text ?? ''));
  if (snapshot !== null) return snapshot;
  const why = text === null ? 'cannot be read' : 'is no snapshot';
  throw new VkeysError('usage', `${oneLine(file)} ${why}.`, 'Take one: vkeys snapshot --out FILE');
}

/** The same keys as they are now. */
async function since(console: Console, options: Globals, { keys }: Snapshot) {
  const selectors = keys.map(({ key_id }) => ({ is: 'hash' as const, text: key_id, label: key_id }));
  return takeSnapshot(contextOf(console, options), { selectors, filter: {}, specs: [] });
}

const WORDS: Readonly<Record<BetweenNotice['is'], string>> = {
  reset:
    'Their budget began anew in between: what they spent is told by their total where the server has one, else by what was counted of their calls.',
  gone: 'They are not there any more, so nobody knows what they used in between.',
  new: 'They were made in between.',
  uncounted: 'Their calls were counted from different days, so only what they spent is told.',
};

function said(notices: readonly BetweenNotice[]): readonly Notice[] {
  return Object.entries(WORDS).flatMap(([is, words]): readonly Notice[] => {
    const names = notices.filter((each) => each.is === is).map(({ key }) => key);
    if (names.length === 0) return [];
    return [{ code: 'usage', ref: null, message: `${someNames(names).join(', ')}: ${words}`, hint: null }];
  });
}
