import { characters, displayWidth } from './width.ts';

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
  position: '●',
  played: '━',
  change: '┼',
} as const;

/** What stands for a character on a terminal that knows nothing but ASCII; as wide as it, so that columns stay. */
const inAscii: ReadonlyMap<string, string> = new Map([
  ['▼', 'v'],
  ['▲', '^'],
  ['↑', '^'],
  ['↓', 'v'],
  ['●', '*'],
  ['○', 'o'],
  ['▸', '>'],
  ['›', '>'],
  ['─', '-'],
  ['━', '='],
  ['┼', '+'],
  ['½', '~'],
  ['│', '|'],
  ['–', '-'],
  ['…', '~'],
  ['·', '.'],
  ['°', ' '],
  ['Ω', 'O'],
  ['×', 'x'],
  ['▏', ':'],
  ['▎', ':'],
  ['▍', ':'],
  ['▌', '='],
  ['▋', '='],
  ['▊', '='],
  ['▉', '#'],
  ['█', '#'],
]);

/** The text in ASCII, as wide as before. */
export function toAscii(text: string): string {
  if (/^[\u0020-\u007e]*$/.test(text)) return text;
  return characters(text)
    .map((each) =>
      /^[\u0020-\u007e]$/.test(each) ? each : (inAscii.get(each) ?? '?'.repeat(displayWidth(each))),
    )
    .join('');
}
