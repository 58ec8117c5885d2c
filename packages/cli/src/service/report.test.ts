import { cellDataJk02_32s, decode, encode, toReading } from '@ubmsc/protocol';
import { newStatus, type BatterySource, type BatteryStatus, type SessionState } from '@ubmsc/session';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { batteriesLive, reportBatteries } from './report.ts';

const reading = toReading(decode(cellDataJk02_32s, encode(cellDataJk02_32s, {})), {
  variant: 'jk02-32s',
  counter: 0,
  time: 0,
});

function status(device: string, state: SessionState, age?: number): BatteryStatus {
  return newStatus({
    device,
    adapter: 'hci0',
    simulated: false,
    state,
    ...(age !== undefined && { reading, readingTime: performance.now() - age }),
  });
}

function source(statuses: readonly BatteryStatus[]): BatterySource & { statuses: readonly BatteryStatus[] } {
  return { statuses, now: () => performance.now(), observe: () => ({ [Symbol.dispose]: () => {} }) };
}

let told: string[] = [];
let reporting: Disposable | undefined;
const notify = async (...assignments: readonly string[]): Promise<void> => void told.push(...assignments);

beforeEach(() => {
  told = [];
  vi.useFakeTimers();
});
afterEach(() => {
  reporting?.[Symbol.dispose]();
  vi.useRealTimers();
});

test('the status counts the batteries with a fresh reading', () => {
  expect(
    batteriesLive(source([status('a', 'streaming', 100), status('b', 'quiet', 20_000), status('c', 'lost')])),
  ).toBe('1/3 batteries live');
  expect(batteriesLive(source([]))).toBe('0/0 batteries live');
});

test('the service manager is told the status when it has changed, and no more often than every five seconds', async () => {
  const batteries = source([status('a', 'connecting')]);
  reporting = reportBatteries(batteries, notify, undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual(['STATUS=0/1 battery live']);
  batteries.statuses = [status('a', 'streaming', 0)];
  await vi.advanceTimersByTimeAsync(5000);
  expect(told).toEqual(['STATUS=0/1 battery live', 'STATUS=1/1 battery live']);
});

const fed = (): number => told.filter((message) => message === 'WATCHDOG=1').length;

test.each([10_000, 60_000, 120_000])('a watchdog of %i ms is fed well in time', async (watchdog) => {
  reporting = reportBatteries(source([status('a', 'searching')]), notify, watchdog);
  for (let watched = 0; watched < 10; watched++) {
    const before = fed();
    await vi.advanceTimersByTimeAsync(watchdog * 0.8);
    expect(fed()).toBeGreaterThan(before);
  }
  expect(fed()).toBeLessThan(40);
});

test('a battery that hangs for a minute does not starve the watchdog', async () => {
  reporting = reportBatteries(source([status('a', 'quiet', 60_000)]), notify, 30_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fed()).toBeGreaterThan(3);
});

test.each(['connecting', 'identifying', 'streaming', 'quiet'] as const)(
  'a session that stands still in the state %s starves the watchdog',
  async (state) => {
    reporting = reportBatteries(source([status('a', state, 0)]), notify, 30_000);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    const before = fed();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(fed()).toBe(before);
  },
);

test('a battery that is not there for days does not starve the watchdog', async () => {
  reporting = reportBatteries(source([status('a', 'searching')]), notify, 60_000);
  await vi.advanceTimersByTimeAsync(2 * 86_400_000);
  const before = fed();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fed()).toBeGreaterThan(before);
});
