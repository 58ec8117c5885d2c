import { signs, type Characters } from './signs.ts';

/** Digits of three lines, made of half blocks. */
const blocks: Readonly<Record<string, readonly [string, string, string]>> = {
  '0': ['█▀█', '█ █', '▀▀▀'],
  '1': ['▀█ ', ' █ ', '▀▀▀'],
  '2': ['▀▀█', '█▀▀', '▀▀▀'],
  '3': ['▀▀█', ' ▀█', '▀▀▀'],
  '4': ['█ █', '▀▀█', '  ▀'],
  '5': ['█▀▀', '▀▀█', '▀▀▀'],
  '6': ['█▀▀', '█▀█', '▀▀▀'],
  '7': ['▀▀█', '  █', '  ▀'],
  '8': ['█▀█', '█▀█', '▀▀▀'],
  '9': ['█▀█', '▀▀█', '▀▀▀'],
  '–': ['   ', '▀▀▀', '   '],
  '%': ['▀ ▄▀', ' ▄▀ ', '▀  ▄'],
};

/** The same as of a display with seven segments. */
const segments: typeof blocks = {
  '0': [' _ ', '| |', '|_|'],
  '1': ['   ', '  |', '  |'],
  '2': [' _ ', ' _|', '|_ '],
  '3': [' _ ', ' _|', ' _|'],
  '4': ['   ', '|_|', '  |'],
  '5': [' _ ', '|_ ', ' _|'],
  '6': [' _ ', '|_ ', '|_|'],
  '7': [' _ ', '  |', '  |'],
  '8': [' _ ', '|_|', '|_|'],
  '9': [' _ ', '|_|', ' _|'],
  '–': ['   ', ' _ ', '   '],
  '%': ['o /', ' / ', '/ o'],
};

/** A text of digits in three lines, each digit three columns wide, a percent sign four. */
export function bigText(text: string, characters: Characters): readonly [string, string, string] {
  const shapes = characters === 'ascii' ? segments : blocks;
  const line = (row: 0 | 1 | 2): string =>
    Array.from(text, (each) => (shapes[each] ?? shapes[signs.absent])?.[row] ?? '').join(' ');
  return [line(0), line(1), line(2)];
}
