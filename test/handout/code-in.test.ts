/** What people scan, paste and type, and the code in it. */
import { expect, it } from 'vitest';
import { codeIn } from '../../src/page/code-in.ts';

const CODE = '17-K7QW-M9XP-RT4H';

it.each([
  CODE,
  ` ${CODE}\n`,
  `#${CODE}`,
  `#${CODE}&fbclid=1`,
  `#${CODE}?utm_source=mail`,
  `https://example.com/page.html?a=1#${CODE}`,
  `https://example.com/100%/page.html#${CODE}&x=%E0%A4%A`,
  `#%20${CODE}`,
  `No. ${CODE}`,
  `Nr. ${CODE}`,
  `N° ${CODE}`,
  `N.º ${CODE}`,
])('%s has it', (text) => {
  expect(codeIn(text)).toBe(CODE);
});

it('is what was typed where that is no code', () => {
  expect([codeIn(''), codeIn('#'), codeIn('#%'), codeIn('l7-K7QW')]).toEqual(['', '', '%', 'l7-K7QW']);
});
