import { oneLine } from '../encode/terminal.ts';
import type { Listener } from '../run/events.ts';
import type { Context } from '../run/open.ts';
import type { Console } from './console.ts';
import { progressLine, say } from './say.ts';
import type { Globals } from './options.ts';

/** Milliseconds between two lines that say why a request waits: many wait for the same thing. */
const SELDOM = 10_000;

/** A run's events in words on stderr. */
function listener(console: Console, globals: Globals): Listener {
  const progress = progressLine(console, globals);
  let waited = -Infinity;
  return (event) => {
    switch (event.is) {
      case 'locked':
        return say(console, globals, `Waiting for ${oneLine(event.holder)}, which works on ${event.set} …`);
      case 'waiting': {
        const now = console.now().getTime();
        if (now - waited < SELDOM) return undefined;
        waited = now;
        return say(console, globals, `waiting: ${oneLine(event.error.message)}`);
      }
      case 'insecure':
        return say(
          console,
          globals,
          'warning: certificates are not checked: anybody on the way can read the credential.',
        );
      case 'credential':
        return say(console, globals, `warning: ${event.notice}`);
      case 'cut-address':
        return say(
          console,
          globals,
          `${oneLine(event.given)} has more than the address of the server: ${oneLine(event.url)} is used.`,
        );
      case 'keyring':
        return say(console, globals, `warning: ${event.error.message} ${event.error.hint}`);
      case 'progress':
        return progress(event.done, event.total, event.of);
      case 'stopping':
        return say(console, globals, 'Interrupted: finishing what is under way. Ctrl-C once more drops it.');
      case 'request': {
        if (globals.debug !== true) return undefined;
        const { method, path, status, milliseconds } = event.trace;
        console.stderr.write(`${method} ${path} ${String(status)} ${String(milliseconds)} ms\n`);
        return undefined;
      }
    }
  };
}

/** What a run is given: the world, these options, and somebody who says what happens. */
export function contextOf<O extends Globals>(console: Console, options: O): Context<O> {
  return { world: console, options, hear: listener(console, options) };
}
