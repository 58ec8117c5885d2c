import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitToml } from './toml-limits.ts';
import { parseToml } from './toml.ts';

describe('TOML that would take a parser minutes, or its stack, is refused before it is parsed', () => {
  const many = 300_000;
  test.each([
    ['arrays in arrays', `a = ${'['.repeat(many)}`, '1:1: it is nested'],
    ['closed ones', `\na = ${'['.repeat(many)}${']'.repeat(many)}`, '2:1: it is nested'],
    ['inline tables', `a = ${'{a='.repeat(many)}`, '1:1: it is nested'],
    ['arrays over lines', 'a = \n' + '[\n'.repeat(many), 'it is nested'],
    ['a key of many parts', `${'a.'.repeat(many)}a = 1`, '1:1: a key has more than'],
    ['a table of many parts', `[${'a . '.repeat(many)}a]`, '1:1: a key has more than'],
    ['a quoted key of many parts', `${'"a".'.repeat(many)}a = 1`, '1:1: a key has more than'],
    ['a long key', `${'a'.repeat(many)} = 1`, '1:1: a key is longer than'],
    ['a long quoted key', `"${'a'.repeat(many)}" = 1`, '1:1: a key is longer than'],
    ['a long number', `a = ${'9'.repeat(many)}`, '1:1: a number has more than'],
    ['a long number with underscores', `a = ${'9_'.repeat(many)}9`, '1:1: a number has more than'],
    ['a long hexadecimal number', `a = 0x${'f'.repeat(many)}`, '1:1: a key is longer than'],
    ['a long fraction', `a = 1.${'9'.repeat(many)}`, '1:1: a number has more than'],
  ])('%s', (_, text, problem) => {
    expect(() => parseToml(text)).toThrow(problem);
  });
});

test.each([
  ['a long string', `a = "${'9'.repeat(10_000)}"`],
  ['long literal strings in an array', `a = ['${'['.repeat(10_000)}', '''${'\n['.repeat(10_000)}''']`],
  ['a long comment', `# ${'[9.'.repeat(10_000)}\na = 1`],
  ['many arrays, one after the other', `a = [${'[1], '.repeat(1000)}]`],
  ['an escaped quote', String.raw`a = "\"[[[[" # ${'['.repeat(100)}`],
])('%s is not refused', (_, text) => {
  expect(() => limitToml(text)).not.toThrow();
});

test('any text is looked through in time that grows with its length alone', () => {
  const pieces = fc.constantFrom('"', "'", '"""', "'''", '\\"', '#', '\n', '[', ']', '.', ' ', '=', 'a', '9');
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (some) => {
      try {
        limitToml(some.join('').repeat(5000));
      } catch (error) {
        expect(String(error)).toMatch(/^UsageError: \d+:1: /);
      }
    }),
    { numRuns: 20 },
  );
});
