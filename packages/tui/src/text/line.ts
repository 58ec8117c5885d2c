import { signs } from './signs.ts';
import { cut, displayWidth } from './width.ts';

/** What a piece of text stands for. Palettes say how each role looks; nothing is told by a role alone. */
export const roles = [
  'text',
  'dim',
  'title',
  'accent',
  'good',
  'notice',
  'alarm',
  'bar',
  'low',
  'high',
  'charge',
  'discharge',
  'stale',
  'banner',
  'banner-alarm',
  'banner-notice',
  'selected',
] as const;

export type Role = (typeof roles)[number];

/** A piece of text of one role, without control characters. */
export interface Span {
  readonly text: string;
  readonly role: Role;
}

/** One line of a screen. */
export type Line = readonly Span[];

export function span(text: string, role: Role = 'text'): Span {
  return { text, role };
}

/** Columns that a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

/** The line in exactly `width` columns: cut with an ellipsis, or filled with spaces. */
export function fit(line: Line, width: number): Line {
  const own = lineWidth(line);
  if (own === width) return line;
  if (own < width) return [...line, span(' '.repeat(width - own))];
  if (width <= 0) return [];
  const { ellipsis } = signs;
  const kept: Span[] = [];
  let left = width - 1;
  for (const { text, role } of line) {
    const part = cut(text, left);
    kept.push({ text: part, role });
    left -= displayWidth(part);
    if (part !== text) break;
  }
  kept.push(span(ellipsis, 'dim'), span(' '.repeat(Math.max(0, left))));
  return kept;
}

/** Columns of one sign each: neighbours of one role are one piece, with the blanks after them. */
export function inPieces(
  columns: number,
  signOf: (at: number) => string,
  roleOf: (at: number, sign: string) => Role,
): Line {
  const line: Span[] = [];
  let text = '';
  let role: Role = 'text';
  for (let at = 0; at < columns; at++) {
    const sign = signOf(at);
    const signRole: Role = sign === ' ' ? role : roleOf(at, sign);
    if (signRole !== role && text !== '') {
      line.push({ text, role });
      text = '';
    }
    text += sign;
    role = signRole;
  }
  return text === '' ? line : [...line, { text, role }];
}

/** A text in exactly `width` columns. */
export function column(
  text: string,
  width: number,
  role: Role = 'text',
  align: 'left' | 'right' = 'left',
): Line {
  const own = displayWidth(text);
  if (own >= width || align === 'left') return fit([span(text, role)], width);
  return [span(' '.repeat(width - own)), span(text, role)];
}

/** Two lines in one: the second at the right edge. The first gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  const room = width - lineWidth(right);
  return room <= 0 ? fit(right, width) : [...fit(left, room), ...right];
}

/** A text in lines of at most `width` columns, broken between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width || line === '') {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return [...lines, line].map((each) => cut(each, width));
}

/** Lines of the same pane with another role, as when what they show is stale. */
export function inRole(line: Line, role: Role): Line {
  return line.map(({ text }) => ({ text, role }));
}

/** The text of a line, for those who see no roles. */
export function plainText(line: Line): string {
  return line.map(({ text }) => text).join('');
}
