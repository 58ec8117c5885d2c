import { encode, logbookJk02_32s, type Frame } from '@ubmsc/protocol';
import { describe, expect, test } from 'vitest';
import { logEntries, RunClock } from './logbook.ts';

const now = Date.UTC(2025, 2, 4, 5, 6, 7);

const record = (entryCount: number, ...entries: readonly { timestamp: number; code: number }[]): Frame =>
  encode(logbookJk02_32s, { entryCount, check: entryCount - 1, entries });

describe('the entries of a logbook', () => {
  test('are in words, oldest first, at the times that the run time gives', () => {
    const frame = record(2, { timestamp: 100, code: 0x01 }, { timestamp: 160, code: 0x1d });
    expect(logEntries(frame, now - 200_000, now)).toEqual([
      { timestamp: 100, code: 0x01, text: 'boot', time: now - 100_000 },
      { timestamp: 160, code: 0x1d, text: 'cell under-voltage', time: now - 40_000 },
    ]);
  });

  test('end where the device ends counting, and at 50 whatever it counts', () => {
    const boot = { timestamp: 1, code: 1 };
    expect(logEntries(record(0, boot), now, now)).toEqual([]);
    expect(logEntries(record(1, boot, boot), now, now)).toHaveLength(1);
    expect(logEntries(record(4_000_000_000, boot), now, now)).toHaveLength(50);
  });

  test('have no times as long as the run time is not known', () => {
    expect(logEntries(record(1, { timestamp: 1, code: 1 }), undefined, now)).toMatchObject([{ time: null }]);
  });

  test('have no times in the future', () => {
    const frame = record(2, { timestamp: 100, code: 1 }, { timestamp: 110, code: 1 });
    expect(logEntries(frame, now - 101_000, now)).toMatchObject([{ time: now - 1000 }, { time: null }]);
  });

  test('that are unknown are shown by their code', () => {
    expect(logEntries(record(1, { timestamp: 0, code: 0xfe }), now, now)).toMatchObject([
      { text: 'code 0xfe' },
    ]);
  });
});

describe('the run clock', () => {
  test('says the same for every record of a device that counts whole seconds', () => {
    const clock = new RunClock();
    expect(clock.start).toBeUndefined();
    const starts = Array.from({ length: 20 }, (_, index) => {
      const elapsed = 540 * index;
      clock.observe(Math.floor((300_700 + elapsed) / 1000), now + elapsed);
      return clock.start;
    });
    expect(new Set(starts)).toEqual(new Set([now - 300_000]));
  });

  test('follows a device that counts otherwise', () => {
    const clock = new RunClock();
    clock.observe(100, now);
    clock.observe(150, now + 10_000);
    expect(clock.start).toBe(now + 10_000 - 150_000);
  });
});
