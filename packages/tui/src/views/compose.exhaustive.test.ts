import { type AlarmName, alarms } from '@ubmsc/protocol';
import { reasonNames, type SessionState, sessionStates } from '@ubmsc/session';
import { times } from '@ubmsc/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeSource, type Given } from '../../test/fake-source.ts';
import { screenOf, viewSource } from '../../test/view-source.ts';
import { alarmTitle } from '../model/limits.ts';
import { displayWidth } from '../text/width.ts';

const strangeNames = [
  'VAN',
  '🔋🚐 👨‍👩‍👧 ❤️',
  'סוללה של הסירה',
  'بطارية',
  '\u{1b}[31m\u{1b}[2J\u{1b}]0;pwned\u{7}',
  '电池电池电池电池电池',
  'N'.repeat(200),
  'e\u{301}'.repeat(30),
  '',
  '\u{202e}reversed',
];

const names = Object.keys(alarms).filter((name): name is AlarmName => Object.hasOwn(alarms, name));
const states = Object.keys(sessionStates).filter((name): name is SessionState =>
  Object.hasOwn(sessionStates, name),
);

const anyGiven: fc.Arbitrary<Given> = fc.record({
  cells: fc.array(
    fc.integer({ min: 0, max: 5000 }).map((millivolts) => millivolts / 1000),
    { maxLength: 32 },
  ),
  current: fc.integer({ min: -500, max: 500 }),
  percent: fc.integer({ min: 0, max: 100 }),
  alarms: fc.subarray(names),
});

const anyKeys = fc.array(
  fc.constantFrom(
    'enter',
    'escape',
    'down',
    'up',
    'j',
    'd',
    'l',
    '?',
    'tab',
    'left',
    'right',
    'home',
    '-',
    '+',
    'b',
    't',
    'G',
    'g',
    'space',
    '/',
    'pageDown',
    'i',
    'u',
    'c',
    'o',
    'x',
    'f',
  ),
  { maxLength: 12 },
);

const anySize = fc.record({
  width: fc.integer({ min: 1, max: 240 }),
  height: fc.integer({ min: 1, max: 60 }),
});

describe('a screen', () => {
  test('fills the terminal exactly, of any size, with anything in it, after any keys', () => {
    fc.assert(
      fc.property(
        anySize,
        fc.subarray(strangeNames, { minLength: 1 }),
        fc.array(anyGiven, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...states),
        fc.constantFrom(...reasonNames),
        anyKeys,
        (size, devices, givens, state, reason, keys) => {
          const source = new FakeSource();
          for (const device of devices) source.add(device);
          using viewer = viewSource(source, { size });
          for (const given of givens) source.stream(devices[0] ?? '', 1500, () => given);
          source.move(devices.at(-1) ?? '', state, { reason, message: 'what happened\u{1b}[2J; what to do' });
          for (const key of keys) viewer.press(key);
          const lines = viewer.lines();
          expect(lines.length).toBeLessThanOrEqual(size.height);
          if (size.width >= 60 && size.height >= 15) expect(lines.length).toBe(size.height);
          for (const line of lines) {
            expect(displayWidth(line)).toBe(size.width);
            // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
            expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
          }
        },
      ),
      { numRuns: times(20, 300) },
    );
  });

  test.each([0, 1, 2, 4, 8, 15, 16, 17, 24, 31, 32])('shows all of %d cells, from 60×15 on', (count) => {
    for (const size of [
      { width: 60, height: 15 },
      { width: 80, height: 24 },
      { width: 120, height: 30 },
      { width: 200, height: 60 },
    ]) {
      const source = new FakeSource();
      source.add('VAN');
      using viewer = viewSource(source, { size });
      source.read('VAN', {
        cells: Array.from({ length: count }, (_, cell) => 3 + cell / 1000),
        alarms: names,
      });
      viewer.press('enter');
      const screen = screenOf(viewer);
      for (let cell = 0; cell < count; cell++) {
        expect(screen).toMatch(new RegExp(`(?<!\\d)${cell + 1} ${(3 + cell / 1000).toFixed(3)}`));
      }
    }
  });

  test('shows every alarm, or says how many more there are', () => {
    const source = new FakeSource();
    source.add('VAN');
    const size = { width: 100, height: 70 };
    using viewer = viewSource(source, { size });
    source.read('VAN', { alarms: names });
    viewer.press('enter');
    for (const name of names)
      expect(screenOf(viewer)).toContain(alarmTitle(name).replace(/^cell (?!count)/, ''));
    size.height = 24;
    expect(screenOf(viewer)).toMatch(/and \d+ more: i lists them/);
    size.width = 60;
    size.height = 15;
    expect(screenOf(viewer)).toMatch(/! \d+ alarms and notices: i lists them|and \d+ more: i lists them/);
  });

  test('of a terminal that is too small says how large it has to be', () => {
    using viewer = viewSource(new FakeSource(), { size: { width: 40, height: 10 } });
    expect(screenOf(viewer)).toBe('ubmsc needs 60×15, this terminal has\n40×10');
  });
});
