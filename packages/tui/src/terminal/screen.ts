import { EventEmitter } from 'node:events';

/** The terminal that is drawn on. */
export interface DrawnOn {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly writableNeedDrain?: boolean;
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** Between these, terminals that know them show nothing of what is drawn (synchronized output, mode 2026). */
const update = { begin: '\u{1b}[?2026h', end: '\u{1b}[?2026l' } as const;

/**
 * What Ink writes on. Ink hands over whole frames; of each, only the lines are written that differ from those on the
 * terminal, each at its place: so a resized, stopped or scribbled-on terminal is mended by {@link forget}, and a slow
 * one gets the latest frame, not all of them.
 */
export class Screen extends EventEmitter {
  /** Ink neither hides the cursor nor asks for sizes itself. */
  readonly isTTY = false;
  readonly #terminal: DrawnOn;
  #shown: readonly string[] = [];
  #frame = '';
  #open = false;
  #waiting = false;

  constructor(terminal: DrawnOn) {
    super();
    this.#terminal = terminal;
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  get rows(): number {
    return this.#terminal.rows || 24;
  }

  /** Whether frames are drawn. */
  set open(open: boolean) {
    this.#open = open;
    this.forget();
  }

  /** Takes a frame. */
  write(frame: string): boolean {
    this.#frame = frame;
    this.#draw();
    return true;
  }

  /** Draws everything anew: something else may stand on the terminal. */
  forget(): void {
    this.#shown = [];
    if (this.#open) this.#terminal.write('\u{1b}[2J');
    this.#draw();
  }

  #draw(): void {
    if (!this.#open) return;
    if (this.#terminal.writableNeedDrain === true) {
      if (!this.#waiting) {
        this.#waiting = true;
        this.#terminal.once('drain', () => {
          this.#waiting = false;
          this.#draw();
        });
      }
      return;
    }
    const lines = this.#frame.split('\n').slice(0, this.rows);
    const rows = Math.max(lines.length, this.#shown.length);
    let changes = '';
    for (let row = 0; row < rows; row++) {
      const line = lines[row] ?? '';
      if (line !== (this.#shown[row] ?? '')) changes += `\u{1b}[${row + 1};1H\u{1b}[2K${line}`;
    }
    this.#shown = lines;
    if (changes !== '') this.#terminal.write(update.begin + changes + update.end);
  }
}
