import { decodeReading } from '@ubmsc/protocol';
import { describe, expect, test } from 'vitest';
import { cellData, epoch, type Given } from '../../test/fake-source.ts';
import { History } from './history.ts';

const HISTORY = 3600_000;

function add(history: History, time: number, given: Given = {}): void {
  const frame = cellData(given);
  history.add(time, decodeReading(frame, 'jk02-32s', epoch + time), frame, 10_000);
}

describe('the history of a battery', () => {
  test('gives back what was shown at any moment, with its frame', () => {
    const history = new History(HISTORY);
    for (let second = 0; second < 600; second++) add(history, second * 1000, { percent: second % 100 });
    const sample = history.at(300_400);
    expect(sample?.time).toBe(300_000);
    expect(sample?.reading.remainPercent).toBe(0);
    expect(sample?.reading.source.time).toBe(epoch + 300_000);
    expect(sample && decodeReading(sample.frame, 'jk02-32s', epoch + 300_000)).toEqual(sample?.reading);
    expect(history.at(-1)).toBeUndefined();
  });

  test('reaches back an hour, and no further', () => {
    const history = new History(HISTORY);
    for (let second = 0; second < 3 * 3600; second++) add(history, second * 1000);
    const end = history.timeOf(history.end - 1);
    const oldest = history.timeOf(history.start);
    expect(end - oldest).toBeGreaterThanOrEqual(HISTORY);
    expect(end - oldest).toBeLessThan(HISTORY * 1.1);
    expect(history.sample(0)).toBeUndefined();
  });

  test('goes on when the clock steps back', () => {
    const history = new History(HISTORY);
    for (let second = 0; second < 20; second++) add(history, second * 1000);
    for (let second = 5; second < 40; second++) add(history, second * 1000, { percent: 99 });
    expect(history.at(30_000)?.reading.remainPercent).toBe(99);
    const times = Array.from({ length: history.end }, (_, number) => history.timeOf(number));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  test('in buckets shows least, most and last of each stretch of time', () => {
    const history = new History(HISTORY);
    for (let second = 1; second <= 10; second++) add(history, second * 1000, { current: second });
    expect(history.quantity('batteryCurrent', 0, 10_000, 2)).toEqual([
      { low: 1, high: 5, mean: 3, last: 5 },
      { low: 6, high: 10, mean: 8, last: 10 },
    ]);
  });

  test('bridges the time between two readings, but not a silence', () => {
    const history = new History(HISTORY);
    add(history, 0, { current: 1 });
    add(history, 4000, { current: 2 });
    add(history, 60_000, { current: 3 });
    const values = history.quantity('batteryCurrent', -1000, 61_000, 62).map((bucket) => bucket?.last);
    expect(values.slice(0, 6)).toEqual([1, 1, 1, 1, 2, 2]);
    expect(values.slice(20, 59)).toEqual(Array.from({ length: 39 }));
    expect(values[60]).toBe(3);
  });

  test('of one cell is that of its bytes', () => {
    const history = new History(HISTORY);
    for (let second = 1; second <= 4; second++)
      add(history, second * 1000, { cells: [3.3, 3.3 + second / 1000] });
    expect(history.cellVoltage(1, 0, 4000, 4).map((bucket) => bucket?.last)).toEqual([
      3.301, 3.302, 3.303, 3.304,
    ]);
  });

  test('has a gap where a value is absent', () => {
    const history = new History(HISTORY);
    add(history, 1000, { cells: [] });
    expect(history.quantity('deltaCellVoltage', 0, 1000, 1)).toEqual([undefined]);
  });
});
