import type { ListQuery } from '../litellm/pages.ts';
import { streamKeys, type Detail, type KeysPart } from '../litellm/survey.ts';
import type { Word } from './choice.ts';
import type { Context, Session } from './open.ts';
import { findChosen, sayMissing } from './select.ts';

/** `selectors`: the keys that they name, or with `null` all that the server finds with `filter`. `look`: what of them matters. */
type Asked = {
  readonly selectors: readonly Word[] | null;
  readonly look: Partial<Detail>;
  readonly filter?: ListQuery['filter'];
};

/** The keys of a server, page by page, or those that are named. A server may have more of them than the filter lets pass. */
export async function* listedKeys(
  session: Session,
  { hear }: Pick<Context, 'hear'>,
  { selectors, look, filter }: Asked,
): AsyncGenerator<KeysPart> {
  if (selectors === null) return yield* streamKeys(session.connection, look, filter);
  const { keys, survey, missing, gaps } = await findChosen({ session, hear, look }, { selectors, filter: {} });
  const { listed } = survey;
  yield { lives: keys, listed, total: keys.length, gaps: [...missing.map(sayMissing), ...gaps], isShort: false };
}
