import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { InputReader, type Input } from './input-reader.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function reader(): { reader: InputReader; take: () => unknown[] } {
  const inputs: Input[] = [];
  const own = new InputReader((input) => inputs.push(input));
  onTestFinished(() => own[Symbol.dispose]());
  return {
    reader: own,
    take: () => inputs.splice(0).map((input) => (input.kind === 'key' ? input.name : input)),
  };
}

/** What is read of a text in one piece, after a pause. */
function read(text: string): unknown[] {
  const { reader: own, take } = reader();
  own.push(text);
  vi.advanceTimersByTime(1000);
  return take();
}

const keys = {
  '\u{1b}[A': 'up',
  '\u{1b}OB': 'down',
  '\u{1b}[1;5C': 'right',
  '\u{1b}[D': 'left',
  '\u{1b}[H': 'home',
  '\u{1b}OF': 'end',
  '\u{1b}[1~': 'home',
  '\u{1b}[4~': 'end',
  '\u{1b}[5~': 'pageUp',
  '\u{1b}[6;5~': 'pageDown',
  '\u{1b}[3~': 'backspace',
  '\u{1b}[Z': 'shift-tab',
  '\u{1b}OM': 'enter',
  '\t': 'tab',
  '\r': 'enter',
  '\n': 'enter',
  ' ': 'space',
  '\u{7f}': 'backspace',
  '\u{15}': 'ctrl-u',
  '\u{1a}': 'ctrl-z',
  G: 'G',
  Ω: 'Ω',
  '🔋': '🔋',
};

describe('keys', () => {
  test.each(Object.entries(keys))('%j is %s', (text, name) => expect(read(text)).toEqual([name]));

  test('are all taken, whatever comes in one piece', () => {
    expect(read(Object.keys(keys).join(''))).toEqual(Object.values(keys));
    expect(read('\u{1b}[B\r')).toEqual(['down', 'enter']);
    expect(read('\u{1b}\u{1b}')).toEqual(['escape', 'escape']);
    expect(read('\u{1b}\u{1b}[A\u{1b}q')).toEqual(['escape', 'up', 'escape', 'q']);
  });

  test('that nobody knows do nothing', () => {
    for (const text of [
      '\u{1b}[1;5R',
      '\u{1b}[?62;c',
      '\u{1b}[[A',
      '\u{1b}[201~',
      '\u{1b}OP',
      '\0',
      '\u{9b}',
    ])
      expect(read(`${text}q`)).toEqual(['q']);
  });

  test('that are pasted are text, and none of it is a key', () => {
    const text = 'q\u{3}\r\u{1b}[A/x🔋';
    const pasted = `\u{1b}[200~${text}\u{1b}[201~`;
    expect(read(`a${pasted}b`)).toEqual(['a', { kind: 'paste', text }, 'b']);
    const { reader: own, take } = reader();
    for (const character of pasted) own.push(character);
    expect(take()).toEqual([{ kind: 'paste', text }]);
  });

  test('do something again when the end of a pasted text was lost', () => {
    const { reader: own, take } = reader();
    own.push('\u{1b}[200~text');
    vi.advanceTimersByTime(5000);
    own.push('q');
    expect(take()).toEqual([{ kind: 'paste', text: 'text' }, 'q']);
  });

  test('are the same however they are cut into pieces', () => {
    const texts = fc.array(fc.constantFrom(...Object.keys(keys), '\u{1b}', '\u{1b}[<64;1;1M', '[', 'O'));
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.integer({ min: 1, max: 4 })), (parts, lengths) => {
        const text = parts.join('');
        const { reader: own, take } = reader();
        for (let at = 0; at < text.length;) {
          const characters = Array.from(text.slice(at)).slice(0, lengths.next().value).join('');
          own.push(characters);
          at += characters.length;
        }
        vi.advanceTimersByTime(1000);
        expect(take()).toEqual(read(text));
      }),
    );
  });
});

describe('an escape', () => {
  test('waits for a moment, because a sequence may follow', () => {
    const { reader: own, take } = reader();
    own.push('\u{1b}');
    vi.advanceTimersByTime(40);
    expect(take()).toEqual([]);
    own.push('[');
    vi.advanceTimersByTime(40);
    own.push('A');
    expect(take()).toEqual(['up']);
    own.push('\u{1b}');
    vi.advanceTimersByTime(60);
    expect(take()).toEqual(['escape']);
    own.push('[');
    expect(take()).toEqual(['[']);
  });

  test('and a bracket after it are two keys when nothing follows; more is not a key', () => {
    expect(read('\u{1b}[')).toEqual(['escape', '[']);
    expect(read('\u{1b}[<0;1')).toEqual([]);
  });

  test('never waits with much', () => expect(read(`\u{1b}[${'1'.repeat(10_000)}`)).toHaveLength(10_002));
});

describe('the mouse', () => {
  test('presses and turns its wheel', () => {
    expect(read('\u{1b}[<0;12;5M\u{1b}[<64;1;1M\u{1b}[<65;1;1M')).toEqual([
      { kind: 'press', column: 11, row: 4 },
      { kind: 'wheel', direction: 'up' },
      { kind: 'wheel', direction: 'down' },
    ]);
  });

  test('does nothing else', () => expect(read('\u{1b}[<0;12;5m\u{1b}[<2;12;5M\u{1b}[<0;12M')).toEqual([]));
});
