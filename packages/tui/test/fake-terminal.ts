import { EventEmitter } from 'node:events';
import type { DrawnOn } from '../src/terminal/screen.ts';

/** A terminal that remembers what was written, and what stands on it afterwards. */
export class FakeTerminal extends EventEmitter implements DrawnOn {
  columns: number;
  rows: number;
  writableNeedDrain = false;
  written = '';
  #lines: string[] = [];

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    this.written += text;
    let row = 0;
    for (const [index, part] of text.split('\u{1b}[').entries()) {
      const [, place] = /^(\d+);1H/.exec(part) ?? [];
      if (place !== undefined) row = Number(place) - 1;
      else if (part.startsWith('2J')) this.#lines = [];
      else if (part.startsWith('2K')) this.#lines[row] = part.slice(2);
      else if (index > 0 && !part.startsWith('?'))
        this.#lines[row] = `${this.#lines[row] ?? ''}\u{1b}[${part}`;
    }
    return true;
  }

  /** What stands on the terminal. */
  get shown(): string[] {
    return Array.from({ length: this.rows }, (_, row) => this.#lines[row] ?? '');
  }

  /** What was written since this was asked last. */
  take(): string {
    const { written } = this;
    this.written = '';
    return written;
  }
}
