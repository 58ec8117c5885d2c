import { pause } from '@ubmsc/base';
import { AdapterError, DeviceNotFoundError, LinkError, type Link } from '@ubmsc/session';
import {
  FakeCentral,
  FakeSource,
  simulatedBattery,
  unreachableBattery,
  type FakeBattery,
} from '@ubmsc/testing';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Adapter } from './adapter.ts';
import type { Device } from './device.ts';

const house = 'C8:47:80:00:00:01';
const van = 'C8:47:80:00:00:02';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function open(
  batteries: readonly FakeBattery[] = [],
  scansWhileConnecting = false,
): Promise<{ readonly adapter: Adapter; readonly source: FakeSource }> {
  const source = new FakeSource('fake', () => new FakeCentral(batteries, scansWhileConnecting));
  const adapter = new Adapter(source, await source.open());
  onTestFinished(async () => await adapter.close());
  return { adapter, source };
}

/** A scan that runs in the background. */
function background(adapter: Adapter): { readonly seen: Device[]; readonly ended: Promise<unknown> } {
  const seen: Device[] = [];
  const scan = async (): Promise<void> => {
    for await (const device of adapter.scan()) seen.push(device);
  };
  return { seen, ended: scan().catch((error: unknown) => error) };
}

describe('a scan', () => {
  test('tells of each device once, and once more when its name is received', async () => {
    const { adapter, source } = await open();
    const { seen } = background(adapter);
    await vi.advanceTimersByTimeAsync(0);
    source.central.sight(house);
    source.central.sight(house);
    source.central.sight(house, 'House');
    source.central.sight(house, 'House');
    source.central.sight(van, undefined, false);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.map(({ address, name, likelihood }) => [address, name, likelihood])).toEqual([
      [house, undefined, 'certain'],
      [house, 'House', 'certain'],
      [van, undefined, 'unlikely'],
    ]);
  });

  test('tells who joins it what it has received lately: controllers tell of a device once in a scan', async () => {
    const { adapter, source } = await open();
    background(adapter);
    await vi.advanceTimersByTimeAsync(0);
    source.central.sight(house, 'House');
    source.central.sight(house);
    await vi.advanceTimersByTimeAsync(9000);
    const soon = adapter.find('House', { timeout: 1 });
    await vi.advanceTimersByTimeAsync(1);
    expect(await soon).toMatchObject({ address: house, name: 'House' });
    await vi.advanceTimersByTimeAsync(2000);
    const late = adapter.find('House', { timeout: 1 }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1);
    expect(await late).toBeInstanceOf(DeviceNotFoundError);
  });

  test('tells nobody what was received before a link was made: it may be gone since', async () => {
    const { adapter, source } = await open([simulatedBattery(house, 'House')]);
    background(adapter);
    await vi.advanceTimersByTimeAsync(0);
    source.central.sight(van, 'Van');
    const battery = await adapter.open(house);
    const found = adapter.find('Van', { timeout: 1 }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1);
    expect(await found).toBeInstanceOf(DeviceNotFoundError);
    await battery.close();
  });

  test('is shared: the central begins it once and ends it after the last', async () => {
    const { adapter, source } = await open();
    const ends = [new AbortController(), new AbortController()];
    const scans = ends.map(async ({ signal }) => {
      for await (const device of adapter.scan({ until: signal })) void device;
    });
    await vi.advanceTimersByTimeAsync(0);
    ends[0]?.abort();
    await scans[0];
    expect(source.central.calls).toEqual(['scan']);
    ends[1]?.abort();
    await scans[1];
    expect(source.central.calls).toEqual(['scan', 'stop']);
  });

  test('ends with the reason when the adapter is gone', async () => {
    const { adapter, source } = await open();
    const { ended } = background(adapter);
    await vi.advanceTimersByTimeAsync(0);
    source.central.vanish();
    expect(await ended).toMatchObject({ message: 'the adapter was unplugged', reason: 'adapterGone' });
  });

  test('that could not begin is begun by the next', async () => {
    const { adapter, source } = await open();
    source.central.failNextScan = new AdapterError('fake never began to scan', 'try again');
    expect(await background(adapter).ended).toBeInstanceOf(AdapterError);
    background(adapter);
    await vi.advanceTimersByTimeAsync(0);
    expect(source.central.isScanning).toBe(true);
  });

  test('is started again when nothing at all was received for half a minute', async () => {
    const { adapter, source } = await open();
    const ended = new AbortController();
    const scan = async (): Promise<void> => {
      for await (const device of adapter.scan({ timeout: 100_000, until: ended.signal })) void device;
    };
    const scanning = scan();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(await adapter.rescan()).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await adapter.rescan()).toBe(true);
    expect(source.central.calls).toEqual(['scan', 'stop', 'scan']);
    ended.abort();
    await scanning;
  });
});

