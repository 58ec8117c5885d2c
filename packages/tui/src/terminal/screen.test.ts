import { describe, expect, test } from 'vitest';
import { Emulator } from '../../test/emulator.ts';
import { span, type Line } from '../text/line.ts';
import { palette } from '../text/palette.ts';
import { Screen } from './screen.ts';

/** A terminal with a screen on it, and a sink that can be busy. */
class Opened {
  readonly terminal: Emulator;
  readonly sink: { isBusy: boolean; write: (text: string) => void };
  readonly screen: Screen;

  constructor(columns = 20, rows = 4) {
    const terminal = new Emulator(columns, rows);
    terminal.write('\u{1b}[?7l');
    this.terminal = terminal;
    this.sink = { isBusy: false, write: (text) => void terminal.write(text) };
    this.screen = new Screen(this.sink, () => terminal.rows, {
      palette: palette('dark', 24),
      characters: 'all',
    });
    this.screen.open = true;
  }

  draw(...lines: readonly (string | Line)[]): string {
    this.terminal.take();
    this.screen.place(
      0,
      0,
      lines.map((line) => (typeof line === 'string' ? [span(line)] : line)),
    );
    this.screen.show();
    return this.terminal.take();
  }
}

describe('a screen', () => {
  test('writes of a frame only what differs, each at its place', async () => {
    const it = new Opened(40);
    it.draw('one', 'the second line is longer', 'three');
    expect(await it.terminal.shown()).toEqual(['one', 'the second line is longer', 'three', '']);
    expect(it.draw('one', 'the second lime is longer', 'three')).toBe(
      '\u{1b}[?2026h\u{1b}[2;14Hm\u{1b}[?2026l',
    );
    expect(it.draw('one', 'the second lime is longer', 'three')).toBe('');
  });

  test('writes a text again whose look has changed', async () => {
    const it = new Opened();
    it.draw('one', [span('two'), span(' three', 'alarm')]);
    const changes = it.draw('one', [span('two', 'alarm'), span(' three', 'alarm')]);
    expect(changes).toContain('two');
    expect(changes).not.toContain('three');
  });

  test('puts panes side by side', async () => {
    const it = new Opened();
    it.screen.place(0, 8, [[span('right')]]);
    it.screen.place(0, 0, [[span('left')], [span('below')]]);
    it.screen.show();
    expect((await it.terminal.shown()).slice(0, 2)).toEqual(['left    right', 'below']);
  });

  test('clears what a shorter frame lacks', async () => {
    const it = new Opened();
    it.draw('one', 'two', 'three');
    it.draw('on');
    expect(await it.terminal.shown()).toEqual(['on', '', '', '']);
  });

  test('writes lines as a whole in which a character may be wider than expected', async () => {
    const it = new Opened(30);
    it.draw('🔋 BOAT   12 %');
    expect(it.draw('🔋 BOAT   13 %')).toContain('🔋 BOAT   13 %');
  });

  test('never writes below the last row, where the terminal would scroll', async () => {
    const it = new Opened(20, 2);
    it.draw('1', '2', '3', '4');
    expect(await it.terminal.shown()).toEqual(['1', '2']);
    it.terminal.resize(20, 3);
    it.screen.forget();
    it.draw('1', '2', '3', '4');
    expect(await it.terminal.shown()).toEqual(['1', '2', '3']);
  });

  test('draws all of it when something else may stand on the terminal', async () => {
    const it = new Opened();
    it.draw('one', 'two');
    it.terminal.write('\u{1b}[1;1H\u{1b}[2Kscribble\u{1b}[4;1Hmore');
    it.screen.forget();
    it.draw('one', 'two');
    expect(await it.terminal.shown()).toEqual(['one', 'two', '', '']);
  });

  test('draws nothing of an old frame after the terminal has another size', async () => {
    const it = new Opened(40);
    it.draw('a line that is wider than what comes');
    it.terminal.resize(20, 4);
    it.screen.forget();
    it.screen.flush();
    expect(it.terminal.take()).not.toContain('wider');
    it.draw('narrow');
    expect(await it.terminal.shown()).toEqual(['narrow', '', '', '']);
  });

  test('draws nothing while it is closed', async () => {
    const it = new Opened();
    it.screen.open = false;
    expect(it.draw('one')).toBe('');
    it.screen.open = true;
    it.draw('one');
    expect((await it.terminal.shown())[0]).toBe('one');
  });

  test('leaves frames out for a terminal that does not keep up, and then draws the latest', async () => {
    const it = new Opened();
    it.sink.isBusy = true;
    for (let frame = 0; frame < 100; frame++) expect(it.draw(`frame ${frame}`)).toBe('');
    it.sink.isBusy = false;
    it.screen.flush();
    expect((await it.terminal.shown())[0]).toBe('frame 99');
  });
});
