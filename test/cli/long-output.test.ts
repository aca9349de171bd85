/** What is too long to be held at once: written no faster than it is read. */
import { expect, it } from 'vitest';
import { writeChunks } from '../../src/cli/output.ts';
import type { Console } from '../../src/cli/console.ts';

/** A reader that takes its time, until it goes away; `made`: the chunks that were made so far. */
function slowReader(leavesAfter: number) {
  const seen = { pending: 0, most: 0, written: '', made: 0 };
  const stdout: Console['stdout'] = {
    isTTY: false,
    columns: null,
    write: (text) => {
      seen.pending += text.length;
      seen.most = Math.max(seen.most, seen.pending);
      seen.written += text;
    },
    arrived: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.pending = 0;
      return seen.written.length > leavesAfter ? new Error('EPIPE') : null;
    },
  };
  // oxlint-disable-next-line no-unsafe-type-assertion -- nothing else of it is used
  return { seen, console: { stdout } as Console };
}

function* chunks(seen: { made: number }): Iterable<string> {
  for (let number = 0; number < 5000; number += 1) {
    seen.made += 1;
    yield `${String(number).padStart(99)}\n`;
  }
}

it('has at most one piece under way, and arrives whole', async () => {
  const { seen, console } = slowReader(Number.POSITIVE_INFINITY);
  await writeChunks(console, chunks(seen));
  expect(seen.written).toBe([...chunks({ made: 0 })].join(''));
  expect(seen.most).toBeLessThan(70_000);
});

it('is not made any more when nobody reads it', async () => {
  const { seen, console } = slowReader(100_000);
  await writeChunks(console, chunks(seen));
  expect(seen.made).toBeLessThan(2000);
});
