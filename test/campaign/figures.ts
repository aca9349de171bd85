/** What the campaign's runs add up to, as a table and as JSON. */
import { idOf, ownRows } from './rows.ts';
import type { Run } from './one-run.ts';
import { WRONGS } from './wrongs.ts';
import { KIND_NAMES } from './weather.ts';

export type Figures = {
  readonly seed: number;
  readonly runs: number;
  /** Milliseconds. */
  readonly took: number;
  readonly grounds: Readonly<Record<string, number>>;
  readonly turns: Readonly<Record<string, number>>;
  readonly commands: Readonly<Record<string, number>>;
  readonly exit_codes: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly keys: Readonly<Record<'made' | 'changed' | 'deleted', number>>;
  readonly lies: Readonly<Record<'told by a notice' | 'believed until the next plan', number>>;
  /** What must be 0. */
  readonly wrong: Readonly<Record<string, number>>;
};

export function figuresOf(seed: number, runs: readonly Run[], took: number): Figures {
  const events = runs.flatMap((run) => run.events.map((event) => ({ ...event, run })));
  const moves = events.map(({ run, before, after }) => {
    const [was, is] = [before, after].map((rows) => new Map(ownRows(run.set, rows).map((row) => [idOf(row), row])));
    const ids = [...(is?.keys() ?? [])];
    return {
      made: ids.filter((id) => was?.has(id) === false).length,
      changed: ids.filter((id) => was?.has(id) === true && JSON.stringify(was.get(id)) !== JSON.stringify(is?.get(id)))
        .length,
      deleted: [...(was?.keys() ?? [])].filter((id) => is?.has(id) === false).length,
    };
  });
  const problems = runs.flatMap((run) => run.problems);
  return {
    seed,
    runs: runs.length,
    took,
    grounds: tally(runs.flatMap(({ ground }) => ground)),
    turns: tally(runs.flatMap((run) => run.turns)),
    commands: {
      ...tally(events.map(({ command }) => command.name)),
      'of these as processes': events.filter(({ run }) => run.isProcess).length,
    },
    exit_codes: tally(events.map(({ ended }) => String(ended.code))),
    faults: tally(
      events.flatMap(({ strikes }) => strikes.map(({ kind }) => kind)),
      KIND_NAMES,
    ),
    keys: {
      made: sum(moves.map(({ made }) => made)),
      changed: sum(moves.map(({ changed }) => changed)),
      deleted: sum(moves.map(({ deleted }) => deleted)),
    },
    lies: {
      'told by a notice': sum(runs.map(({ told }) => told)),
      'believed until the next plan': sum(runs.map(({ believed }) => believed)),
    },
    wrong: tally(
      problems.map(({ wrong }) => wrong),
      WRONGS,
    ),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}

/** How often each word is there; the given ones also where they are not. */
function tally(words: readonly string[], all: readonly string[] = []): Readonly<Record<string, number>> {
  const counts = new Map(all.map((word) => [word, 0]));
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries(counts);
}

const GROUPS: Readonly<Record<string, string>> = {
  grounds: 'what runs were like',
  turns: 'what happened between two commands',
  exit_codes: 'exit codes',
  faults: 'faults that struck',
  lies: 'settings that the server did not store, although it said so',
  wrong: 'what must be 0',
};

export function figuresText({ seed, runs, took, ...groups }: Figures): string {
  const rows = Object.entries(groups).flatMap(([group, counts]) => [
    '',
    GROUPS[group] ?? group,
    ...Object.entries(counts).map(([name, count]) => `  ${name.padEnd(40)}${String(count).padStart(8)}`),
  ]);
  return [`${runs} runs in ${(took / 1000).toFixed(1)} s, seeds ${seed} to ${seed + runs - 1}`, ...rows, ''].join('\n');
}

/** A run that went wrong: what was done to it, what is broken, and how to see it again. */
export function storyOf({ seed, ground, turns, events, problems }: Run): string {
  const steps = events.map(({ command, weather, ended, strikes }) => {
    const hits = strikes.map(
      ({ kind, path, number, field }) => `${number} ${path}: ${kind}${field === null ? '' : ` about ${field}`}`,
    );
    return [
      `  ${command.name} (${weather?.strength ?? 'fair'}) ended with ${ended.code}`,
      ...hits.map((hit) => `    request ${hit}`),
    ].join('\n');
  });
  return [
    `CAMPAIGN_SEED=${seed} CAMPAIGN_RUNS=1 npm run campaign`,
    `  ${[...ground, ...turns].join(', ')}`,
    ...steps,
    ...problems.map(({ wrong, text }) => `  ${wrong.toUpperCase()} ${text}`),
  ].join('\n');
}
