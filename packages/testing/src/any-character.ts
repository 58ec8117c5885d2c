import fc from 'fast-check';

/** Any code point, as the unit of a string. That of fast-check builds a table of all of them first, for seconds. */
export const anyCharacter = fc.integer({ min: 0, max: 0x10_ff_ff }).map((code) => String.fromCodePoint(code));
