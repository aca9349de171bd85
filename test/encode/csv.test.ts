import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLines, fromCell, toCell } from '../../src/encode/csv.ts';

const cell = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.stringMatching(/^[-'=+@",;\r\n\t a]{0,6}$/),
  fc.constantFrom('', '=1+1', "'=1", '"', '\r', 'a\rb', 'a\nb', ' a '),
);

test('rows are read back as they were, whatever is in their cells', () => {
  const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (table, eol) => {
      const text = csvLines(
        table.map((row) => row.map(toCell)),
        { delimiter: ',', eol },
      );
      const read: string[][] = parse(text, { record_delimiter: eol });
      expect(read.map((row) => row.map(fromCell))).toEqual(table);
      expect(text.endsWith(eol)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('no cell is a formula', () => {
  fc.assert(
    fc.property(cell, (value) => {
      expect(csvLines([[toCell(value), toCell(value)]]).replaceAll('"', '')).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});

test('a row is one line, quoted only where it must be', () => {
  const cells = ['a', 'b c', 'd,e', '"f"', '=g', '-1', ''].map(toCell);
  expect(csvLines([cells], { delimiter: ',', eol: '\r\n' })).toBe(`a,b c,"d,e","""f""",'=g,'-1,\r\n`);
});
