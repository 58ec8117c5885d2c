import { EventEmitter } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';
import { describe, expect, test, vi } from 'vitest';
import { FakeSource } from '../test/fake-source.ts';
import { FakeTerminal } from '../test/fake-terminal.ts';
import { startTui, type Tui } from './tui.tsx';

/** As much of a terminal's input as is used. */
class FakeInput extends EventEmitter {
  readonly isTTY = true;
  raw = false;
  #typed: string | null = null;

  setRawMode(raw: boolean): void {
    this.raw = raw;
  }

  type(keys: string): void {
    this.#typed = keys;
    this.emit('readable');
  }

  read(): string | null {
    const typed = this.#typed;
    this.#typed = null;
    return typed;
  }

  setEncoding(): void {}
  ref(): void {}
  unref(): void {}
}

class FakeOutput extends FakeTerminal {
  getColorDepth(): number {
    return 24;
  }
}

function started(source: FakeSource): { tui: Tui; input: FakeInput; output: FakeOutput } {
  const input = new FakeInput();
  const output = new FakeOutput(100, 30);
  const tui = startTui(source, {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is used of it is there
    input: input as unknown as ReadStream,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is used of it is there
    output: output as unknown as WriteStream,
    env: { LANG: 'C.UTF-8' },
    toJson: () => '{}',
    save: async (name) => await Promise.resolve(name),
    opening: 'opening …',
  });
  return { tui, input, output };
}

const entered = '\u{1b}[?1049h\u{1b}[?25l';
const left = '\u{1b}[?25h\u{1b}[?1049l';

describe('the terminal', () => {
  test('is taken at the start, and given back at the end, however often it is disposed of', async () => {
    const listeners = ['exit', 'SIGTSTP', 'SIGCONT', 'uncaughtExceptionMonitor'].map((name) =>
      process.listenerCount(name),
    );
    const source = new FakeSource();
    source.add('VAN');
    const { tui, input, output } = started(source);
    expect(output.take()).toContain(entered);
    await vi.waitFor(() => expect(input.raw).toBe(true));
    input.type('q');
    await tui.ended;
    tui[Symbol.dispose]();
    tui[Symbol.dispose]();
    const written = output.take();
    expect(written.endsWith(left)).toBe(true);
    expect(written.split(left).length).toBe(2);
    expect(input.raw).toBe(false);
    expect(output.listenerCount('resize')).toBe(0);
    expect(
      ['exit', 'SIGTSTP', 'SIGCONT', 'uncaughtExceptionMonitor'].map((name) => process.listenerCount(name)),
    ).toEqual(listeners);
  });

  test('is given back when the terminal UI itself fails, which is told to its caller', async () => {
    const source = new FakeSource();
    source.add('VAN');
    const { tui, output } = started(source);
    const ended = expect(tui.ended).rejects.toThrow('something broke');
    vi.spyOn(source, 'now').mockImplementation(() => {
      throw new Error('something broke');
    });
    output.emit('resize');
    await ended;
    tui[Symbol.dispose]();
    expect(output.take().endsWith(left)).toBe(true);
  });

  test('that changes its size is drawn anew', async () => {
    const source = new FakeSource();
    source.add('VAN');
    const { tui, output } = started(source);
    await vi.waitFor(() => expect(output.shown[0]).toContain('batteries'));
    output.columns = 60;
    output.rows = 15;
    output.emit('resize');
    await vi.waitFor(() => expect(output.shown[14]).toContain('quit'));
    tui[Symbol.dispose]();
  });
});
