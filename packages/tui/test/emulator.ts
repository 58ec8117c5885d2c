import { EventEmitter } from 'node:events';
import { Terminal } from '@xterm/headless';

/** A terminal that understands control sequences, wraps and scrolls, as those of people do. */
export class Emulator extends EventEmitter {
  readonly #terminal: Terminal;
  /** As of a stream: it takes nothing now. */
  writableNeedDrain = false;
  /** What was written since this was emptied. */
  written = '';
  bells = 0;

  constructor(columns: number, rows: number) {
    super();
    this.setMaxListeners(0);
    this.#terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 200 });
    this.#terminal.onBell(() => this.bells++);
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  getColorDepth(): number {
    return 24;
  }

  write(text: string | Uint8Array): boolean {
    this.written += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
    this.#terminal.write(text);
    return true;
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  /** What was written since this was asked last. */
  take(): string {
    const { written } = this;
    this.written = '';
    return written;
  }

  /** Changes the size: what stands there is wrapped or cut as the terminal likes. */
  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.emit('resize');
  }

  /** What stands on it, when everything that was written has been understood. */
  async shown(): Promise<string[]> {
    await new Promise<void>((resolve) => this.#terminal.write('', resolve));
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
  }

  /** The same with the look of each cell, for comparisons. */
  async looks(): Promise<string[]> {
    const lines = await this.shown();
    const { active } = this.#terminal.buffer;
    const cell = active.getNullCell(); // one for all, filled again and again
    return lines.map((text, row) => {
      const line = active.getLine(active.baseY + row);
      let looks = '';
      for (let column = 0; column < this.columns; column++) {
        if (!line?.getCell(column, cell)) continue;
        const inverse = cell.isInverse();
        looks +=
          inverse === 0 && cell.getChars().trim() === ''
            ? ' '
            : `${cell.getFgColor()}${cell.isBold() ? 'b' : ''}${cell.isDim() ? 'd' : ''}${inverse ? 'i' : ''},`;
      }
      return `${text}|${looks.trimEnd()}`;
    });
  }
}
