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

it('a hand-out that only a person can take back is told once, of keys that are gone and that are elsewhere', async () => {
  const site = makeSite();
  const names = ['a', 'b'];
  await site.apply(names.map((name) => desired({ name })));
  const shelf = delivererTo(site.shelf);
  const deliverer: Deliverer = {
    ...shelf,
    put: async (known) => ({ ...(await shelf.put(known)), stays: [{ name: 'b', path: 'gh secret set B' }] }),
    remove: async (gone) => ({
      ...(await shelf.remove(gone)),
      stays: gone.map(({ name }) => ({ name, path: `gh secret set ${name.toUpperCase()}` })),
    }),
  };
  const { notices } = await site.apply([desired({ name: 'a', state: 'absent' }), desired({ name: 'b' })], {
    deliverer,
  });
  expect(notices.map(({ code, message }) => [code, message])).toEqual([
    [
      'delivery',
      'The secret of b and 1 more stays where it was put, because its delivery has no command to remove it: gh secret set B and 1 more.',
    ],
  ]);
});
