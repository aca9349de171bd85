/** Whatever the command that ends a key, and whatever names the files of its hand-outs, none of them holds its secret afterwards. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeHome } from '../support/run.ts';
import { often } from '../support/often.ts';

type Key = { readonly user: string; readonly [field: string]: string };

const PATHS = [
  '{key_alias}/.env',
  '{KEY_ALIAS}.env',
  '{user}.env',
  '{key_id}.env',
  '{set}-{user}.env',
  '{team}/{user}.env',
];
const TABLES = ['keys', '{set}', '{team}', '{user}', '{key_alias}', '{key_id}'];
const own = fc.constantFrom(...PATHS).map((path) => ({ dotenv: `out/${path}` }));
const shared = fc.constant({ dotenv: { path: 'out/all.env', variables: { '{KEY_ALIAS}_KEY': '{key}' } } });
const table = fc
  .record({ to: fc.constantFrom('csv', 'json'), path: fc.constantFrom(...TABLES) })
  .map(({ to, path }) => ({ [to]: `out/t-${path}.${to}` }));
const deliver = fc.tuple(own, fc.oneof(shared, table));

/** How keys end, or their hand-outs move: what the roster has afterwards, `null` for as before, and the command. */
const ENDS = {
  'delete by name': { roster: null, line: 'delete lab-ada --yes' },
  'delete all of the spec': { roster: null, line: 'delete -f lab.json --yes' },
  prune: { roster: (user: string) => (user === 'ada' ? null : {}), line: 'apply -f lab.json --prune --yes' },
  absent: { roster: (user: string) => (user === 'ada' ? { state: 'absent' } : {}), line: 'apply -f lab.json --yes' },
  'another path': { roster: null, line: 'apply -f lab.json --yes' },
} as const;
type End = keyof typeof ENDS;

it('no file holds a secret of a key that is gone', async () => {
  await fc.assert(
    fc.asyncProperty(
      deliver,
      deliver,
      fc.constantFrom(...(Object.keys(ENDS) as End[])),
      fc.boolean(),
      async (first, second, end, forgets) => {
        const home = makeHome();
        const wants = (deliveries: readonly unknown[], how: (user: string) => object | null): void => {
          const keys = ['ada', 'bob', 'eve', 'zoe'].flatMap((user): readonly (Key | object)[] => {
            const more = how(user);
            return more === null
              ? []
              : [{ key_alias: `lab-{user}`, roster: [{ user, team: user < 'c' ? 'red' : 'blue' }], ...more }];
          });
          writeFileSync(join(home.folder, 'lab.json'), JSON.stringify({ set: 'lab', keys, deliver: deliveries }));
        };
        const files = (): string =>
          existsSync(join(home.folder, 'out'))
            ? readdirSync(join(home.folder, 'out'), { recursive: true, encoding: 'utf8', withFileTypes: true })
                .filter((entry) => entry.isFile())
                .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
                .join('\n')
            : '';
        try {
          wants(first, () => ({}));
          const made = await home.vkeys('apply -f lab.json --yes');
          expect(made.code, made.stdout + made.stderr).toBe(0);
          expect(home.minted.filter((secret) => !files().includes(secret.reveal()))).toEqual([]);
          /* Without a keyring only the spec tells where hand-outs lie, so it is the same one. */
          const isForgotten = forgets && end !== 'another path' && end !== 'delete by name' && end !== 'prune';
          if (isForgotten) rmSync(join(home.folder, 'state'), { recursive: true });
          const { roster, line } = ENDS[end];
          wants(isForgotten ? first : second, roster ?? (() => ({})));
          const ended = await home.vkeys(line);
          expect(ended.code, ended.stdout + ended.stderr).toBe(0);
          const list = (await home.vkeys('list --columns key_id')).stdout;
          const left = files();
          const [alive, gone] = [true, false].map((is) =>
            home.minted.filter((secret) => list.includes(secret.hash()) === is),
          );
          expect([alive?.length, gone?.length]).toEqual(
            end === 'another path' ? [4, 0] : end.startsWith('delete all') ? [0, 4] : [3, 1],
          );
          expect(gone?.filter((secret) => left.includes(secret.reveal()))).toEqual([]);
          expect(alive?.filter((secret) => !left.includes(secret.reveal()))).toEqual([]);
        } finally {
          rmSync(home.folder, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: often(40) },
  );
});
