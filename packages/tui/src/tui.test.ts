import { EventEmitter } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { FakeSource } from '../test/fake-source.ts';
import { FakeTerminal } from '../test/fake-terminal.ts';
import { startTui, type Tui } from './tui.ts';

/** As much of a terminal's input as is used. */
class FakeInput extends EventEmitter {
  readonly isTTY = true;
  raw = false;
  paused = false;

  setRawMode(raw: boolean): void {
    this.raw = raw;
  }

  type(keys: string): void {
    this.emit('data', keys);
  }

  pause(): void {
    this.paused = true;
  }

  setEncoding(): void {}
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
    expect(input.raw).toBe(true);
    input.type('q');
    await tui.ended;
    tui[Symbol.dispose]();
    tui[Symbol.dispose]();
    const written = output.take();
    expect(written.endsWith(left)).toBe(true);
    expect(written.split(left).length).toBe(2);
    expect(input).toMatchObject({ raw: false, paused: true });
    expect(input.listenerCount('data')).toBe(0);
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

test('the first frame stands at once, before Ink is loaded, which goes on with the same', async () => {
  const source = new FakeSource();
  for (const name of ['VAN', 'BOAT']) source.add(name, { simulated: true });
  const { tui, output } = started(source);
  const first = plain(output.shown);
  expect(first.join('\n')).toMatch(/batteries[^]*VAN[^]*BOAT[^]*q quit/);
  source.move('BOAT', 'connecting');
  await vi.waitFor(() => expect(plain(output.shown).join('\n')).toMatch(/BOAT +connecting/));
  const others = (lines: readonly string[]): string[] => lines.filter((line) => !line.includes('BOAT'));
  expect(others(plain(output.shown))).toEqual(others(first));
  tui[Symbol.dispose]();
});

const plain = (lines: readonly string[]): string[] =>
  lines.map((line) => stripVTControlCharacters(line).trimEnd());

describe('keys', () => {
  test('that come in one piece are each taken as the one before has left things', async () => {
    const source = new FakeSource();
    for (const name of ['VAN', 'BOAT', 'SHED']) source.add(name);
    source.read('BOAT');
    const { tui, input, output } = started(source);
    const screen = (): string => plain(output.shown).join('\n');
    input.type('\u{1b}[B\r');
    await vi.waitFor(() => expect(screen()).toContain('ubmsc › BOAT'));
    input.type('jj\rd?');
    await vi.waitFor(() => expect(screen()).toContain('ubmsc › BOAT › cell 1 › keys'));
    input.type('\u{1b}\u{1b}\u{1b}\u{1b}');
    await vi.waitFor(() => expect(screen()).toContain('ubmsc › batteries'));
    input.type('m\u{1b}[<65;1;1M\r');
    await vi.waitFor(() => expect(screen()).toContain('ubmsc › SHED'));
    input.type('\u{1b}/boat\r\rq');
    await tui.ended;
    tui[Symbol.dispose]();
  });
});
