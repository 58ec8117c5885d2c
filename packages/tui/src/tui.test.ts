import { EventEmitter } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';
import { eventually } from '@ubmsc/testing';
import { describe, expect, test, vi } from 'vitest';
import { FakeSource } from '../test/fake-source.ts';
import { Emulator } from '../test/emulator.ts';
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

function started(source: FakeSource): { tui: Tui; input: FakeInput; output: Emulator } {
  const input = new FakeInput();
  const output = new Emulator(100, 30);
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

const entered = '\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[?2004h';
const left = '\u{1b}[?2004l\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l';

const screenOf = async (output: Emulator): Promise<string> => (await output.shown()).join('\n');

describe('the terminal', () => {
  test('is taken at the start, and given back at the end, however often it is disposed of', async () => {
    const names = ['exit', 'SIGTSTP', 'SIGCONT', 'uncaughtExceptionMonitor'];
    const listeners = names.map((name) => process.listenerCount(name));
    const source = new FakeSource();
    source.add('VAN');
    const { tui, input, output } = started(source);
    expect(output.take()).toContain(entered);
    expect(input.raw).toBe(true);
    input.type('q');
    expect(await tui.ended).toBe('quit');
    tui[Symbol.dispose]();
    tui[Symbol.dispose]();
    const written = output.take();
    expect(written.endsWith(left)).toBe(true);
    expect(written.split(left).length).toBe(2);
    expect(input).toMatchObject({ raw: false, paused: true });
    expect(input.listenerCount('data')).toBe(0);
    expect(output.listenerCount('resize')).toBe(0);
    expect(names.map((name) => process.listenerCount(name))).toEqual(listeners);
  });

  test.each(['end', 'close', 'error'])('that is gone ends it: %s', async (event) => {
    const source = new FakeSource();
    source.add('VAN');
    const { tui, input } = started(source);
    input.emit(event, new Error('EIO'));
    expect(await tui.ended).toBe('gone');
    tui[Symbol.dispose]();
  });

  test('is given back when the terminal UI itself fails, which its caller learns', async () => {
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

  test('that changes its size is drawn from scratch', async () => {
    const source = new FakeSource();
    source.add('VAN');
    const { tui, output } = started(source);
    await eventually(async () => expect(await screenOf(output)).toContain('batteries'));
    output.resize(60, 15);
    await eventually(async () => expect((await output.shown())[14]).toContain('quit'));
    tui[Symbol.dispose]();
  });

  test('that something else has written on is drawn from scratch with Ctrl-L', async () => {
    const source = new FakeSource();
    source.add('VAN');
    const { tui, input, output } = started(source);
    await eventually(async () => expect(await screenOf(output)).toContain('VAN'));
    output.write('\u{1b}[3;1Hwall: going down\u{1b}[20;1Hnow');
    input.type('\u{c}');
    await eventually(async () => expect(await screenOf(output)).not.toContain('going down'));
    expect(await screenOf(output)).toContain('VAN');
    tui[Symbol.dispose]();
  });
});

test('the first frame stands at once, before Ink is loaded, which goes on with the same', async () => {
  const source = new FakeSource();
  for (const name of ['VAN', 'BOAT']) source.add(name, { simulated: true });
  const { tui, output } = started(source);
  const first = await output.shown();
  expect(first.join('\n')).toMatch(/batteries[^]*BOAT[^]*VAN[^]*q quit/);
  source.move('BOAT', 'connecting');
  await eventually(async () => expect(await screenOf(output)).toMatch(/BOAT +connecting/));
  const others = (lines: readonly string[]): string[] => lines.filter((line) => line.includes('VAN'));
  expect(others(await output.shown()).length).toBe(others(first).length);
  tui[Symbol.dispose]();
});

describe('keys', () => {
  test('that come in one piece are each taken as the one before has left things', async () => {
    const source = new FakeSource();
    for (const name of ['VAN', 'BOAT', 'SHED']) source.add(name);
    source.read('BOAT');
    const { tui, input, output } = started(source);
    input.type('/boat\r\r');
    await eventually(async () => expect(await screenOf(output)).toContain('ubmsc › /boat › BOAT'));
    input.type('jj\rd?');
    await eventually(async () => expect(await screenOf(output)).toContain('BOAT › cell 2 › keys'));
    input.type('\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}');
    await eventually(async () => expect(await screenOf(output)).toContain('ubmsc › batteries'));
    input.type('m\u{1b}[<64;1;1M\r');
    await eventually(async () => expect(await screenOf(output)).toMatch(/ubmsc › (VAN|SHED)/));
    input.type('q');
    expect(await tui.ended).toBe('quit');
    tui[Symbol.dispose]();
  });

  test('that are pasted do nothing, but go into a filter that is typed', async () => {
    const source = new FakeSource();
    for (const name of ['VAN', 'BOAT']) source.add(name);
    const { tui, input, output } = started(source);
    input.type('\u{1b}[200~q\u{3}quit\u{1b}[201~');
    await eventually(async () => expect(await screenOf(output)).toContain('pasted text is ignored'));
    input.type('/\u{1b}[200~bo\nat\u{1b}[2J\u{1b}[201~');
    await eventually(async () => expect(await screenOf(output)).toContain('/bo at'));
    input.type('\u{3}');
    expect(await tui.ended).toBe('quit');
    tui[Symbol.dispose]();
  });
});
