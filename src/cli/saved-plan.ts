/**
 * A plan in a file: what was planned for which sets, and how, so that `apply --plan` does exactly that or nothing. Free of
 * secrets: values are in it as digests, those that came from the environment as fingerprints.
 */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { digest } from '../base/digest.ts';
import { VkeysError } from '../base/errors.ts';
import { isErrno, readIfThere, replaceFile } from '../base/files.ts';
import { isObject, parseJson } from '../base/json.ts';
import { VERSION } from '../base/release.ts';
import { oneLine } from '../encode/terminal.ts';
import type { Spec } from '../model/spec.ts';
import { movedSteps, stepsOf } from '../plan/steps.ts';
import type { RunPlan } from '../run/plan.ts';
import type { Console } from './console.ts';
import type { SpecFlags } from './spec-options.ts';

const FORMAT = 1;
/** A plan says nothing of a key but its name: more is no plan. */
const LONGEST = 64 * 1024 * 1024;

const Flags = z.strictObject({
  prune: z.optional(z.literal(true)),
  maxDeletions: z.optional(z.string()),
  adopt: z.optional(z.literal(true)),
  recreate: z.optional(z.literal(true)),
  only: z.optional(z.array(z.string())),
  scan: z.optional(z.literal(true)),
  rotate: z.optional(z.literal(false)),
  modelCheck: z.boolean(),
  recursive: z.optional(z.literal(true)),
  deliver: z.optional(z.array(z.string())),
});
const Step = z.strictObject({
  of: z.string(),
  action: z.enum(['create', 'replace', 'rotate', 'update', 'adopt', 'delete', 'withdraw', 'write', 'take']),
  digest: z.string(),
});
const PlannedSet = z.strictObject({ set: z.string(), url: z.string(), spec: z.string(), steps: z.array(Step) });
const SavedPlan = z.strictObject({
  plan: z.literal(FORMAT),
  vkeys: z.string(),
  files: z.array(z.string()),
  flags: Flags,
  sets: z.array(PlannedSet),
});

/** `files`: specs and folders of them, as they were given. */
export type SavedPlan = z.infer<typeof SavedPlan>;

/** Throws `usage` for specs that could not be read again. */
export function assertSavable(files: readonly string[]): void {
  if (!files.includes('-')) return;
  throw new VkeysError(
    'usage',
    'A plan of standard input cannot be saved: `apply --plan` reads the spec again.',
    'Put the spec into a file, and name it with -f.',
  );
}

/** Writes a plan that nothing refuses, for its owner alone. Throws `config` where it cannot be written, or where something else is. */
export async function savePlan(
  { cwd }: Console,
  file: string,
  files: readonly string[],
  flags: SpecFlags,
  planned: RunPlan,
): Promise<void> {
  const { prune, maxDeletions, adopt, recreate, only, scan, rotate, modelCheck = true, recursive, deliver } = flags;
  const saved: SavedPlan = {
    plan: FORMAT,
    vkeys: VERSION,
    files: [...files],
    flags: {
      prune,
      maxDeletions,
      adopt,
      recreate,
      only: only === undefined ? only : [...only],
      scan,
      rotate: rotate === false ? rotate : undefined,
      modelCheck,
      recursive,
      deliver: deliver === undefined ? deliver : [...deliver],
    },
    sets: setsOf(planned),
  };
  const path = resolve(cwd, file);
  try {
    await assertFree(path, file);
    await replaceFile(path, `${JSON.stringify(saved, null, 2)}\n`);
  } catch (cause) {
    throw cause instanceof VkeysError ? cause : unusable(file, 'cannot be written', cause);
  }
}

/** Reads a plan. Throws `config` for a file that is none, or one of a newer vkeys. */
export async function readSavedPlan({ cwd }: Console, file: string): Promise<SavedPlan> {
  const hint = 'Name a file that `vkeys plan --out` wrote, or plan again.';
  let text: string | null;
  try {
    text = await readIfThere(resolve(cwd, file));
  } catch (cause) {
    throw unusable(file, 'cannot be read', cause);
  }
  if (text === null) throw new VkeysError('config', `There is no plan ${oneLine(file)}.`, hint);
  const json = text.length > LONGEST ? undefined : parseJson(text);
  const { plan: format = null, vkeys: by = null } = isObject(json) ? json : {};
  if (typeof format === 'number' && format > FORMAT) {
    const writer = typeof by === 'string' ? ` (${oneLine(by)})` : '';
    throw new VkeysError(
      'config',
      `${oneLine(file)} was saved by a newer vkeys${writer} than this one (${VERSION}).`,
      'Update vkeys, or plan again with this one.',
    );
  }
  const read = SavedPlan.safeParse(json);
  if (read.success) return read.data;
  throw new VkeysError('config', `${oneLine(file)} is damaged, or no plan.`, hint);
}

