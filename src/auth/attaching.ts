/** Which signals go on to a program that works in the place of this one. */
import type { Attached, Program } from './attach.ts';

/** What of this process it concerns. `signals`: where they arrive. `stop`: begin nothing more. */
export type Own = {
  readonly signals: NodeJS.EventEmitter;
  readonly isAtTerminal: () => boolean;
  readonly stop: AbortSignal;
};

/** `heard`: whether a signal is the program's, and none of ours. */
export type Attaching = {
  readonly attach: (program: Program) => Promise<number>;
  readonly heard: (signal: NodeJS.Signals) => boolean;
};

/** A terminal has keys for these, and gives them to every program in the foreground. */
const KEYS: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);
/** Others that a program may be sent, and that would end this one. */
const OTHERS = ['SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** There is one program at a time. It is loaded when it is needed how programs are run. */
export function startAttaching({ signals, isAtTerminal, stop }: Own): Attaching {
  let attached: Attached | null = null;
  const heard = (signal: NodeJS.Signals): boolean => {
    if (attached !== null && !(KEYS.has(signal) && isAtTerminal())) attached.kill(signal);
    return attached !== null;
  };
  const attach = async (program: Program): Promise<number> => {
    const { attachProgram } = await import('./attach.ts');
    stop.throwIfAborted();
    for (const signal of OTHERS) signals.on(signal, heard);
    try {
      attached = attachProgram(program);
      return await attached.ended;
    } finally {
      attached = null;
      for (const signal of OTHERS) signals.off(signal, heard);
    }
  };
  return { attach, heard };
}
