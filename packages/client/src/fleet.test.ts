import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { logChannelName } from '@ubmsc/base';
import { AdapterError, liveReading, type BatteryEvent } from '@ubmsc/session';
import {
  FakeCentral,
  FakeSource,
  simulatedBattery,
  unreachableBattery,
  type FakeBattery,
} from '@ubmsc/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Adapter } from './adapter.ts';
import { Fleet, type FleetOptions, type WantedBattery } from './fleet.ts';

const addresses = { house: 'C8:47:80:00:00:01', van: 'C8:47:80:00:00:02', shed: 'C8:47:80:00:00:03' };
const house: WantedBattery = { name: 'house', device: addresses.house, adapter: 'hci0' };
const van: WantedBattery = { name: 'van', device: addresses.van, adapter: 'hci1' };
const shed: WantedBattery = { name: 'shed', device: addresses.shed, adapter: 'hci0' };

beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  for (const fleet of fleets.splice(0)) await fleet.close();
  vi.useRealTimers();
});

/** Those of the test that runs. */
const fleets: TestFleet[] = [];

/** A fleet on fake adapters; each finds these batteries. */
class TestFleet {
  /** What was done with adapters, in order. */
  readonly done: string[] = [];
  readonly sources = new Map<string, FakeSource>();
  readonly events: BatteryEvent[] = [];
  readonly fleet: Fleet;
  readonly #advertising: NodeJS.Timeout;

  constructor(batteries: readonly FakeBattery[], options: Partial<FleetOptions> = {}, reportsOnce = true) {
    this.fleet = new Fleet({
      ...options,
      open: async (text) => {
        this.done.push(`open ${text}`);
        if (text === 'hci9') throw new AdapterError('there is no adapter hci9', 'plug it in');
        const source = new FakeSource(text, () => new FakeCentral(batteries, !reportsOnce, reportsOnce));
        const dispose = source[Symbol.asyncDispose].bind(source);
        source[Symbol.asyncDispose] = async () => {
          this.done.push(`close ${text}`);
          await dispose();
        };
        this.sources.set(text, source);
        return new Adapter(source, await source.open());
      },
    });
    this.fleet.observe((event) => this.events.push(event));
    this.#advertising = setInterval(() => this.#advertise(), 200);
    fleets.push(this);
  }

  get states(): readonly string[] {
    return this.fleet.statuses.map(
      ({ device, state, reason }) => `${device} ${state}${reason ? `/${reason}` : ''}`,
    );
  }

  central(adapter: string): FakeCentral {
    const source = this.sources.get(adapter);
    if (!source) throw new Error(`${adapter} was not opened`);
    return source.central;
  }

  /** They advertise when a scan begins, and not again. */
  advertiseOnce(): void {
    clearInterval(this.#advertising);
  }

  #advertise(): void {
    for (const { opened } of this.sources.values()) opened.at(-1)?.advertise();
  }