/** So many differences are told one by one. */
const TOLD = 20;

/** Throws `refused` unless what would be done is what the saved plan says. */
export function assertStands(file: string, saved: SavedPlan, planned: RunPlan): void {
  const now = setsOf(planned);
  const names = [...new Set([...saved.sets, ...now].map(({ set }) => set))];
  const moved = names.flatMap((name) => movedIn(name, saved.sets, now));
  if (moved.length === 0) return;
  const more = moved.length > TOLD ? [`and ${String(moved.length - TOLD)} more`] : [];
  const lines = [...moved.slice(0, TOLD).map(oneLine), ...more];
  throw new VkeysError(
    'refused',
    `Nothing was changed: the plan ${oneLine(file)} does not fit any more.\n${lines.join('\n')}`,
    `Plan again, look at it, and apply that: vkeys plan ${wordsOf(saved, file).map(shellWord).join(' ')}`,
  );
}

/** What `vkeys plan` was told. */
function wordsOf({ files, flags }: SavedPlan, out: string): readonly string[] {
  const { prune, maxDeletions, adopt, recreate, only = [], scan, rotate, modelCheck, recursive } = flags;
  return [
    '-f',
    ...files,
    ...(recursive === true ? ['-r'] : []),
    ...(prune === true ? ['--prune'] : []),
    ...(maxDeletions === undefined ? [] : ['--max-deletions', maxDeletions]),
    ...(adopt === true ? ['--adopt'] : []),
    ...(recreate === true ? ['--recreate'] : []),
    ...only.flatMap((glob) => ['--only', glob]),
    ...(scan === true ? ['--scan'] : []),
    ...(rotate === false ? ['--no-rotate'] : []),
    ...(modelCheck ? [] : ['--no-model-check']),
    '--out',
    out,
  ];
}

function shellWord(word: string): string {
  const safe = oneLine(word);
  return /^[\w./:=@%+-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", String.raw`'\''`)}'`;
}

type SetPlan = SavedPlan['sets'][number];

function movedIn(name: string, planned: readonly SetPlan[], now: readonly SetPlan[]): readonly string[] {
  const [before, after] = [planned, now].map((sets) => sets.find(({ set }) => set === name));
  if (after === undefined) return [`${name}: the set is in the plan, and in no spec any more`];
  if (before === undefined) return [`${name}: the set is not in the plan`];
  if (before.url !== after.url) return [`${name}: planned for ${before.url}, and now it is ${after.url}`];
  return [
    ...(before.spec === after.spec ? [] : [`${name}: its spec hands secrets out otherwise than in the plan`]),
    ...movedSteps(before.steps, after.steps),
  ];
}

function setsOf({ sets }: RunPlan): SavedPlan['sets'] {
  return sets.map(({ spec, session, plan }) => ({
    set: spec.set,
    url: session.url,
    spec: handoutsOf(spec),
    steps: [...stepsOf(plan)],
  }));
}

/** Where secrets go, which the steps do not say. */
function handoutsOf({ deliver, publicUrl }: Spec): string {
  return digest({ publicUrl, deliver: deliver.map((delivery) => ({ ...delivery })) });
}

/** A spec, or a device, is not overwritten by a slip. */
async function assertFree(path: string, file: string): Promise<void> {
  const there = await stat(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (there === null) return;
  const json = there.isFile() ? parseJson((await readIfThere(path)) ?? '') : undefined;
  if (isObject(json) && Object.hasOwn(json, 'plan')) return;
  throw new VkeysError(
    'config',
    `${oneLine(file)} is there and is no plan, so it was not overwritten.`,
    'Give --out another name, like --out plan.json.',
  );
}

function unusable(file: string, what: string, cause: unknown): VkeysError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new VkeysError('config', `${oneLine(file)} ${what} (${oneLine(why)}).`, 'Name another file.', { cause });
}
