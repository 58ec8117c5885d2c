import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether there is a tmux, the pseudo-terminal of these tests. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** Only for what never stands on the screen: a busy machine may need many times as long as a quiet one. In milliseconds. */
const TIMEOUT = 300_000;

/** A shell on a pseudo-terminal of its own, which is looked at and typed into as by a person. */
export class PseudoTerminal implements AsyncDisposable {
  readonly #server = `ubmsc-${randomUUID()}`;

  private constructor() {}

  static async open({
    columns = 100,
    rows = 30,
    env = {},
    folder = '.',
  }: {
    readonly columns?: number;
    readonly rows?: number;
    readonly env?: Readonly<Record<string, string>>;
    readonly folder?: string;
  } = {}): Promise<PseudoTerminal> {
    const terminal = new PseudoTerminal();
    const settings = { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', PS1: '$ ', XDG_CONFIG_HOME: '/nowhere', ...env };
    const assignments = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    const size = ['-x', String(columns), '-y', String(rows)];
    await terminal.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      ...size,
      '-c',
      folder,
      'env',
      // Set for or by the runner of the tests: one is stronger than NO_COLOR, the other is not a setting of the command.
      ...['FORCE_COLOR', 'UBMSC_EXHAUSTIVE'].flatMap((name) => ['-u', name]),
      ...assignments,
      'sh',
    );
    // What programs put on the clipboard becomes a buffer that can be looked at.
    await terminal.#tmux('set-option', '-s', 'set-clipboard', 'on');
    await terminal.screenWith(/^\$ ?$/m);
    return terminal;
  }

  /** Types a line, and enter. */
  async enter(line: string): Promise<void> {
    await this.#tmux('send-keys', '-l', line);
    await this.press('Enter');
  }

  /** Presses keys by tmux's names for them: `q`, `Escape`, `C-z`, `Down`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** What stands on the screen; with its colours as control sequences. */
  async screen({ colors = false } = {}): Promise<string> {
    return await this.#tmux('capture-pane', '-p', ...(colors ? ['-e'] : []));
  }

  /** The screen, as soon as this is on it. */
  async screenWith(wanted: RegExp): Promise<string> {
    const end = performance.now() + TIMEOUT;
    for (;;) {
      const screen = await this.screen();
      if (wanted.test(screen)) return screen;
      if (performance.now() > end) throw new Error(`${String(wanted)} did not appear:\n${screen}`);
      await sleep(50);
    }
  }

  /** Whether the cursor is visible, the alternate screen is shown, and the program wants to know of the mouse. */
  async state(): Promise<{ cursor: boolean; alternate: boolean; mouse: boolean }> {
    const flags = await this.#tmux(
      'display-message',
      '-p',
      '#{cursor_flag} #{alternate_on} #{mouse_any_flag}',
    );
    const [cursor, alternate, mouse] = flags
      .trim()
      .split(' ')
      .map((flag) => flag === '1');
    return { cursor: cursor === true, alternate: alternate === true, mouse: mouse === true };
  }

  /** What a program has put on the clipboard. */
  async clipboard(): Promise<string> {
    return await this.#tmux('show-buffer');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux('kill-server').catch(() => {});
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { stdout } = await run('tmux', ['-L', this.#server, ...args]);
    return stdout;
  }
}
