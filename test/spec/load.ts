/** Loads specs from texts, and shows problems as a user sees them. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Desired } from '../../src/model/resource.ts';
import type { Diagnostic, Spec } from '../../src/model/spec.ts';
import { loadSpecs } from '../../src/spec/load.ts';

export type Seen = {
  readonly specs: readonly Spec[];
  readonly problems: string;
  /** What is worth saying: each line, rule and message. */
  readonly notices: readonly string[];
  readonly folder: string;
};

type Options = {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly args?: readonly string[];
  readonly isDeep?: boolean;
  /** A file of rules that hold for all specs. */
  readonly rulesFile?: string;
  /** What `--deliver` was given. */
  readonly deliver?: readonly string[];
  /** When keys have to keep to the rules. */
  readonly heldAt?: Date;
};

/** One text is the file `spec.yaml`; of several, those that end in `.csv` are only there. */
export async function load(
  files: string | Readonly<Record<string, string | Uint8Array>>,
  options: Options = {},
): Promise<Seen> {
  const folder = mkdtempSync(join(tmpdir(), 'vkeys-spec-'));
  const named = typeof files === 'string' ? { 'spec.yaml': files } : files;
  for (const [name, content] of Object.entries(named)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const args = options.args ?? Object.keys(named).filter((name) => !name.endsWith('.csv'));
  const readStdin = () => Promise.resolve(options.stdin ?? '');
  const { env = {}, ...more } = options;
  const { specs, diagnostics, notices } = await loadSpecs(args, { cwd: folder, env, ...more, readStdin });
  const problems = diagnostics.map(shown).join('\n\n');
  return { specs, problems, notices: notices.map((each) => inShort(shown(each))), folder };
}

function shown({ origin, rule, message, hint, frame }: Diagnostic): string {
  const place = `${origin.file}:${String(origin.line)}:${String(origin.column)}`;
  return `${place} ${rule}: ${message}\n${frame}\n${hint}`;
}

/** The keys of a text without problems. */
export async function keysOf(...args: Parameters<typeof load>): Promise<readonly Desired[]> {
  const { specs, problems } = await load(...args);
  if (problems !== '') throw new Error(problems);
  return specs.flatMap(({ desired }) => desired);
}

/** Problems in short: each line, rule and message. */
export async function messagesOf(...args: Parameters<typeof load>): Promise<readonly string[]> {
  const { problems } = await load(...args);
  return problems
    .split('\n')
    .filter((line) => /^\S+:\d+:\d+ /.test(line))
    .map(inShort);
}

function inShort(problem: string): string {
  return String(problem.split('\n')[0]).replace(/^spec\.yaml:/, '');
}
