/**
 * Whatever a program puts somewhere. What is there is known by what `check` prints; where that is nothing, by the digest of
 * what the program was given. What was seen counts for the run, as each look is a program.
 */
import { digest } from '../../base/digest.ts';
import { VkeysError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { oneLine } from '../../encode/terminal.ts';
import type { Argv, CommandDelivery } from '../../model/delivery.ts';
import type { Place } from '../../model/place.ts';
import { contentFor } from '../command/content.ts';
import { assertOurs, look, type Seen } from '../command/look.ts';
import { assertPrograms, failed, ran } from '../command/ran.ts';
import { argumentOf, argvOf, detailOf, readWays, waysOf, type Ways } from '../command/ways.ts';
import { namesFor, type Addressee } from '../handout.ts';
import { heldIn } from '../held.ts';
import type { Part, Sink, SinkPorts, Sought, Target } from '../sink.ts';
import { detailOf as variablesDetail, VARIABLE } from '../variables.ts';

export function command({ run, env }: Pick<SinkPorts, 'run' | 'env'>): Sink {
  const seen = new Map<string, Promise<Seen>>();
  const lookAt = (ways: Ways, part?: Part): Promise<Seen> => {
    const id = idOf(ways);
    const now = seen.get(id) ?? look(run, ways, part === undefined ? [] : secretsOf(part));
    seen.set(id, now);
    return now;
  };
  /* A program that takes away what another line of the spec, or a newer key, has there would take the wrong one. */
  const taken = new Set<string>();
  return {
    on: 'network',
    pathOf: ({ path }) => Promise.resolve(path),
    spot: (template, names, key_alias) => ({ path: argumentOf(template, names, key_alias), within: null }),
    check: async (target) => {
      const call = callFor(target);
      await assertPrograms([call.run, call.create, call.ways.check, call.ways.remove], { env });
      const found = await lookAt(call.ways, call.part);
      assertOurs(found, call.part.before.length > 0, call.ways);
      return found === null ? call.part.before.length === 0 : found === 'missing';
    },
    detail: (part) => detailOf(waysFor(part)),
    holds: async ({ parts }, sought) => {
      const [part] = parts;
      const [ways] = [...parts.map(waysFor), ...sought.flatMap(knownIn)];
      const found = ways === undefined ? null : await lookAt(ways, part);
      if (part !== undefined && ways !== undefined) assertOurs(found, part.before.length > 0, ways);
      const key_ids = new Set(sought.map(({ key_id }) => key_id));
      const text = textIn(found);
      return {
        current: part === undefined || isCurrent(found, callFor({ parts: [part] })),
        held: found === 'missing' ? new Set() : text === '' ? null : new Set(heldIn(text, key_ids)),
        isThere: found === null ? null : found !== 'missing',
      };
    },
    put: async (target) => {
      const call = callFor(target);
      const { part, ways, proof } = call;
      taken.add(target.path).add(placeOf(ways));
      const found = await lookAt(ways, part);
      if (isCurrent(found, call)) return { changed: false, proof };
      assertOurs(found, part.before.length > 0, ways);
      seen.delete(idOf(ways));
      await putWith(found === 'missing' && call.create !== undefined ? [call.create, call.run] : [call.run], call);
      return { changed: true, proof };
    },
    remove: async ({ path }, left, kept) => {
      let isChanged = false;
      const key_ids = new Set(left.map(({ key_id }) => key_id));
      const all = left.flatMap(({ place }) => {
        const ways = readWays(place.detail);
        return ways === null ? [] : [{ ways, isGuess: place.host === undefined }];
      });
      for (const { ways, isGuess } of new Map(all.map((each) => [placeOf(each.ways), each])).values()) {
        if (ways.remove === undefined || taken.has(path) || taken.has(placeOf(ways))) continue;
        if (kept.some((place) => place.path === path || isPlaceOf(ways, place))) continue;
        const found = await look(run, ways);
        const text = textIn(found);
        /* Where the spec alone says that it may be there, somebody has to have seen it. */
        if (found === 'missing' || (found === null && isGuess)) continue;
        if (text !== '' && heldIn(text, key_ids).length === 0) continue;
        /* What another line puts may have been the same. */
        seen.clear();
        isChanged = (await removeWith(ways.remove, ways)) || isChanged;
      }
      return isChanged;
    },
    stays: ({ detail }) => readWays(detail)?.remove === undefined,
    sync: () => Promise.resolve(new Map()),
  };

  /** One that is not there any more is taken away. */
  async function removeWith(argv: Argv, ways: Ways): Promise<boolean> {
    const ended = await ran(run, argv, ways);
    if (ended.exitCode === 0) return true;
    if (ways.missing !== undefined && ended.stderr.includes(ways.missing)) return false;
    throw failed(argv, ended, []);
  }

  /** The first of these that succeeds does it: where something was made meanwhile, making it anew does not. */
  async function putWith(argvs: readonly Argv[], { part, ways, given }: Call): Promise<void> {
    const errors: VkeysError[] = [];
    for (const argv of argvs) {
      const ended = await ran(run, argv, ways, given);
      if (ended.exitCode === 0) return;
      errors.push(failed(argv, ended, secretsOf(part)));
    }
    const [first] = errors;
    if (first !== undefined) throw first;
  }
}

/** What is run for one key, with what it is given: `proof` is the digest of both. */
type Call = {
  readonly part: Part;
  readonly run: Argv;
  readonly create: Argv | undefined;
  readonly ways: Ways;
  readonly given: { readonly stdin?: string; readonly fd3?: string };
  readonly proof: string;
};

function callFor({ parts }: Pick<Target, 'parts'>): Call {
  const [part, other] = parts;
  if (part === undefined) throw new Error('a part for each spot');
  if (other !== undefined) throw ofTwo(part, other);
  const { key, to } = part;
  const delivery = commandIn(part);
  const names = namesFor(key, to);
  const argv = argvOf(delivery.run, names, key.key_alias);
  const ways = waysFor(part);
  const content = contentFor(delivery, part);
  return {
    part,
    run: argv,
    create: delivery.create === undefined ? undefined : argvOf(delivery.create, names, key.key_alias),
    ways,
    given: delivery.fd === undefined ? { stdin: content } : { fd3: content },
    proof: digest([argv, ways.env, content]),
  };
}

function secretsOf({ key: { secret, seat } }: Part): readonly Secret[] {
  return seat === undefined ? [secret] : [secret, seat.code];
}

function waysFor(part: Part<Addressee>): Ways {
  const delivery = commandIn(part);
  if (delivery.variables !== undefined) variablesDetail(part, VARIABLE);
  return waysOf(delivery, part.key, part.to);
}

function commandIn({ delivery }: Part<Addressee>): CommandDelivery {
  if (delivery.to !== 'command') throw new Error(`a command, and not ${delivery.to}`);
  return delivery;
}

function knownIn({ before, detail }: Sought): readonly Ways[] {
  return [detail, ...before.map((place) => place.detail)].flatMap((each) => readWays(each) ?? []);
}

function idOf(ways: Ways): string {
  return JSON.stringify(ways);
}

/** What is taken away by the same program is one place. */
function placeOf({ remove, env, folder }: Ways): string {
  const { VKEYS_KEY_ID: _, VKEYS_EXPIRES: __, ...others } = env;
  return JSON.stringify([remove, others, folder]);
}

function isPlaceOf(ways: Ways, { detail }: Place): boolean {
  const other = readWays(detail);
  return other !== null && placeOf(other) === placeOf(ways);
}

function textIn(found: Seen): string {
  return found === null || found === 'missing' ? '' : found.text.trim();
}

/** Where nothing is remembered, as on a new machine, the secret itself is enough. */
function isCurrent(found: Seen, { part, proof }: Call): boolean {
  if (found === 'missing') return false;
  const proofs = part.before.flatMap((place) => place.proof ?? []);
  const text = textIn(found);
  if (text !== '' && heldIn(text, new Set([part.key.key_id])).length === 0) return false;
  return proofs.includes(proof) || (text !== '' && proofs.length === 0);
}

function ofTwo(one: Part, other: Part): VkeysError {
  return new VkeysError(
    'delivery',
    `${oneLine(one.key.key_alias)} and ${oneLine(other.key.key_alias)} would both be put by the same command.`,
    'Put {key_alias} or {user} in its arguments.',
  );
}
