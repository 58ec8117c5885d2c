import { EventEmitter } from 'node:events';
import { noCounters, type BatteryEvent, type BatteryStatus } from '@ubmsc/session';
import { expect, test } from 'vitest';
import type { WantedBattery } from '../config/batteries.ts';
import { WatchedBatteries, type Watcher } from './watched-batteries.ts';

/** What has been done with adapters, in order. */
const done: string[] = [];

class RecordedWatcher implements Watcher {
  readonly #adapter: string;
  readonly events = new EventEmitter<{ event: [BatteryEvent] }>();
  readonly #names = new Set<string>();
  readonly failing = new AbortController();

  constructor(adapter: string) {
    this.#adapter = adapter;
  }

  get failed(): AbortSignal {
    return this.failing.signal;
  }

  get statuses(): readonly BatteryStatus[] {
    return [...this.#names].map((name) => status(name));
  }

  now(): number {
    return performance.now();
  }

  observe(listener: (event: BatteryEvent) => void): Disposable {
    this.events.on('event', listener);
    return { [Symbol.dispose]: () => void this.events.off('event', listener) };
  }

  watch(name: string, device: string): void {
    this.#names.add(name);
    done.push(`${this.#adapter} watch ${name} ${device}`);
  }

  async forget(name: string): Promise<void> {
    this.#names.delete(name);
    done.push(`${this.#adapter} forget ${name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    done.push(`${this.#adapter} close`);
  }
}

function status(device: string): BatteryStatus {
  return {
    device,
    address: undefined,
    name: undefined,
    adapter: 'hci0',
    simulated: false,
    state: 'waiting',
    reason: undefined,
    message: undefined,
    since: 0,
    rssi: undefined,
    deviceInfo: undefined,
    reading: undefined,
    frame: undefined,
    readingTime: undefined,
    staleAfter: 10_000,
    counters: noCounters,
  };
}

const watchers = new Map<string, RecordedWatcher>();

function watch(): WatchedBatteries {
  done.length = 0;
  return new WatchedBatteries(async (adapter, all) => {
    done.push(`${adapter} open${all ? ' for all' : ''}`);
    if (adapter === 'broken') throw new Error('there is no such adapter');
    const watcher = new RecordedWatcher(adapter);
    watchers.set(adapter, watcher);
    return watcher;
  });
}

/** What is done while `change` goes on. */
async function doneBy(change: () => Promise<void>): Promise<readonly string[]> {
  done.length = 0;
  await change();
  return [...done];
}

const house: WantedBattery = { name: 'house', device: 'C8:47:80:00:00:01', adapter: 'hci0' };
const van: WantedBattery = { name: 'van', device: 'JK_VAN', adapter: 'hci1' };
const shed: WantedBattery = { name: 'shed', device: 'JK_SHED', adapter: 'hci0' };

test('batteries are watched on their adapters, and told of in the order of the configuration', async () => {
  await using batteries = watch();
  expect(await doneBy(async () => await batteries.set([shed, van, house]))).toEqual([
    'hci0 open',
    'hci1 open',
    'hci0 watch shed JK_SHED',
    'hci0 watch house C8:47:80:00:00:01',
    'hci1 watch van JK_VAN',
  ]);
  expect(batteries.statuses.map(({ device }) => device)).toEqual(['shed', 'van', 'house']);
});

test('links to batteries that stay are not touched', async () => {
  await using batteries = watch();
  await batteries.set([house, van]);
  expect(await doneBy(async () => await batteries.set([van, shed, house]))).toEqual([
    'hci0 watch shed JK_SHED',
  ]);
  expect(await doneBy(async () => await batteries.set([van, house]))).toEqual(['hci0 forget shed']);
  expect(await doneBy(async () => await batteries.set([van, house]))).toEqual([]);
  expect(await doneBy(async () => await batteries.set([house]))).toEqual(['hci1 close']);
});

test('a battery that has another address or another name now is watched anew', async () => {
  await using batteries = watch();
  await batteries.set([house]);
  expect(await doneBy(async () => await batteries.set([{ ...house, device: 'X' }]))).toEqual([
    'hci0 forget house',
    'hci0 watch house X',
  ]);
  expect(await doneBy(async () => await batteries.set([{ ...house, device: 'X', name: 'home' }]))).toEqual([
    'hci0 forget house',
    'hci0 watch home X',
  ]);
});

test('an adapter that cannot be opened leaves everything as it was', async () => {
  await using batteries = watch();
  await batteries.set([house]);
  const set = batteries.set([shed, van, { ...van, adapter: 'broken' }]);
  await expect(set).rejects.toThrow('no such adapter');
  expect(done.slice(-3)).toEqual(['hci1 open', 'broken open', 'hci1 close']);
  expect(batteries.statuses.map(({ device }) => device)).toEqual(['house']);
});

test('all batteries of an adapter are watched when none is named', async () => {
  await using batteries = watch();
  expect(await doneBy(async () => await batteries.set({ allOf: 'hci0' }))).toEqual(['hci0 open for all']);
  expect(await doneBy(async () => await batteries.set({ allOf: 'hci0' }))).toEqual([]);
  expect(await doneBy(async () => await batteries.set([house]))).toEqual([
    'hci0 close',
    'hci0 open',
    'hci0 watch house C8:47:80:00:00:01',
  ]);
});

test('events of every adapter are told until an adapter is closed', async () => {
  await using batteries = watch();
  const seen: string[] = [];
  const observing = batteries.observe((event) => seen.push(event.status.device));
  await batteries.set([house, van]);
  const [zero, one] = [watchers.get('hci0'), watchers.get('hci1')];
  const tell = (watcher: RecordedWatcher | undefined, device: string): void =>
    void watcher?.events.emit('event', { kind: 'state', time: 0, from: 'waiting', status: status(device) });
  tell(zero, 'house');
  tell(one, 'van');
  await batteries.set([house]);
  tell(one, 'van');
  tell(zero, 'house');
  observing[Symbol.dispose]();
  tell(zero, 'house');
  expect(seen).toEqual(['house', 'van', 'house']);
});

test('closing closes every adapter', async () => {
  const batteries = watch();
  await batteries.set([house, van]);
  expect(await doneBy(async () => await batteries[Symbol.asyncDispose]())).toEqual([
    'hci0 close',
    'hci1 close',
  ]);
  expect(batteries.statuses).toEqual([]);
});

test('an adapter that is given up is told of, one that is not used any more is not', async () => {
  await using batteries = watch();
  await batteries.set([house, van]);
  await batteries.set([house]);
  watchers.get('hci1')?.failing.abort(new Error('hci1 is gone'));
  expect(batteries.failed.aborted).toBe(false);
  watchers.get('hci0')?.failing.abort(new Error('hci0 is gone'));
  expect(batteries.failed.reason).toEqual(new Error('hci0 is gone'));
});