  async close(): Promise<void> {
    clearInterval(this.#advertising);
    const closing = this.fleet.close();
    await vi.advanceTimersByTimeAsync(3000);
    await closing;
  }
}

const three = (): FakeBattery[] =>
  Object.entries(addresses).map(([name, address]) => simulatedBattery(address, name));

/** Lets a change and the sessions go on for a while. */
async function during(change: Promise<void>, time = 5000): Promise<void> {
  const outcome = Promise.allSettled([change]);
  await vi.advanceTimersByTimeAsync(time);
  await outcome;
  await change;
}

describe('a battery that is wanted by its name and by its address', () => {
  const byName: WantedBattery = { name: 'pack', device: 'house', adapter: 'hci0' };

  test.each([
    ['its name', [byName, house], 'pack'],
    ['its address', [house, byName], 'house'],
  ])('is one, called as it was wanted first: by %s', async (_, wanted, kept) => {
    const { states, connects } = await running([...wanted, shed]);
    expect(states()).toEqual([`${kept} streaming`, 'shed streaming']);
    expect(connects(kept)).toBe(1);
  });

  test('is said to be one', async () => {
    const lines: string[] = [];
    const hear = (message: unknown): void => void lines.push(JSON.stringify(message));
    subscribe(logChannelName, hear);
    await running([byName, house]);
    await vi.advanceTimersByTimeAsync(60_000);
    unsubscribe(logChannelName, hear);
    expect(lines.filter((line) => line.includes('"warn"'))).toEqual([
      expect.stringContaining('house and pack are one battery: it is watched as pack; name it once'),
    ]);
  });

  test('is one also when it was connected before its name was received', async () => {
    const nameless = { ...simulatedBattery(addresses.house, 'house'), name: undefined };
    const { fleet, states, connects } = await running([house], {}, [nameless]);
    const named = fleet.statuses[0]?.deviceInfo?.deviceName ?? '';
    await during(fleet.set([{ ...byName, device: named }, house]), 15_000);
    expect(states()).toEqual(['house streaming']);
    expect(connects('house')).toBe(1);
  });

  test('stays one when others are wanted besides, and is watched on when the other name is not wanted', async () => {
    const { fleet, states, connects } = await running([byName, house]);
    await during(fleet.set([byName, house, shed]));
    expect(states()).toEqual(['pack streaming', 'shed streaming']);
    expect(connects('pack')).toBe(1);
    await during(fleet.set([house]));
    expect(states()).toEqual(['house streaming']);
  });
});

describe('a fleet', () => {
  test('reads batteries on several adapters, and tells of them in the order of the configuration', async () => {
    const { fleet, states, done } = await running([shed, van, house]);
    expect(done).toEqual(['open hci0', 'open hci1']);
    expect(states()).toEqual(['shed streaming', 'van streaming', 'house streaming']);
    expect(fleet.statuses.map(({ adapter }) => adapter)).toEqual(['hci0', 'hci1', 'hci0']);
    expect(fleet.statuses.every((status) => liveReading(status, fleet.now()))).toBe(true);
  });

  test('does not touch links to batteries that stay', async () => {
    const { fleet, states, done, connects } = await running([house, van]);
    await during(fleet.set([van, shed, house]));
    expect(states()).toEqual(['van streaming', 'shed streaming', 'house streaming']);
    await during(fleet.set([van, house]));
    await during(fleet.set([house]));
    expect(done).toEqual(['open hci0', 'open hci1', 'close hci1']);
    expect(states()).toEqual(['house streaming']);
    expect(connects('house')).toBe(1);
  });

  test('connects a battery again that has another address or another name now', async () => {
    const { fleet, states } = await running([house]);
    await during(fleet.set([{ ...house, device: addresses.shed }]));
    expect(fleet.statuses.map(({ address }) => address)).toEqual([addresses.shed]);
    await during(fleet.set([{ ...house, name: 'home' }]));
    expect(states()).toEqual(['home streaming']);
  });

  test('stays as it was when an adapter cannot be opened', async () => {
    const { fleet, states, done } = await running([house]);
    await expect(during(fleet.set([shed, van, { ...van, adapter: 'hci9' }]))).rejects.toThrow(
      'no adapter hci9',
    );
    expect(done.slice(1)).toEqual(['open hci1', 'open hci9', 'close hci1']);
    expect(states()).toEqual(['house streaming']);
  });

  test('opens an adapter once that one battery has for itself and another shares', async () => {
    const { states, done } = await running([house, { ...shed, adapter: 'hci0,hci1' }]);
    expect(done).toEqual(['open hci0', 'open hci1']);
    expect(states()).toEqual(['house streaming', 'shed streaming']);
  });

  test('finds all batteries of its adapters, until some are named', async () => {
    const { fleet, states } = await running({ allOf: 'hci0' });
    expect(states().toSorted()).toEqual(['house streaming', 'shed streaming', 'van streaming']);
    await during(fleet.set([house]));
    expect(states()).toEqual(['house streaming']);
  });

  test('connects what it has found without hearing it again', async () => {
    const found = new TestFleet(three(), {}, false);
    found.advertiseOnce();
    await during(found.fleet.set({ allOf: 'hci0' }));
    expect(found.states.toSorted()).toEqual(['house streaming', 'shed streaming', 'van streaming']);
  });

  test('closes its adapters, and has no batteries then', async () => {
    const closing = await running([house, van]);
    await closing.close();
    expect(closing.done.slice(2).toSorted()).toEqual(['close hci0', 'close hci1']);
    expect(closing.fleet.statuses).toEqual([]);
  });
});

describe('an adapter that is gone', () => {
  test('is said to be gone within a second, with its cause, and its batteries come back with it', async () => {
    const { fleet, states, sources, central } = await running([house]);
    const source = sources.get('hci0');
    source?.failures.push(
      ...Array.from(
        { length: 4 },
        () => new AdapterError('hci0 is blocked', 'unblock it', { reason: 'adapterGone' }),
      ),
    );
    central('hci0').vanish();
    await vi.advanceTimersByTimeAsync(1000);
    expect(states()).toEqual(['house lost/adapterGone']);
    await vi.advanceTimersByTimeAsync(4000);
    expect(states()).toEqual(['house lost/adapterGone']);
    expect(fleet.statuses[0]?.message).toBe('hci0 is blocked; unblock it');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states()).toEqual(['house streaming']);
    expect(fleet.statuses[0]?.counters.losses).toMatchObject({ adapterGone: 1 });
  });

  test('is given up when it was gone for too long', async () => {
    const { fleet, sources, central } = await running([house], { giveUpAfter: 20_000 });
    const gone = new AdapterError('there is no adapter hci0', 'plug it in');
    sources.get('hci0')?.failures.push(...Array.from({ length: 50 }, () => gone));
    central('hci0').vanish();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fleet.failed.reason).toMatchObject({
      message: expect.stringMatching(/^hci0 could not be opened for/),
    });
  });

