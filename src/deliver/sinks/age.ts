/**
 * Files that are encrypted for others, so that nobody here can read what is in them. What was written is known by a proof
 * that the keyring keeps with the place: a digest of what was to be in the file and for whom, and one of the file itself.
 */
import { digest } from '../../base/digest.ts';
import { isEncrypted } from '../../encode/age/encrypt.ts';
import { FILES, makeFiles } from '../files.ts';
import { letterFor, type Letter } from '../letter.ts';
import { notOurs } from '../not-ours.ts';
import type { Left, Part, Sink, SinkPorts, Sought } from '../sink.ts';

export function ageSink(ports: SinkPorts): Sink {
  const files = makeFiles(ports, 'latin1');
  /* What this run has put, by path: whatever is remembered of another key there is over. */
  const put = new Map<string, string>();
  return {
    ...FILES,
    detail: () => null,
    check: async (target) => {
      const letter = letterFor(target.parts);
      const file = await files.read(target);
      assertOurs(file.text);
      if (!isCurrent(file.text, letter, target.parts)) await files.assertWritable(file);
      return file.text === null;
    },
    holds: async (target, sought) => {
      const { text, open } = await files.read(target);
      const isAsked = target.parts.length > 0;
      if (isAsked) assertOurs(text);
      return {
        current: !isAsked || (!open && isCurrent(text, letterFor(target.parts), target.parts)),
        held: text !== null && isEncrypted(text) ? heldBy(text, sought) : new Set(),
        isThere: !isEmpty(text),
      };
    },
    put: async (target) => {
      const letter = letterFor(target.parts);
      let [sealed, now]: [string | null, string] = [null, ''];
      const changed = await files.change(target, async (text) => {
        assertOurs(text);
        now = text !== null && isCurrent(text, letter, target.parts) ? text : (sealed ??= await letter.seal());
        return now;
      });
      put.set(target.path, digest(now));
      return { changed, proof: proofOf(letter.id, now) };
    },
    remove: (spot, left) =>
      files.change(spot, async (text) =>
        text !== null && isEncrypted(text) && put.get(spot.path) !== digest(text) && isOf(left, text) ? null : text,
      ),
  };
}

function isEmpty(text: string | null): text is null {
  return text === null || text.trim() === '';
}

/** What is no file of age is nothing to write over. */
function assertOurs(text: string | null): void {
  if (!isEmpty(text) && !isEncrypted(text)) throw notOurs('is not encrypted with age');
}

function proofOf(id: string, text: string): string {
  return `${id}.${digest(text)}`;
}

function isCurrent(text: string | null, { id }: Letter, parts: readonly Part[]): boolean {
  const proofs = parts.flatMap(({ before }) => before.flatMap(({ proof }) => proof ?? []));
  return text !== null && proofs.includes(proofOf(id, text));
}

/** The keys that were put into this very file; where nobody knows what was put there for one, nobody can tell. */
function heldBy(text: string, sought: readonly Sought[]): ReadonlySet<string> | null {
  const end = `.${digest(text)}`;
  const proofs = sought.map(({ key_id, before }) => [key_id, before.flatMap(({ proof }) => proof ?? [])] as const);
  const held = proofs.flatMap(([key_id, known]) => (known.some((proof) => proof.endsWith(end)) ? key_id : []));
  return held.length < sought.length && proofs.some(([, known]) => known.length === 0) ? null : new Set(held);
}

/** A run that was killed has noted the place (with its machine), and not what it put there. What the spec alone says may be another's. */
function isOf(left: readonly Left[], text: string): boolean {
  const end = `.${digest(text)}`;
  return left.some(({ place: { proof, host } }) => (proof === undefined ? host !== undefined : proof.endsWith(end)));
}
