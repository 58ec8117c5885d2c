import { UsageError } from '@ubmsc/base';
import { AdapterError } from '@ubmsc/session';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AdapterWait } from './adapter-wait.ts';

const missing = (): AdapterError => new AdapterError('there is no hci0', 'plug it in');
const { signal } = new AbortController();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an adapter that comes an hour after the start is used', async () => {
  const watch = vi.fn(async () => {
    if (performance.now() < 3_600_000) throw missing();
  });
  vi.setSystemTime(0);
  const wait = new AdapterWait();
  await wait.start({ watch, signal });
  expect(wait.problem).toContain('there is no hci0; plug it in');
  await vi.advanceTimersByTimeAsync(3_700_000);
  await wait.ended;
  expect(wait.problem).toBeUndefined();
  expect(watch.mock.calls.length).toBeLessThan(150);
});

test('an adapter that does not come is given up where that is asked for', async () => {
  const wait = new AdapterWait();
  await wait.start({ watch: async () => await Promise.reject(missing()), signal, giveUpAfter: 10_000 });
  await vi.advanceTimersByTimeAsync(9000);
  expect(wait.failed.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(2000);
  expect(wait.failed.signal.reason).toBeInstanceOf(AdapterError);
});

test('what waiting does not mend is said at once', async () => {
  const wait = new AdapterWait();
  const watch = async (): Promise<void> => await Promise.reject(new UsageError('a', 'b'));
  await expect(wait.start({ watch, signal })).rejects.toThrow(UsageError);
});

test('waiting ends with the command', async () => {
  const ending = new AbortController();
  const wait = new AdapterWait();
  await wait.start({ watch: async () => await Promise.reject(missing()), signal: ending.signal });
  ending.abort();
  await wait.ended;
  expect(wait.failed.signal.aborted).toBe(false);
});
