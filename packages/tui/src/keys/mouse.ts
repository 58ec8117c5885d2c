/** What the mouse did: turned its wheel, or pressed its left button on a cell of the terminal, both from 0. */
export type MouseEvent =
  | { readonly kind: 'wheel'; readonly direction: 'up' | 'down' }
  | { readonly kind: 'press'; readonly column: number; readonly row: number };

/** Reports of buttons and wheel, in the form of SGR (xterm control sequences, mouse tracking 1000 and 1006). */
export const mouseReports = { on: '\u{1b}[?1000h\u{1b}[?1006h', off: '\u{1b}[?1006l\u{1b}[?1000l' } as const;

/** Reads `<0;12;5M` after an escape and a bracket; undefined for anything else. */
export function parseMouse(input: string): MouseEvent | undefined {
  const [, code, column, row, final] = /^\[?<(\d+);(\d+);(\d+)([Mm])$/.exec(input) ?? [];
  if (final !== 'M') return undefined;
  if (code === '64' || code === '65') return { kind: 'wheel', direction: code === '64' ? 'up' : 'down' };
  return code === '0' ? { kind: 'press', column: Number(column) - 1, row: Number(row) - 1 } : undefined;
}
