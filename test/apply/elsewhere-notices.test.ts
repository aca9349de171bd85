import { expect, it } from 'vitest';
import type { Deliverer } from '../../src/apply/ports.ts';
import { delivererTo, desired, makeSite } from '../support/make.ts';

it('a hand-out on another machine whose key is gone is told, once for each machine, and forgotten with the key', async () => {
  const site = makeSite();
  const names = ['a', 'b'];
  await site.apply(names.map((name) => desired({ name })));
  const deliverer: Deliverer = {
    ...delivererTo(site.shelf),
    remove: async (gone) => {
      const elsewhere = gone.flatMap(({ name }) =>
        ['lab2', ...(name === 'a' ? ['lab3'] : [])].map((host) => ({ name, host, path: `/${name}.env` })),
      );
      return { ...(await delivererTo(site.shelf).remove(gone)), elsewhere };
    },
  };
  const { notices } = await site.apply(
    names.map((name) => desired({ name, state: 'absent' })),
    { deliverer },
  );
  expect(notices.map(({ code, message }) => [code, message])).toEqual([
    [
      'delivery',
      'The machine lab2 still has the secret of a and 1 more, which vkeys here cannot take back: /a.env and 1 more.',
    ],
    ['delivery', 'The machine lab3 still has the secret of a, which vkeys here cannot take back: /a.env.'],
  ]);
  expect(site.disk.text.match(/"op":"drop"/g)).toHaveLength(2);
});
