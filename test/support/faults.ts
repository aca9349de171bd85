/** A proxy before a server that spoils chosen requests, as networks, load balancers and dying servers do. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { isObject, parseJson } from '../../src/base/json.ts';
import { makeDoor } from './door.ts';
import { answer, ask, lie, spoil, type Upstream, type Whole } from './spoil.ts';

/** What the client gets instead of the answer, or with `whole`, the answer, for what happens before it. */
export type Spoiled =
  | 'whole'
  /** The connection is cut: at once, or after half of the answer. */
  | 'reset'
  | 'half'
  /** Nothing, and no end of it. */
  | 'silence'
  /** 200 without a body, or with a load balancer's page. */
  | 'empty'
  | 'page'
  /** 200 and what was sent: all of it, or the true answer with `field`, of which the server never heard. */
  | 'echo'
  | 'lie'
  /** The true list without its first row, which is not counted either. */
  | 'short'
  /** This connection is cut, and the next one is closed before its request is read. */
  | 'shut'
  /** All connections are cut, and nobody accepts new ones for `lasts` milliseconds. */
  | 'down'
  | Status;

/** Refusals, and redirects to `/elsewhere` on this proxy. */
export type Status = 301 | 302 | 307 | 429 | 500 | 502 | 503 | 504;

export type Fault = {
  /** Whether the server does the work: at once, never, or with `catchUp`, long after the client has gone. */
  readonly work: 'done' | 'never' | 'later';
  readonly answer: Spoiled;
  /** Milliseconds that pass before the work, and between the work and the answer. */
  readonly before?: number;
  readonly after?: number;
  /** Milliseconds that the server is `down`. */
  readonly lasts?: number;
  /** What `lie` is about. */
  readonly field?: string;
  /** The header of a refusal; unless it is given, only 429 has one, of a second. `null` is none. */
  readonly retryAfter?: string | null;
  /** Awaited after the work and before the answer; for `half`, in the middle of it. */
  readonly strike?: () => Promise<unknown>;
};

/** `number` counts from 1 since the faults were chosen; `fields` are the names in a JSON body. */
export type Passing = {
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly fields: readonly string[];
};

export type FaultyServer = {
  readonly url: string;
  /** Sends what comes from here on to another server, as a port that is forwarded anew. */
  leadTo(upstream: Upstream): void;
  /** Chooses what becomes of requests from here on; `null` lets one pass, after what the function waits for. */
  choose(faultOf: (request: Passing) => Fault | null | Promise<Fault | null>): void;
  /** Says that so many milliseconds passed for the client, where a test skips its pauses: what is down comes up sooner. */
  elapse(milliseconds: number): Promise<void>;
  /** Resolves when nothing is under way and the server accepts connections. */
  calm(): Promise<void>;
  /** Does the work that was put off. */
  catchUp(): Promise<void>;
  /** `POST /key/generate`, those since the faults were chosen. */
  requests(): readonly string[];
  close(): Promise<void>;
};

/** Stands before `upstream` on a free port of 127.0.0.1, and lets everything pass at first. */
export async function serveFaults(upstream: Upstream): Promise<FaultyServer> {
  let faultOf: Parameters<FaultyServer['choose']>[0] = () => null;
  let to = upstream;
  let seen: string[] = [];
  let later: (() => Promise<unknown>)[] = [];
  const underWay = new Set<Promise<void>>();
  const server = createServer((incoming, outgoing) => {
    const passing = pass(incoming, outgoing)
      .catch(() => void outgoing.destroy())
      .finally(() => underWay.delete(passing));
    underWay.add(passing);
  });
  const door = await makeDoor(server);

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const sent: Buffer = await buffer(incoming);
    const { method = 'GET', url = '/' } = incoming;
    const path = url.replace(/\?.*/s, '');
    const there = to;
    const forward = (body = sent): Promise<Whole> => ask(there, incoming, body);
    const json = parseJson(sent.toString());
    const fields = isObject(json) ? Object.keys(json) : [];
    const fault = await faultOf({ number: seen.push(`${method} ${path}`), method, path, fields });
    if (fault === null) return answer(outgoing, await forward());
    await delay(fault.before ?? 0);
    if (fault.answer === 'lie') return answer(outgoing, await lie(sent, fault.field, forward));
    const whole = fault.work === 'done' ? await forward() : null;
    if (fault.work === 'later') later.push(forward);
    await delay(fault.after ?? 0);
    if (fault.answer !== 'half') await fault.strike?.();
    if (fault.answer === 'shut') door.shutNext();
    if (fault.answer === 'down') door.goDown(fault.lasts ?? 0);
    return spoil(outgoing, fault, sent, whole);
  }

  return {
    url: door.url,
    leadTo: (next) => {
      to = next;
    },
    choose: (next) => {
      faultOf = next;
      seen = [];
    },
    elapse: (milliseconds) => door.elapse(milliseconds),
    calm: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
      await door.open();
    },
    catchUp: async () => {
      const late = later;
      later = [];
      for (const forward of late) await forward();
    },
    requests: () => seen,
    close: () => door.close(),
  };
}
