import { FakeSource, type FakeCentral } from '@ubmsc/testing';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { Adapter } from './adapter.ts';
import { discover, type DiscoverOptions } from './discover.ts';

const house = 'C8:47:80:00:00:01';
const van = 'C8:47:80:00:00:02';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function discovery(
  options: DiscoverOptions,
  expected?: number,
): Promise<{ central: FakeCentral; found: string[]; isOver: () => boolean }> {
  const source = new FakeSource();
  source.expected = expected;
  const adapter = new Adapter(source, await source.open());
  onTestFinished(async () => await adapter.close());
  const found: string[] = [];
  let isOver = false;
  const run = async (): Promise<void> => {
    for await (const { name, address } of discover(adapter, options)) found.push(name ?? address);
    isOver = true;
  };
  void run();
  await vi.advanceTimersByTimeAsync(0);
  return { central: source.central, found, isOver: () => isOver };
}

test('goes on until the names of all batteries are known, not only their addresses', async () => {
  const { central, found, isOver } = await discovery({}, 2);
  central.sight(house);
  central.sight(van);
  await vi.advanceTimersByTimeAsync(10);
  expect(isOver()).toBe(false);
  central.sight(house, 'House');
  central.sight(van, 'Van');
  await vi.advanceTimersByTimeAsync(0);
  expect(found).toEqual(['House', 'Van']);
  expect(isOver()).toBe(true);
});

test('tells of a battery without a name at the end', async () => {
  const { central, found } = await discovery({ timeout: 5000 });
  central.sight(house);
  await vi.advanceTimersByTimeAsync(4999);
  expect(found).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(found).toEqual([house]);
});

test('tells of each battery once, though it changes its name', async () => {
  const { central, found } = await discovery({ timeout: 5000 });
  for (const name of ['House', 'Home', 'House']) central.sight(house, name);
  await vi.advanceTimersByTimeAsync(5000);
  expect(found).toEqual(['House']);
});

test('ends when nothing new was received for a while, but waits for the first', async () => {
  const { central, found, isOver } = await discovery({ timeout: 60_000, quiet: 5000 });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(isOver()).toBe(false);
  central.sight(house, 'House');
  await vi.advanceTimersByTimeAsync(4000);
  central.sight(van, 'Van');
  await vi.advanceTimersByTimeAsync(4999);
  expect(isOver()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(isOver()).toBe(true);
  expect(found).toEqual(['House', 'Van']);
});

test('passes over what is not a battery, and takes it where that is wanted', async () => {
  const strict = await discovery({ timeout: 1000 });
  const all = await discovery({ timeout: 1000, accepts: () => true });
  for (const { central } of [strict, all]) central.sight(van, 'Headphones', false);
  await vi.advanceTimersByTimeAsync(1000);
  expect(strict.found).toEqual([]);
  expect(all.found).toEqual(['Headphones']);
});

test('ends when it is asked to', async () => {
  const until = new AbortController();
  const { isOver } = await discovery({ until: until.signal });
  until.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(isOver()).toBe(true);
});