test('a device that is not received is not found, and what was received instead is said', async () => {
  const { adapter, source } = await open();
  const finding = adapter.find('Shed', { timeout: 5000 }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(0);
  source.central.sight(house, 'House');
  source.central.sight(van, 'Headphones', false);
  await vi.advanceTimersByTimeAsync(5000);
  const error = await finding;
  expect(error).toBeInstanceOf(DeviceNotFoundError);
  expect(error).toMatchObject({ message: expect.stringMatching(/"Shed".*5 s.*House/) });
  expect(error).not.toMatchObject({ message: expect.stringContaining('Headphones') });
});

describe('a name that two batteries have', () => {
  test('means neither: the error tells their addresses', async () => {
    const { adapter } = await open([simulatedBattery(house, 'House'), simulatedBattery(van, 'House')]);
    const finding = adapter.find('House').catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(500);
    const error = await finding;
    expect(error).toBeInstanceOf(DeviceNotFoundError);
    expect(error).toMatchObject({
      message: `2 devices are called "House": ${house}, ${van}`,
      hint: 'ask for one by its address',
      reason: 'nameNotUnique',
    });
  });

  test('is told from them by an address, at once', async () => {
    const { adapter } = await open([simulatedBattery(house, 'House'), simulatedBattery(van, 'House')]);
    expect(await adapter.find(van)).toMatchObject({ address: van });
  });

  test('means the battery where the other device is something else', async () => {
    const { adapter, source } = await open([simulatedBattery(house, 'House')]);
    const finding = adapter.find('House');
    await vi.advanceTimersByTimeAsync(0);
    source.central.sight(van, 'House', false);
    await vi.advanceTimersByTimeAsync(500);
    expect(await finding).toMatchObject({ address: house });
  });
});

test.each([
  [false, { address: house }],
  [true, { name: 'DeviceNotFoundError' }],
])(
  'the beginning of a name is enough at the end of a scan, unless it has to be whole: %s',
  async (whole, outcome) => {
    const { adapter } = await open([simulatedBattery(house, 'House')]);
    const finding = adapter.find('Hou', { timeout: 5000, whole }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await finding).toMatchObject(outcome);
  },
);

test('the beginning of several names means none of them: the error tells names and addresses', async () => {
  const { adapter } = await open([simulatedBattery(house, 'House_1'), simulatedBattery(van, 'House_2')]);
  const finding = adapter.find('House', { timeout: 5000 }).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(5000);
  expect(await finding).toMatchObject({
    name: 'DeviceNotFoundError',
    message: `"House" was not received within 5 s (the names of 2 devices begin so: House_1 (${house}), House_2 (${van}))`,
    hint: expect.stringMatching(/^give more of the name, or the address; .* held by another program/),
    reason: undefined,
  });
});

describe('a name that one battery has', () => {
  test('means it when no other was received for half a second', async () => {
    const { adapter } = await open([simulatedBattery(house, 'House'), simulatedBattery(van, 'Van')]);
    const finding = adapter.find('House');
    const found = vi.fn();
    void finding.then(found);
    await vi.advanceTimersByTimeAsync(499);
    expect(found).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(await finding).toMatchObject({ address: house });
  });

  test('means it at once when all batteries of the adapter were received', async () => {
    const { adapter, source } = await open([simulatedBattery(house, 'House'), simulatedBattery(van, 'Van')]);
    source.expected = 2;
    expect(await adapter.find('House')).toMatchObject({ address: house });
  });
});

describe('a link is made', () => {
  test('while the scan of others rests', async () => {
    const { adapter, source } = await open([simulatedBattery(house, 'House')]);
    background(adapter);
    await using battery = await adapter.open(house);
    expect(battery.address).toBe(house);
    expect(source.central.calls).toEqual(['scan', 'stop', `connect ${house}`, 'scan']);
  });

  test('while others scan, where the central can do both', async () => {
    const { adapter, source } = await open([simulatedBattery(house, 'House')], true);
    background(adapter);
    await using battery = await adapter.open(house);
    expect(battery.address).toBe(house);
    expect(source.central.calls).toEqual(['scan', `connect ${house}`]);
  });

  test('one at a time', async () => {
    let links = 0;
    let most = 0;
    const slow = (address: string): FakeBattery => ({
      address,
      name: address,
      connect: async () => {
        most = Math.max(most, ++links);
        await new Promise((resolve) => setTimeout(resolve, 1000));
        links--;
        throw new LinkError('no', 'no', { reason: 'connectFailed' });
      },
    });
    const { adapter } = await open([slow(house), slow(van)]);
    const opened = Promise.allSettled([adapter.open(house), adapter.open(van)]);
    await vi.advanceTimersByTimeAsync(5000);
    await opened;
    expect(most).toBe(1);
  });

  test('while those who wait for their turn may give up at once', async () => {
    const slow: FakeBattery = {
      address: house,
      connect: async () => {
        await pause(20_000);
        throw new LinkError('no', 'no', { reason: 'connectFailed' });
      },
    };
    const { adapter, source } = await open([slow, simulatedBattery(van, 'Van')]);
    const known = (address: string): Device => ({
      address,
      name: undefined,
      rssi: -60,
      likelihood: 'certain',
    });
    const first = adapter.open(known(house)).catch((error: unknown) => error);
    const gaveUp = new AbortController();
    const { signal } = gaveUp;
    const ended = vi.fn<(error: unknown) => void>();
    adapter.scan({ signal }).next().catch(ended);
    adapter.find('Van', { signal }).catch(ended);
    adapter.open(known(van), { signal }).catch(ended);
    await vi.advanceTimersByTimeAsync(1000);
    gaveUp.abort(new Error('enough'));
    await vi.advanceTimersByTimeAsync(0);
    expect(ended.mock.calls).toEqual([[signal.reason], [signal.reason], [signal.reason]]);
    await vi.advanceTimersByTimeAsync(19_000);
    await first;
    expect(source.central.calls).toEqual([`connect ${house}`]);
  });

  test.each([
    ['setupFailed', 2],
    ['noServices', 2],
    ['connectTimeout', 1],
    ['pairingRequired', 1],
  ] as const)('when it fails with %s it is tried %i times', async (reason, times) => {
    const { adapter, source } = await open([unreachableBattery(house, reason, 'House')]);
    await expect(adapter.open(house)).rejects.toMatchObject({ reason });
    expect(source.central.calls.filter((call) => call.startsWith('connect'))).toHaveLength(times);
  });
});

describe('an adapter that is reopened', () => {
  test('ends what goes on, and works with a new central', async () => {
    const { adapter, source } = await open([simulatedBattery(house, 'House')]);
    const { ended } = background(adapter);
    await vi.advanceTimersByTimeAsync(0);
    const before = adapter.gone;
    await adapter.reopen();
    expect(before.aborted).toBe(true);
    expect(await ended).toMatchObject({ reason: 'adapterGone' });
    expect(adapter.gone.aborted).toBe(false);
    expect(source.opened).toHaveLength(2);
    await using battery = await adapter.open(house);
    expect(battery.address).toBe(house);
  });

  test('stays gone when it cannot be opened, and can be tried again', async () => {
    const { adapter, source } = await open();
    source.failures.push(new AdapterError('there is no adapter fake', 'plug it in'));
    await expect(adapter.reopen()).rejects.toThrow('there is no adapter fake');
    expect(adapter.gone.aborted).toBe(true);
    await adapter.reopen();
    expect(adapter.gone.aborted).toBe(false);
  });
});

describe('an adapter that is closed', () => {
  test('closes its batteries, its central and its source', async () => {
    const { adapter, source } = await open([simulatedBattery(house, 'House')]);
    const battery = await adapter.open(house);
    const closing = adapter.close();
    await vi.advanceTimersByTimeAsync(1000);
    await closing;
    const asked = battery.deviceInfo().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await asked).toMatchObject({ reason: 'closedByUser' });
    expect(source.central.calls.at(-1)).toBe('close');
    expect(source.isClosed).toBe(true);
  });

  test('waits a second at most for a link that does not close', async () => {
    const link = (await simulatedBattery(house, 'House').connect()) satisfies Link;
    const stuck: FakeBattery = {
      address: house,
      name: 'House',
      connect: async () => Object.assign(link, { close: async () => await new Promise<never>(() => {}) }),
    };
    const { adapter, source } = await open([stuck]);
    await adapter.open(house);
    const closing = adapter.close();
    await vi.advanceTimersByTimeAsync(1000);
    await closing;
    expect(source.isClosed).toBe(true);
  });
});
