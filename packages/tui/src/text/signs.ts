import { characters as graphemes, displayWidth } from './width.ts';

/** The signs of the views. Each takes one column. */
export const signs = {
  lowest: '▼',
  highest: '▲',
  charging: '↑',
  discharging: '↓',
  idle: '=',
  beat: ['●', '○'],
  alarm: '!',
  selected: '▸',
  path: '›',
  rule: '─',
  upright: '│',
  absent: '–',
  ellipsis: '…',
  dot: '·',
  /** The last column of a bar, from an eighth of it to all of it. */
  bar: ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  track: '·',
  filled: '█',
  limit: '┼',
  position: '●',
  played: '━',
  change: '┼',
} as const;

/**
 * What a terminal can show: everything; what the fonts of the Linux console have (those of CP437 and Latin-9 alike); or
 * ASCII.
 */
export type Characters = 'all' | 'console' | 'ascii';

/** What stands for a character where it is missing; as wide as it, so that columns stay. */
const inConsole: ReadonlyMap<string, string> = new Map([
  ['▼', 'v'],
  ['▲', '^'],
  ['↑', '^'],
  ['↓', 'v'],
  ['●', '*'],
  ['○', 'o'],
  ['◆', '*'],
  ['▸', '>'],
  ['›', '>'],
  ['━', '='],
  ['╌', '-'],
  ...['▁', '▂', '▃'].map((each): [string, string] => [each, '▄']),
  ...['▅', '▆', '▇'].map((each): [string, string] => [each, '█']),
  ['–', '-'],
  ['…', '~'],
  ['Ω', 'R'],
  ['×', 'x'],
  ['½', '~'],
  ['≥', '>'],
  ['≤', '<'],
  ['▏', '▌'],
  ['▎', '▌'],
  ['▍', '▌'],
  ['▋', '▌'],
  ['▊', '█'],
  ['▉', '█'],
]);

const inAscii: ReadonlyMap<string, string> = new Map([
  ...inConsole,
  ['─', '-'],
  ['┼', '+'],
  ['│', '|'],
  ['·', '.'],
  ['°', ' '],
  ['±', '~'],
  ...['▁', '▂', '▃'].map((each): [string, string] => [each, '.']),
  ...['▅', '▆', '▇'].map((each): [string, string] => [each, '#']),
  ['▏', ':'],
  ['▎', ':'],
  ['▍', ':'],
  ['▌', '='],
  ['▋', '='],
  ['▊', '='],
  ['▉', '#'],
  ['█', '#'],
  ['▀', '"'],
  ['▄', '_'],
]);

const missing = {
  console: { shown: /^[\u0020-\u007e°·±─│┼█▀▄▌]*$/, instead: inConsole },
  ascii: { shown: /^[\u0020-\u007e]*$/, instead: inAscii },
} as const;

/** The text in the characters that a terminal has, as wide as before. */
export function inCharacters(text: string, characters: Characters): string {
  if (characters === 'all') return text;
  const { shown, instead } = missing[characters];
  if (shown.test(text)) return text;
  return graphemes(text)
    .map((each) => (shown.test(each) ? each : (instead.get(each) ?? '?'.repeat(displayWidth(each)))))
    .join('');
}