  test('does not keep a battery from being found on another', async () => {
    const { states, central } = await running([{ ...house, adapter: 'hci0,hci1' }]);
    central('hci0').vanish();
    central('hci1').sight(addresses.house, 'house');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(states()).toEqual(['house streaming']);
  });
});

test('after the machine has slept readings are old, and the adapter is reopened', async () => {
  let slept = 0;
  const times = {
    monotonic: () => performance.now(),
    wall: () => Date.now() + slept,
    uptime: () => performance.now() + slept,
  };
  const { fleet, sources, states } = await running([house], { times });
  expect(sources.get('hci0')?.opened).toHaveLength(1);
  slept = 3_600_000;
  const now = fleet.now();
  expect(fleet.statuses.map((status) => liveReading(status, now))).toEqual([undefined]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sources.get('hci0')?.opened).toHaveLength(2);
  expect(states()).toEqual(['house streaming']);
  expect(fleet.statuses.every((status) => liveReading(status, fleet.now()))).toBe(true);
});

describe('a session that fails', () => {
  test('with a bug is said to be one, counted, and tried again after minutes', async () => {
    const broken: FakeBattery = {
      address: addresses.house,
      name: 'house',
      connect: async () => await Promise.reject(new TypeError('x is not a function')),
    };
    const { fleet, states, central } = await running([house], {}, [broken]);
    expect(states()).toEqual(['house lost/internalError']);
    expect(fleet.statuses[0]).toMatchObject({
      message: expect.stringContaining('a bug in this program: TypeError: x is not a function'),
      counters: { losses: { internalError: 1 } },
    });
    const connects = (): number => central('hci0').calls.filter((call) => call.startsWith('connect')).length;
    await vi.advanceTimersByTimeAsync(240_000);
    expect(connects()).toBe(1);
    await vi.advanceTimersByTimeAsync(180_000);
    expect(connects()).toBe(2);
  });

  test('three times as links are made makes the adapter reopen', async () => {
    const { sources } = await running([house], {}, [
      unreachableBattery(addresses.house, 'connectTimeout', 'house'),
    ]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sources.get('hci0')?.opened.length).toBeGreaterThan(1);
  });

  test.each([
    ['and its controller is reset where that is allowed', true],
    ['and its controller is never reset where that is not allowed', false],
  ])('more often, %s', async (_, resetAdapter) => {
    const { sources } = await running([house], { resetAdapter }, [
      unreachableBattery(addresses.house, 'connectTimeout', 'house'),
    ]);
    await vi.advanceTimersByTimeAsync(600_000);
    const resets = sources.get('hci0')?.resets ?? 0;
    expect(resets > 0).toBe(resetAdapter);
  });
});

interface RunningFleet {
  readonly fleet: Fleet;
  readonly states: () => readonly string[];
  readonly done: readonly string[];
  readonly sources: ReadonlyMap<string, FakeSource>;
  readonly central: (adapter: string) => FakeCentral;
  readonly connects: (name: string) => number | undefined;
  readonly close: () => Promise<void>;
}

/** A fleet whose batteries have had five seconds. */
async function running(
  wanted: Parameters<Fleet['set']>[0],
  options: Partial<FleetOptions> = {},
  batteries: readonly FakeBattery[] = three(),
): Promise<RunningFleet> {
  const own = new TestFleet(batteries, options);
  const { fleet, done, sources } = own;
  await during(fleet.set(wanted));
  return {
    fleet,
    done,
    sources,
    states: () => own.states,
    central: (adapter) => own.central(adapter),
    connects: (name) => fleet.statuses.find(({ device }) => device === name)?.counters.connects,
    close: async () => await own.close(),
  };
}
