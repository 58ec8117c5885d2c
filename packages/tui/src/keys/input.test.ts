import type { Key } from 'ink';
import { describe, expect, test } from 'vitest';
import { keyNames } from './key.ts';
import { parseMouse } from './mouse.ts';

const none: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

describe('keys', () => {
  test('have the names by which they are bound', () => {
    expect(keyNames('', { ...none, upArrow: true })).toEqual(['up']);
    expect(keyNames('', { ...none, tab: true, shift: true })).toEqual(['shift-tab']);
    expect(keyNames('u', { ...none, ctrl: true })).toEqual(['ctrl-u']);
    expect(keyNames('G', { ...none, shift: true })).toEqual(['G']);
    expect(keyNames(' ', none)).toEqual(['space']);
  });

  test('that come in a burst are all taken', () => expect(keyNames('jjj', none)).toEqual(['j', 'j', 'j']));

  test('that nobody knows do nothing', () => {
    expect(keyNames('[1;5R', none)).toEqual([]);
    expect(keyNames('[?62;c', none)).toEqual([]);
  });
});

describe('the mouse', () => {
  test('presses and turns its wheel', () => {
    expect(parseMouse('[<0;12;5M')).toEqual({ kind: 'press', column: 11, row: 4 });
    expect(parseMouse('[<64;1;1M')).toEqual({ kind: 'wheel', direction: 'up' });
    expect(parseMouse('[<65;1;1M')).toEqual({ kind: 'wheel', direction: 'down' });
  });

  test('does nothing else', () => {
    for (const input of ['[<0;12;5m', '[<2;12;5M', 'q', '[<0;12M', ''])
      expect(parseMouse(input)).toBeUndefined();
  });
});
