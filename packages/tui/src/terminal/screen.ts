import { lineWidth, type Line } from '../text/line.ts';
import type { Palette } from '../text/palette.ts';
import { inCharacters, type Characters } from '../text/signs.ts';
import { blankRow, difference, rowOf, type Piece, type Row } from './row.ts';

/** Where frames are written. */
export interface FrameSink {
  /** Whether the terminal has not taken all of the frame before yet. */
  readonly isBusy: boolean;
  write(text: string): void;
}

/** How text looks on a terminal. */
export interface ScreenLook {
  readonly palette: Palette;
  readonly characters: Characters;
}

/** Between these, terminals that know them show nothing of what is drawn (synchronized output, mode 2026). */
const update = { begin: '\u{1b}[?2026h', end: '\u{1b}[?2026l' } as const;

/** All looks off, and everything cleared: what is there may be from another size or another program. */
const clear = '\u{1b}[0m\u{1b}[2J';

/**
 * What stands on the terminal. Panes place their lines, {@link show} writes what differs. A terminal that does not keep
 * up gets the latest frame, not all of them.
 */
export class Screen {
  readonly #sink: FrameSink;
  readonly #height: () => number;
  #look: ScreenLook;
  #next: Piece[][] = [];
  #shown: readonly Row[] = [];
  /** The latest frame that was placed, until it is written. */
  #waiting: readonly Row[] | undefined;
  #isForgotten = true;
  #open = false;

  constructor(sink: FrameSink, height: () => number, look: ScreenLook) {
    this.#sink = sink;
    this.#height = height;
    this.#look = look;
  }

  /** Whether frames are written. */
  set open(open: boolean) {
    this.#open = open;
    this.forget();
  }

  set look(look: ScreenLook) {
    if (look.palette === this.#look.palette && look.characters === this.#look.characters) return;
    this.#look = look;
    this.forget();
  }

  /** Puts lines at a row and a column, both from 0, into the next frame. */
  place(row: number, column: number, lines: readonly Line[]): void {
    lines.forEach((line, index) => {
      const piece = { column, line: this.#inCharacters(line) };
      const pieces = this.#next[row + index];
      if (pieces) pieces.push(piece);
      else this.#next[row + index] = [piece];
    });
  }

  /** Shows what was placed since the last time, and nothing else. */
  show(): void {
    const rows = Array.from({ length: this.#height() }, (_, row) =>
      rowOf(this.#next[row] ?? [], lineWidth, this.#shown[row]),
    );
    this.#next = [];
    this.#waiting = rows;
    this.flush();
  }

  /** Something else may stand on the terminal, or it has another size: the next frame is drawn from scratch. */
  forget(): void {
    this.#isForgotten = true;
    this.#waiting = undefined;
  }

  /** Writes the latest frame, as soon as the terminal takes it. */
  flush(): void {
    const rows = this.#waiting;
    if (!rows || !this.#open || this.#sink.isBusy) return;
    this.#waiting = undefined;
    let changes = '';
    rows.forEach((row, index) => {
      const before = this.#isForgotten ? blankRow : (this.#shown[index] ?? blankRow);
      changes += difference(before, row, index, this.#look.palette);
    });
    const start = this.#isForgotten ? clear : '';
    this.#isForgotten = false;
    this.#shown = rows;
    if (start + changes !== '') this.#sink.write(update.begin + start + changes + update.end);
  }

  #inCharacters(line: Line): Line {
    const { characters } = this.#look;
    return characters === 'all'
      ? line
      : line.map(({ text, role }) => ({ text: inCharacters(text, characters), role }));
  }
}
