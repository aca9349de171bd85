/** What is said of hand-outs on other machines that have keys which are gone: nobody here can take them back. */
import { firstOf } from '../base/first-of.ts';
import type { Notice } from '../model/plan.ts';
import type { Removed } from './ports.ts';

/** One for each machine. */
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
