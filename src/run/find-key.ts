import { VkeysError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { keyStore } from '../litellm/key-store.ts';
import type { Live } from '../model/resource.ts';
import type { Survey } from '../model/survey.ts';
import type { Detail } from '../litellm/survey.ts';
import type { Session } from './open.ts';

/** The one key with this alias. Throws `usage` when there is none, `refused` when there are several. */
export async function findKey(
  { connection }: Session,
  alias: string,
  look: Partial<Detail> = {},
): Promise<{ readonly live: Live; readonly survey: Survey }> {
  const store = keyStore(connection, look);
  const survey = await store.survey({ ids: [], names: [alias], all: false });
  const same = survey.lives.filter(({ name }) => name === alias);
  const [live, ...others] = same;
  if (live === undefined) throw noKey(survey.lives, alias);
  if (others.length === 0) return { live, survey };
  const hashes = same.map(({ id, created_at }) => `${id} (made ${created_at ?? 'at an unknown time'})`);
  throw new VkeysError(
    'refused',
    `There are ${String(hashes.length)} keys with the alias ${alias}: ${hashes.join(', ')}.`,
    'Delete the ones that nobody uses: vkeys delete --key-id HASH',
  );
}

/** Names that were seen on the way are what may have been meant. */
function noKey(lives: readonly Live[], alias: string): VkeysError {
  const known = lives.flatMap(({ name }) => (name === null ? [] : [name]));
  return new VkeysError(
    'usage',
    `There is no key with the alias ${alias}.${didYouMean(alias, known)}`,
    'See what there is: vkeys list',
  );
}
