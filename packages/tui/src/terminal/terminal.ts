import type { ReadStream } from 'node:tty';
import { InputReader, type Input } from '../keys/input-reader.ts';
import { mouseReports } from '../keys/mouse.ts';
import type { Sink } from './sink.ts';
import { Writer } from './writer.ts';

/**
 * Control sequences (xterm control sequences, DECSET): alternate screen (1049), no cursor (25), no wrapping at the right
 * edge (7), pasted text in brackets (2004).
 */
const sequences = {
  enter: '\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[?2004h\u{1b}[H',
  leave: '\u{1b}[0m\u{1b}[?2004l\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l',
} as const;

/** How long after a stop the terminal is taken back, should the process not have been stopped, in milliseconds. */
const NOT_STOPPED = 100;

/** Who wants to know of a terminal. */
export interface TerminalListener {
  /** The terminal was given away, or was taken: then all has to be drawn from scratch. */
  readonly own: (own: boolean) => void;
  /** Something was typed, pasted, or done with the mouse. */
  readonly input: (input: Input) => void;
  /** The terminal has taken everything that was written. */
  readonly drained: () => void;
  /** The terminal is gone: closed, or its connection lost. */
  readonly gone: () => void;
}

/**
 * The terminal while the program has it: alternate screen, no cursor, keys as they are pressed. It is given back as it
 * was on every way out: its disposal, the end of the process, a crash, and whenever the process is stopped.
 */
export class Terminal implements Disposable {
  readonly #input: ReadStream;
  readonly #writer: Writer;
  readonly #listener: TerminalListener;
  readonly #reader: InputReader;
  #entered = false;
  #disposed = false;
  #gone = false;
  #mouse = false;
  #notStopped: NodeJS.Timeout | undefined;

  constructor(input: ReadStream, output: Sink, listener: TerminalListener) {
    this.#input = input;
    this.#listener = listener;
    this.#writer = new Writer(output, { drained: listener.drained, gone: this.#end });
    this.#reader = new InputReader(listener.input);
    process.on('exit', this.#leave);
    process.on('uncaughtExceptionMonitor', this.#leave);
    process.on('SIGTSTP', this.suspend);
    process.on('SIGCONT', this.#return);
    // A terminal that is gone ends its input or fails; not every process on it gets a SIGHUP.
    for (const event of ['end', 'close', 'error']) input.on(event, this.#end);
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', this.#read);
    this.#enter();
  }

  /** Whether the terminal has not taken everything yet. */
  get isBusy(): boolean {
    return this.#writer.isBusy;
  }

  /** Whether the terminal sends what the mouse does. */
  set mouse(on: boolean) {
    if (on === this.#mouse) return;
    this.#mouse = on;
    this.write(on ? mouseReports.on : mouseReports.off);
  }

  /** Writes a frame, or a control sequence that shows nothing, such as one for the clipboard. */
  write(sequence: string): void {
    if (this.#entered) this.#writer.write(sequence);
  }

  /** Gives the terminal back and stops the process, with all that were started with it, until the shell goes on. */
  readonly suspend = (): void => {
    this.#listener.own(false);
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
    if (this.#disposed) return;
    this.#disposed = true;
    this.#reader[Symbol.dispose]();
    this.#input.off('data', this.#read);
    // The error listener stays: setting the mode of a terminal that is gone fails.
    for (const event of ['end', 'close']) this.#input.off(event, this.#end);
    this.#input.setRawMode(false);
    this.#input.pause();
    this.#leave();
    this.#writer.close();
  }

  readonly #read = (text: string): void => this.#reader.push(text);

  readonly #end = (): void => {
    if (this.#gone || this.#disposed) return;
    this.#gone = true;
    this.#listener.gone();
  };

  #enter(): void {
    this.#entered = true;
    this.#writer.write(sequences.enter + (this.#mouse ? mouseReports.on : ''));
  }

  readonly #leave = (): void => {
    if (!this.#entered) return;
    this.#entered = false;
    this.#writer.finish((this.#mouse ? mouseReports.off : '') + sequences.leave);
  };

  readonly #return = (): void => {
    clearTimeout(this.#notStopped);
    process.off('SIGTSTP', this.suspend);
    process.on('SIGTSTP', this.suspend);
    // The shell may have changed the mode of the terminal, which Node does not know.
    this.#input.setRawMode(false);
    this.#input.setRawMode(true);
    if (!this.#entered) this.#enter();
    this.#listener.own(true);
  };
}
