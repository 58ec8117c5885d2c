import type { BatteryEvent } from '@ubmsc/session';
import {
  FakeCentral,
  FakeSource,
  simulatedBattery,
  unreachableBattery,
  type FakeBattery,
} from '@ubmsc/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Adapter } from './adapter.ts';
import { AdapterKeeper } from './adapter-keeper.ts';
import { WatchedBattery } from './watched-battery.ts';

const ADDRESS = 'C8:47:80:00:00:01';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A battery that is watched on a fake adapter until the test is over. */
async function watched(
  batteries: readonly FakeBattery[],
  wordHint?: (hint: string) => string,
  { wanted = ADDRESS, whole = false } = {},
): Promise<
  AsyncDisposable & {
    readonly watch: WatchedBattery;
    readonly source: FakeSource;
    readonly states: readonly string[];
    readonly events: readonly BatteryEvent[];
  }
> {
  const source = new FakeSource('fake', () => new FakeCentral(batteries));
  const keeper = new AdapterKeeper(new Adapter(source, await source.open()), {});
  const events: BatteryEvent[] = [];
  const watch = new WatchedBattery({
    device: 'SHED',
    wanted,
    whole,
    keepers: [keeper],
    options: {},
    wordHint,
    now: () => performance.now(),
    emit: (event) => events.push(event),
  });
  const stop = new AbortController();
  const running = Promise.all([keeper.run(stop.signal), watch.run(stop.signal)]);
  const each = {
    watch,
    source,
    events,
    get states(): readonly string[] {
      return events.flatMap((event) => (event.kind === 'state' ? [event.status.state] : []));
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(advertising);
      stop.abort();
      await vi.advanceTimersByTimeAsync(5000);
      await running;
    },
  };
  const advertising = setInterval(() => {
    const { central } = source;
    if (central.isScanning) central.advertise();
  }, 200);
  return each;
}

test('one that is named in a configuration is no other whose name begins so', async () => {
  await using each = await watched([simulatedBattery(ADDRESS, 'SHED_2')], undefined, {
    wanted: 'SHED',
    whole: true,
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(each.watch.status).toMatchObject({ state: 'searching', reason: 'notHeard', address: undefined });
});

test('one that is wanted by a name which two have is not connected, and their addresses are told', async () => {
  const batteries = [ADDRESS, 'C8:47:80:00:00:02'].map((address) => simulatedBattery(address, 'SHED'));
  await using each = await watched(batteries, undefined, { wanted: 'SHED' });
  await vi.advanceTimersByTimeAsync(5000);
  const lost = each.events.find((event) => event.status.state === 'lost');
  expect(lost?.status).toMatchObject({
    reason: 'nameNotUnique',
    message: `2 devices are called "SHED": ${ADDRESS}, C8:47:80:00:00:02; ask for one by its address`,
  });
  expect(each.states).not.toContain('connecting');
});

test('a battery is searched, connected, identified and read, and each step is an event', async () => {
  await using each = await watched([simulatedBattery(ADDRESS, 'SHED')]);
  await vi.advanceTimersByTimeAsync(5000);
  expect(each.states).toEqual(
    expect.arrayContaining(['searching', 'connecting', 'identifying', 'streaming']),
  );
  const { status } = each.watch;
  expect(status).toMatchObject({ device: 'SHED', address: ADDRESS, state: 'streaming' });
  expect(status.deviceInfo?.deviceModel).toBe('JK_BD4A8S4P');
  expect(status.reading?.cellVoltage).toHaveLength(4);
  expect(status.counters.connects).toBe(1);
  const readings = each.events.filter(({ kind }) => kind === 'reading');
  // Device info and settings are records, too.
  expect(readings.length).toBeGreaterThan(3);
  expect(readings.length).toBeLessThan(status.counters.frames);
});

test('a battery that nobody receives is said to be absent, and is found when it comes', async () => {
  const batteries: FakeBattery[] = [];
  await using each = await watched(batteries);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(each.watch.status).toMatchObject({ state: 'searching', reason: 'notHeard' });
  batteries.push(simulatedBattery(ADDRESS, 'SHED'));
  await vi.advanceTimersByTimeAsync(15_000);
  expect(each.watch.status.state).toBe('streaming');
});

test('links that cannot be made are tried again, later each time, and counted by their reason', async () => {
  await using each = await watched([unreachableBattery(ADDRESS, 'connectFailed', 'SHED')]);
  await vi.advanceTimersByTimeAsync(60_000);
  const { status } = each.watch;
  expect(status).toMatchObject({ state: 'lost', reason: 'connectFailed' });
  const losses = status.counters.losses.connectFailed ?? 0;
  expect(losses).toBeGreaterThan(4);
  expect(losses).toBeLessThan(20);
  expect(status.counters.recoveries.reopenAdapter).toBeGreaterThan(0);
});

test('what is said of a lost link ends with the hint, as the program words it', async () => {
  const unreachable = [unreachableBattery(ADDRESS, 'connectFailed', 'SHED')];
  await using plain = await watched(unreachable);
  await using worded = await watched(unreachable, (hint) => `[${hint}]`);
  await vi.advanceTimersByTimeAsync(5000);
  const [message, hint] = plain.watch.status.message?.split('; ') ?? [];
  expect(hint).toBeTruthy();
  expect(worded.watch.status.message).toBe(`${message}; [${hint}]`);
});

test('when the adapter is gone its batteries say so, and stream again after it is back', async () => {
  await using each = await watched([simulatedBattery(ADDRESS, 'SHED')]);
  await vi.advanceTimersByTimeAsync(5000);
  each.source.central.vanish('the adapter was unplugged');
  await vi.advanceTimersByTimeAsync(50);
  expect(each.watch.status).toMatchObject({ state: 'lost', reason: 'adapterGone' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(each.watch.status).toMatchObject({ state: 'streaming' });
  expect(each.watch.status.counters.connects).toBe(2);
});

test('its logbook is refused while it has no link', async () => {
  await using each = await watched([unreachableBattery(ADDRESS, 'connectFailed', 'SHED')]);
  await expect(each.watch.logbook()).rejects.toThrow('has no link now');
});

test('once it is watched no more it is closed', async () => {
  const each = await watched([simulatedBattery(ADDRESS, 'SHED')]);
  await vi.advanceTimersByTimeAsync(5000);
  await each[Symbol.asyncDispose]();
  expect(each.watch.status).toMatchObject({ state: 'closed', reason: 'closedByUser' });
});
