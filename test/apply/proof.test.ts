import { expect, it } from 'vitest';
import type { Deliverer } from '../../src/apply/ports.ts';
import type { Place } from '../../src/model/place.ts';
import { delivererTo, desired, makeSite } from '../support/make.ts';

it('what a sink will know its writing by is remembered with the place, and the old one forgotten', async () => {
  const site = makeSite();
  const shelf = delivererTo(site.shelf);
  const place: Place = { sink: 'command', path: 'put a' };
  const asked: (readonly Place[])[] = [];
  const delivererWith = (proof: string): Deliverer => ({
    ...shelf,
    places: async (known) =>
      new Map(
        known.map(({ live, places }) => {
          asked.push(places);
          return [live.id, places.length === 0 ? [place] : places];
        }),
      ),
    put: async (known) => ({
      ...(await shelf.put(known)),
      placed: new Map(known.map(({ live }) => [live.id, [{ ...place, proof }]])),
    }),
  });
  const apply = (proof: string) => site.apply([desired({ name: 'a' })], { deliverer: delivererWith(proof) });
  await apply('one');
  await apply('one');
  const lines = site.disk.text.match(/"op":"(?:placed|removed)"/g);
  await apply('two');
  await apply('two');
  expect(lines).toEqual(['"op":"placed"', '"op":"placed"', '"op":"removed"']);
  expect(asked).toEqual([[], [{ ...place, proof: 'one' }], [{ ...place, proof: 'one' }], [{ ...place, proof: 'two' }]]);
});
