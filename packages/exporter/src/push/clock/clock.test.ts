import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClockCheck, type ClockCheckOptions } from './clock-check.ts';
import { EARLIEST, momentNow, timeOf } from './timeline.ts';

const HOUR = 3_600_000;
const { signal } = new AbortController();
let folder = '';

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'ubmsc-'))));
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

const setClock = (time: number): void => void vi.useFakeTimers({ toFake: ['Date'], now: time });

describe('the time of a moment', () => {
  test('is that of the clock, while nobody sets it', () => {
    const moment = momentNow();
    expect(timeOf(moment)).toBe(moment.time);
  });

  test.each([0, EARLIEST + 20 * 365 * 24 * HOUR])('is corrected when the clock is set from %i', (wrong) => {
    const before = Date.now();
    setClock(wrong);
    const moment = momentNow();
    vi.useRealTimers();
    expect(Math.abs((timeOf(moment) ?? 0) - before)).toBeLessThan(2000);
  });

  test('is that of the clock, if that was right, when the machine was started again since', () => {
    const moment = { time: EARLIEST + HOUR, uptime: 5, boot: 'another' };
    expect(timeOf(moment)).toBe(moment.time);
  });

  test('is not known when the clock was wrong before that', () => {
    expect(timeOf({ time: HOUR, uptime: 5, boot: 'another' })).toBeUndefined();
  });
});

describe('a clock', () => {
  const check = (options: Partial<ClockCheckOptions>): ClockCheck =>
    new ClockCheck({
      ask: async () => Date.now(),
      synchronized: join(folder, 'synchronized'),
      ...options,
    });

  test('is right when that of the server is the same, and the server is asked once', async () => {
    const ask = vi.fn(async () => Date.now() + 60_000);
    const clock = check({ ask });
    expect([await clock.check(signal), await clock.check(signal)]).toEqual([undefined, undefined]);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  test('is right when it was synchronized a moment ago, and nobody is asked', async () => {
    await writeFile(join(folder, 'synchronized'), '');
    const ask = vi.fn(async () => 0);
    expect(await check({ ask }).check(signal)).toBeUndefined();
    expect(ask).not.toHaveBeenCalled();
  });

  test('that was synchronized, and set by somebody since, is not trusted for that', async () => {
    const file = join(folder, 'synchronized');
    await writeFile(file, '');
    await utimes(file, Date.now() / 1000 - 100_000, Date.now() / 1000 - 100_000);
    expect(await check({ ask: async () => Date.now() - 100_000_000 }).check(signal)).toEqual({
      because: 'clock',
      text: 'the clock of this machine is 100000 s ahead of that of the server',
    });
  });

  test('is asked for again when it was set', async () => {
    const now = Date.now();
    const clock = check({ ask: async () => now });
    expect(await clock.check(signal)).toBeUndefined();
    setClock(now + HOUR);
    expect(await clock.check(signal)).toMatchObject({ because: 'clock' });
    vi.useRealTimers();
    expect(await clock.check(signal)).toBeUndefined();
  });

  test('is trusted in the end when nobody can be asked, or the server has another, but not before 2026', async () => {
    const ask = async (): Promise<number> => await Promise.reject(new Error('unreachable'));
    const waiting = check({ ask });
    expect(await waiting.check(signal)).toEqual({ because: 'network', text: 'unreachable' });
    expect(await check({ ask, longestWait: 0 }).check(signal)).toBeUndefined();
    expect(await check({ ask: async () => 0, longestWait: 0 }).check(signal)).toBeUndefined();
    setClock(EARLIEST - 1);
    expect(await check({ ask, longestWait: 0 }).check(signal)).toMatchObject({ because: 'network' });
    expect(await check({ ask: async () => undefined, longestWait: 0 }).check(signal)).toMatchObject({
      because: 'clock',
    });
  });
});
