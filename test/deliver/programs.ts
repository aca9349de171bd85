/** A program that keeps secrets, in memory: what `run` of the sinks' ports would start. */
import { makeDeliverer } from '../../src/deliver/deliverer.ts';
import type { Deliverer } from '../../src/apply/ports.ts';
import type { Run, RunInput } from '../../src/deliver/sink.ts';
import type { CommandDelivery, Delivery } from '../../src/model/delivery.ts';
import { HOST, sinkPorts, TO } from './handouts.ts';

/** One that is there, as it is looked for. */
export const PROGRAM = process.execPath;

export type Started = { readonly args: readonly string[]; readonly input: RunInput };
export type Store = {
  /** What is kept, by name. */
  readonly kept: Map<string, string>;
  /** Every run, in order. */
  readonly runs: Started[];
  /** What the next runs of a verb come to, instead of what they do: before it, or after. */
  readonly spoilt: Map<string, 'throws' | 'is killed' | 'is killed late' | 'fails'>;
  readonly run: Run;
};

/** Verbs: put, make (fails where there is something), get (prints it), has (says nothing), rm. */
export function makeStore(): Store {
  const kept = new Map<string, string>();
  const runs: Started[] = [];
  const spoilt: Store['spoilt'] = new Map();
  const work = (verb: string, name: string, text: string): string | null => {
    const found = kept.get(name);
    if (verb === 'put' || (verb === 'make' && found === undefined)) kept.set(name, text);
    else if (found === undefined || verb === 'make') return null;
    if (verb === 'rm') kept.delete(name);
    return verb === 'get' ? (found ?? null) : '';
  };
  return {
    kept,
    runs,
    spoilt,
    run: async (_, args, input = {}) => {
      runs.push({ args, input });
      const [verb = '', name = ''] = args;
      const how = spoilt.get(verb);
      if (how === 'throws') throw new Error('cut');
      if (how === 'is killed') return { exitCode: null, stdout: '', stderr: 'it was killed' };
      const text = input.stdin ?? input.fd3 ?? '';
      if (how === 'fails') return { exitCode: 1, stdout: '', stderr: `HTTP 403 for ${text}\n` };
      const printed = work(verb, name, text);
      if (how === 'is killed late') return { exitCode: null, stdout: '', stderr: 'it was killed' };
      if (printed === null) return { exitCode: 1, stdout: '', stderr: `${name}: no such thing\n` };
      return { exitCode: 0, stdout: printed, stderr: '' };
    },
  };
}

/** A delivery by these verbs of the store. */
export function commandTo(
  verbs: { readonly check?: 'get' | 'has'; readonly create?: 'make'; readonly remove?: 'rm' },
  more: Partial<CommandDelivery> & { readonly name?: string; readonly spec?: string } = {},
): Delivery {
  const { name = '{user}', ...others } = more;
  return {
    to: 'command',
    path: `put ${name}`,
    run: [PROGRAM, 'put', name],
    ...(verbs.create === undefined ? {} : { create: [PROGRAM, 'make', name] }),
    ...(verbs.check === undefined ? {} : { check: [PROGRAM, verbs.check, name] }),
    ...(verbs.remove === undefined ? {} : { remove: [PROGRAM, 'rm', name] }),
    folder: process.cwd(),
    ...others,
  };
}

export function delivererBy(run: Run, ...deliveries: readonly Delivery[]): Deliverer {
  return makeDeliverer(
    'lab',
    deliveries.map((delivery) => ({ delivery, to: TO })),
    { host: HOST, files: [] },
    sinkPorts({ run, env: process.env }),
  );
}
