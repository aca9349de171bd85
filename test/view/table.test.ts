/** Tables on terminals that are too narrow for them. */
import { expect, it } from 'vitest';
import { tableText } from '../../src/view/table.ts';
import { NOW } from '../support/make.ts';

const NAMES = ['ai-workshop-participant1', 'ai-workshop-participant2'];
const HEADINGS = ['key', 'status', 'spent', 'ends'];
const ROWS = NAMES.map((name) => [name, 'active', '0.00 / 5.00', 'in 3 days and a little more than that']);
const at = (columns: number): string => tableText(HEADINGS, ROWS, { color: 0, columns, now: NOW, cwd: '/' });

it.each([120, 80, 60, 50, 48])('at %i columns tell the rows apart by their first cell', (columns) => {
  const text = at(columns);
  for (const name of NAMES) expect(text).toContain(name);
  for (const line of text.split('\n').slice(0, 3)) expect(line.length).toBeLessThanOrEqual(columns);
});

it('cut the widest columns, then leave the last ones out, and at last cut the first', () => {
  expect(at(120)).toContain('a little more than that');
  expect(at(70)).toContain('…');
  expect(at(70)).not.toContain('Not shown');
  expect(at(48)).toContain('Not shown for want of space: ends');
  expect(at(14)).toContain('Not shown for want of space: status, spent, ends');
  expect(at(14).split('\n')[1]).toBe('ai-workshop-p…');
});
