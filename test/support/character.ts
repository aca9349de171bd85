import * as fc from 'fast-check';

const [BEFORE_SURROGATES, SURROGATES, ALL] = [0xd7_ff, 0x8_00, 0x11_00_00];

/** Any character there is, as the `unit` of a text. That of fast-check, `binary`, works for a second before the first text. */
export const character = fc
  .nat(ALL - SURROGATES - 1)
  .map((nth) => String.fromCodePoint(nth > BEFORE_SURROGATES ? nth + SURROGATES : nth));
