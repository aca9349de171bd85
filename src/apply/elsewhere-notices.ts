/** What is said of hand-outs that nobody here can take back. */
import { firstOf } from '../base/first-of.ts';
import type { Notice } from '../model/plan.ts';
import type { Put, Removed } from './ports.ts';

/** Of those on other machines that have keys which are gone: one for each machine. */
export function elsewhereNotices({ elsewhere }: Pick<Removed, 'elsewhere'>): readonly Notice[] {
  return [...new Set(elsewhere.map(({ host }) => host))].map((host) => {
    const there = elsewhere.filter((each) => each.host === host);
    const names = firstOf([...new Set(there.map(({ name }) => name))]);
    const paths = firstOf([...new Set(there.map(({ path }) => path))]);
    return {
      code: 'delivery',
      ref: null,
      message: `The machine ${host} still has the secret of ${names}, which vkeys here cannot take back: ${paths}.`,
      hint: 'The server has the key no more, so it opens nothing: delete it there.',
    };
  });
}

/** What is said of places that vkeys has no way to take keys from, such as those of programs that only put: once. */
export function staysNotices(all: readonly Pick<Put | Removed, 'stays'>[]): readonly Notice[] {
  const stays = all.flatMap((each) => each.stays ?? []);
  if (stays.length === 0) return [];
  const names = firstOf([...new Set(stays.map(({ name }) => name))]);
  const paths = firstOf([...new Set(stays.map(({ path }) => path))]);
  return [
    {
      code: 'delivery',
      ref: null,
      message: `The secret of ${names} stays where it was put, because its delivery has no command to remove it: ${paths}.`,
      hint: 'Delete it there. Beside run: write remove: in the delivery, and vkeys does it the next time.',
    },
  ];
}
