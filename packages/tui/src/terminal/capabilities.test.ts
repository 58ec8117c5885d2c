import { describe, expect, test } from 'vitest';
import { capabilities } from './capabilities.ts';
import { toClipboard } from './clipboard.ts';

describe('what a terminal can show', () => {
  test.each([
    [
      { LANG: 'en_GB.UTF-8', TERM: 'xterm-256color' },
      { characters: 'all', graphStyle: 'braille' },
    ],
    [
      { LANG: 'C.utf8', TERM: 'linux' },
      { characters: 'console', graphStyle: 'block' },
    ],
    [
      { LANG: 'C', TERM: 'xterm' },
      { characters: 'ascii', graphStyle: 'ascii' },
    ],
    [
      { LANG: 'en_GB.UTF-8', LC_ALL: 'C', TERM: 'xterm' },
      { characters: 'ascii', graphStyle: 'ascii' },
    ],
    [{ TERM: 'vt220' }, { characters: 'ascii', graphStyle: 'ascii' }],
  ])('is told by the environment %o', (env, expected) => expect(capabilities(env)).toMatchObject(expected));

  test('on a light background is darker', () => {
    expect(capabilities({ COLORFGBG: '0;15' }).theme).toBe('light');
    expect(capabilities({ COLORFGBG: '15;0' }).theme).toBe('dark');
    expect(capabilities({ COLORFGBG: '0;default;15' }).theme).toBe('light');
    expect(capabilities({}).theme).toBe('dark');
  });
});

describe('the clipboard', () => {
  test('takes text in base64', () => expect(toClipboard('{"Ω":1}')).toBe('\u{1b}]52;c;eyLOqSI6MX0=\u{7}'));

  test('takes no more than terminals do', () => {
    expect(toClipboard('x'.repeat(50_000))).toBeDefined();
    expect(toClipboard('x'.repeat(60_000))).toBeUndefined();
  });
});
