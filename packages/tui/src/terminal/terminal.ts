import type { ReadStream, WriteStream } from 'node:tty';
import { mouseReports } from '../keys/mouse.ts';

/** Control sequences (xterm control sequences, DECSET). */
const sequences = {
  enter: '\u{1b}[?1049h\u{1b}[?25l\u{1b}[H',
  leave: '\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l',
} as const;

/** How long after a stop the terminal is taken back, should the process not have been stopped, in milliseconds. */
const NOT_STOPPED = 100;

/**
 * The terminal while the program has it: alternate screen, no cursor. It is given back as it was on every way out:
 * {@link leave}, the end of the process, a crash, and whenever the process is stopped.
 */
export class Terminal implements Disposable {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #onOwn: (own: boolean) => void;
  #entered = false;
  #mouse = false;
  #notStopped: NodeJS.Timeout | undefined;

  /** `onOwn` is called when the terminal was given away, and when it was taken: then all has to be drawn anew. */
  constructor(input: ReadStream, output: WriteStream, onOwn: (own: boolean) => void) {
    this.#input = input;
    this.#output = output;
    this.#onOwn = onOwn;
    process.on('exit', this.#leave);
    process.on('uncaughtExceptionMonitor', this.#leave);
    process.on('SIGTSTP', this.suspend);
    process.on('SIGCONT', this.#return);
    this.#enter();
  }

  /** Whether the terminal sends what the mouse does. */
  set mouse(on: boolean) {
    if (on === this.#mouse) return;
    this.#mouse = on;
    if (this.#entered) this.#output.write(on ? mouseReports.on : mouseReports.off);
  }

  /** Writes a control sequence that shows nothing, such as one for the clipboard. */
  send(sequence: string): void {
    if (this.#entered) this.#output.write(sequence);
  }

  /** Gives the terminal back and stops the process, with all that were started with it, until the shell goes on. */
  readonly suspend = (): void => {
    this.#onOwn(false);
    this.#leave();
    this.#input.setRawMode(false);
    process.off('SIGTSTP', this.suspend);
    process.kill(0, 'SIGTSTP');
    // Where there is no shell to go on, the system does not stop a process.
    this.#notStopped = setTimeout(this.#return, NOT_STOPPED);
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#notStopped);
    process.off('exit', this.#leave);
    process.off('uncaughtExceptionMonitor', this.#leave);
    process.off('SIGTSTP', this.suspend);
    process.off('SIGCONT', this.#return);
    this.#leave();
  }

  #enter(): void {
    this.#entered = true;
    this.#output.write(sequences.enter + (this.#mouse ? mouseReports.on : ''));
  }

  readonly #leave = (): void => {
    if (!this.#entered) return;
    this.#entered = false;
    this.#output.write((this.#mouse ? mouseReports.off : '') + sequences.leave);
  };

  readonly #return = (): void => {
    clearTimeout(this.#notStopped);
    process.off('SIGTSTP', this.suspend);
    process.on('SIGTSTP', this.suspend);
    // The shell may have changed the mode of the terminal, which Node does not know.
    this.#input.setRawMode(false);
    this.#input.setRawMode(true);
    if (!this.#entered) this.#enter();
    this.#onOwn(true);
  };
}
