import { describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../test/fake-terminal.ts';
import { Screen } from './screen.ts';

function opened(columns = 20, rows = 4): { terminal: FakeTerminal; screen: Screen } {
  const terminal = new FakeTerminal(columns, rows);
  const screen = new Screen(terminal);
  screen.open = true;
  terminal.take();
  return { terminal, screen };
}

describe('a screen', () => {
  test('writes of a frame only the lines that differ, each at its place', () => {
    const { terminal, screen } = opened();
    screen.write('one\ntwo\nthree');
    expect(terminal.shown).toEqual(['one', 'two', 'three', '']);
    terminal.take();
    screen.write('one\n2\nthree');
    expect(terminal.take()).toBe('\u{1b}[?2026h\u{1b}[2;1H\u{1b}[2K2\u{1b}[?2026l');
  });

  test('writes nothing when nothing has changed', () => {
    const { terminal, screen } = opened();
    screen.write('one\ntwo');
    terminal.take();
    screen.write('one\ntwo');
    expect(terminal.take()).toBe('');
  });

  test('clears lines that a shorter frame lacks', () => {
    const { terminal, screen } = opened();
    screen.write('one\ntwo\nthree');
    screen.write('one');
    expect(terminal.shown).toEqual(['one', '', '', '']);
  });

  test('never writes below the last row, where the terminal would scroll', () => {
    const { terminal, screen } = opened(20, 2);
    screen.write('1\n2\n3\n4');
    expect(terminal.take()).not.toContain('\u{1b}[3;');
    terminal.rows = 3;
    screen.write('1\n2\n3\n4');
    expect(terminal.shown).toEqual(['1', '2', '3']);
  });

  test('draws all anew when something else may stand on the terminal', () => {
    const { terminal, screen } = opened();
    screen.write('one\ntwo');
    terminal.write('\u{1b}[1;1H\u{1b}[2Kscribble');
    screen.forget();
    expect(terminal.shown.slice(0, 2)).toEqual(['one', 'two']);
  });

  test('draws nothing while it is closed, and the latest frame when it is opened', () => {
    const { terminal, screen } = opened();
    screen.open = false;
    screen.write('one');
    expect(terminal.take()).toBe('');
    screen.open = true;
    expect(terminal.shown[0]).toBe('one');
  });

  test('leaves frames out for a terminal that cannot keep up, and then draws the latest', () => {
    const { terminal, screen } = opened();
    terminal.writableNeedDrain = true;
    for (let frame = 0; frame < 100; frame++) screen.write(`frame ${frame}`);
    expect(terminal.take()).toBe('');
    expect(terminal.listenerCount('drain')).toBe(1);
    terminal.writableNeedDrain = false;
    terminal.emit('drain');
    expect(terminal.shown[0]).toBe('frame 99');
  });
});
