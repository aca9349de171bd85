/** A rotation beside another machine's of the same key: whoever has the name first stays. */
import { VkeysError } from '../base/errors.ts';
import type { Live } from '../model/resource.ts';
import { removeAll } from './delete.ts';
import { endLine, removedLines } from './notes.ts';
import type { ApplyPorts } from './ports.ts';
import type { Ready } from './swap.ts';

/** Where another machine's new key has the name meanwhile, ours is taken away, and out of its places. */
export async function giveWay(
  batch: readonly Ready[],
  before: ReadonlyMap<string, Live>,
  ports: ApplyPorts,
): Promise<ReadonlyMap<Ready, VkeysError>> {
  const holders = new Map([...before.values()].map((live) => [live.name, live.id]));
  const lost = batch.filter(
    ({ change, made }) => ![undefined, change.live.id, made.id].includes(holders.get(change.ref.name)),
  );
  const errors = await removeAll(
    lost.map(({ work, made }) => ({ work, live: made })),
    ports,
  );
  for (const { work, change, made, outcome } of lost.filter((one) => !errors.has(one.made.id))) {
    const { ref, desired } = change;
    const { places } = outcome;
    const removed = await work.deliverer.remove([{ key_id: made.id, name: ref.name, desired, places }]);
    const ends = [...removedLines(removed), ...endLine(made.id, work.keyring.state().entries, removed)];
    await work.keyring.record([...ends, { op: 'rotated', of: change.live.id }]);
  }
  return new Map(lost.map((one) => [one, errors.get(one.made.id) ?? second(one)]));
}

function second({ change: { ref } }: Ready): VkeysError {
  const said = `Another machine gave ${ref.name} a new secret at the same moment, and was first.`;
  return new VkeysError('refused', said, 'That secret is there: hand it out there, or rotate the key once more here.');
}
