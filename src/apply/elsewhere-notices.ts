/** What is said of hand-outs on other machines that have keys which are gone: nobody here can take them back. */
import type { Notice } from '../model/plan.ts';
import type { Removed } from './ports.ts';

/** One for each machine. */
export function elsewhereNotices({ elsewhere }: Pick<Removed, 'elsewhere'>): readonly Notice[] {
  return [...new Set(elsewhere.map(({ host }) => host))].map((host) => {
    const there = elsewhere.filter((each) => each.host === host);
    const names = firstOf(there.map(({ name }) => name));
    const paths = firstOf(there.map(({ path }) => path));
    return {
      code: 'delivery',
      ref: null,
      message: `The machine ${host} still has the secret of ${names}, which vkeys here cannot take back: ${paths}.`,
      hint: 'The server has the key no more, so it opens nothing: delete it there.',
    };
  });
}

function firstOf(texts: readonly string[]): string {
  const all = [...new Set(texts)];
  return all.slice(0, 1).join('') + (all.length === 1 ? '' : ` and ${String(all.length - 1)} more`);
}
