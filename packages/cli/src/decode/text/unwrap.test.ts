import { expect, test } from 'vitest';
import { Unwrap } from './unwrap.ts';

/** The lines of a text that a terminal has cut. */
function joined(lines: readonly string[]): readonly string[] {
  const unwrap = new Unwrap();
  return [...lines.flatMap((line) => unwrap.push(line)), ...unwrap.end()];
}

const wide = 'x'.repeat(40);

test('lines as long as the longest go on in the next one', () => {
  expect(joined([wide, wide, 'end', 'next'])).toEqual([`${wide}${wide}end`, 'next']);
});

test('the mark of a quoted mail is not of the text, on the lines that have it', () => {
  expect(joined([`> ${wide}`, '> >end', '> next'])).toEqual([`> ${wide}>end`, '> next']);
});

test('a text that is not quoted may go on with that mark', () => {
  expect(joined([wide, '> end'])).toEqual([`${wide}> end`]);
});
