import { lineWidth, span, type Line } from '../text/line.ts';
import type { Pane, Target } from './view.ts';

/** What stands on the terminal: panes above and below, and between them columns of panes, one blank column apart. */
export interface Composition {
  readonly head: Pane;
  readonly columns: readonly { readonly width: number; readonly panes: readonly Pane[] }[];
  readonly foot: Pane;
}

/** A pane, and where it is on the terminal, from 0. */
interface PlacedPane {
  readonly pane: Pane;
  readonly column: number;
  readonly row: number;
}

/** Where the panes of a composition are. */
function placed({ head, columns, foot }: Composition): readonly PlacedPane[] {
  const top = head.lines.length;
  const all: PlacedPane[] = [{ pane: head, column: 0, row: 0 }];
  let left = 0;
  let bottom = top;
  for (const { width, panes } of columns) {
    let row = top;
    for (const pane of panes) {
      all.push({ pane, column: left, row });
      row += pane.lines.length;
    }
    left += width + 1;
    bottom = Math.max(bottom, row);
  }
  return [...all, { pane: foot, column: 0, row: bottom }];
}

/** The lines of a composition, columns side by side. */
export function linesOf(composition: Composition): Line[] {
  const lines: Line[number][][] = [];
  for (const { pane, column, row } of placed(composition)) {
    for (const [index, own] of pane.lines.entries()) {
      const line = (lines[row + index] ??= []);
      line.push(span(' '.repeat(Math.max(0, column - lineWidth(line)))), ...own);
    }
  }
  return Array.from(lines, (line) => (line ?? []).filter(({ text }) => text !== ''));
}

/** What stands at a place of the terminal, in columns and rows from 0. */
export function targetAt(composition: Composition, column: number, row: number): Target | undefined {
  const found = placed(composition).find(
    ({ pane, column: left, row: top }) =>
      column >= left && column < left + pane.width && row >= top && row < top + pane.lines.length,
  );
  return found?.pane.hit?.(column - found.column, row - found.row);
}
