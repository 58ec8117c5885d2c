import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Writer } from './writer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A terminal that takes this many bytes at a time until it is full. */
function terminal(): {
  room: number;
  taken: string;
  gone: boolean;
  closed: number;
  writer: Writer;
  events: string[];
} {
  const own = {
    room: Infinity,
    taken: '',
    gone: false,
    closed: 0,
    events: [] as string[],
    writer: new Writer(
      {
        take(bytes) {
          if (own.gone) throw new Error('EIO');
          const count = Math.min(own.room, bytes.length);
          own.taken += Buffer.from(bytes.subarray(0, count)).toString();
          own.room -= count;
          return count;
        },
        close: () => void own.closed++,
      },
      { drained: () => own.events.push('drained'), gone: () => own.events.push('gone') },
    ),
  };
  return own;
}

describe('what is written to a terminal', () => {
  test('is there at once where the terminal takes it', () => {
    const it = terminal();
    it.writer.write('one');
    it.writer.write('two');
    expect([it.taken, it.writer.isBusy]).toEqual(['onetwo', false]);
  });

  test('waits for a terminal that takes nothing, without stopping anything, and comes whole and in order', () => {
    const it = terminal();
    it.room = 4;
    it.writer.write('one two three');
    it.writer.write(' four');
    vi.advanceTimersByTime(60_000);
    expect([it.taken, it.writer.isBusy, it.events]).toEqual(['one ', true, []]);
    it.room = 6;
    vi.advanceTimersByTime(100);
    expect(it.taken).toBe('one two th');
    it.room = 100;
    vi.advanceTimersByTime(100);
    expect([it.taken, it.writer.isBusy, it.events]).toEqual(['one two three four', false, ['drained']]);
  });

  test('at the end is said instead of what waits, for a short time', () => {
    vi.useRealTimers();
    const it = terminal();
    it.room = 0;
    it.writer.write('frame');
    it.room = 3;
    it.writer.finish('bye');
    expect([it.taken, it.writer.isBusy]).toEqual(['bye', false]);
    it.room = 0;
    it.writer.finish('again');
    expect(it.taken).toBe('bye');
  });

  test('is over when the terminal is gone, which is told once', () => {
    const it = terminal();
    it.gone = true;
    it.writer.write('one');
    it.writer.write('two');
    it.writer.finish('bye');
    it.writer.close();
    expect([it.events, it.closed, it.writer.isBusy]).toEqual([['gone'], 1, false]);
  });
});
