import { firstOf } from '../base/first-of.ts';
import type { Creation } from '../model/change.ts';
import type { Notice } from '../model/plan.ts';
import { byRef, type Ref } from '../model/ref.ts';
import type { Live } from '../model/resource.ts';
import { difference, type ServerFacts } from './diff.ts';

/** So many names are said. */
const SOME = 3;
/** So many pairs are compared: a hint is not worth the time that all of thousands would take. */
const MOST = 10_000;

/** An own thing that the spec does not mention any more, and what it was called there. */
export type Orphan = { readonly live: Live; readonly ref: Ref };

/**
 * New keys that agree with keys which the spec no longer mentions, in all but the name: a probable rename, which would make
 * new secrets for the same people.
 */
export function renameNotices(
  created: readonly Creation[],
  orphans: readonly Orphan[],
  facts: ServerFacts,
  prune: boolean,
): readonly Notice[] {
  const free = orphans.toSorted((x, y) => byRef(x.ref, y.ref));
  let compared = 0;
  const pairs = created
    .toSorted((x, y) => byRef(x.ref, y.ref))
    .flatMap(({ ref, desired }) => {
      if (compared >= MOST) return [];
      const at = free.findIndex(({ live }) => {
        compared += 1;
        return difference(desired, live, facts).changes.length === 0;
      });
      const [old] = at === -1 ? [] : free.splice(at, 1);
      return old === undefined ? [] : [{ from: old.ref.name, to: ref.name }];
    });
  const [first] = pairs;
  if (first === undefined) return [];
  const said = firstOf(
    pairs.map(({ from, to }) => `${from} → ${to}`),
    SOME,
  );
  const many = pairs.length === 1 ? 'a new key with a new secret' : `${String(pairs.length)} new keys with new secrets`;
  return [
    {
      code: 'renamed',
      ref: null,
      message: `These look renamed: ${said}. As it stands there will be ${many}, and the old ones ${prune ? 'are deleted' : 'stay'}.`,
      hint: `To keep hash, secret and spend, say in the spec what it was called: \`previously: ${first.from}\` (a template for a roster).`,
    },
  ];
}
