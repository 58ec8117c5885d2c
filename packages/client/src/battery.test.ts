import {
  acknowledge,
  deviceInfoJk02_32s,
  encode,
  encodeRequest,
  heartbeat,
  logbookJk02_32s,
  settingsJk02_32s,
  cellDataJk02_32s,
  type Values,
} from '@ubmsc/protocol';
import { LinkError, StaleDataError, UnknownDeviceError, type Link, type LinkEvents } from '@ubmsc/session';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Battery } from './battery.ts';

const supported = new Uint8Array(32).fill(0xff);
const deviceInfo = encode(deviceInfoJk02_32s, { model: 'JK_TEST', commandSupport: supported }).bytes;
const settings = encode(settingsJk02_32s, { cellCount: 4, enableFlags: new Uint8Array(9).fill(0xff) }).bytes;
const enableFlags = Uint8Array.of(0xfe, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const cellData = (frameCounter: number, changes: Partial<Values<typeof cellDataJk02_32s>> = {}): Uint8Array =>
  encode(cellDataJk02_32s, {
    frameCounter,
    sysRunTicks: frameCounter / 2,
    enableFlags,
    enabledCells: 3,
    cellVoltages: [3.3, 3.301],
    averageCellVoltage: 3.3,
    packVoltage: 6.601,
    packVoltage2: 6.6,
    ...changes,
  }).bytes;

const logbook = (...entries: readonly { timestamp: number; code: number }[]): Uint8Array =>
  encode(logbookJk02_32s, { entryCount: entries.length, check: entries.length - 1, entries }).bytes;
/** Device info without a map of commands, as devices of JK02_24S have it. */
const olderDeviceInfo = encode(deviceInfoJk02_32s, {
  model: 'JK_OLD',
  manufacturingDate: '210102',
  serialNumber: '1',
}).bytes;

/** A link whose other end is the test: it sees each request and sends what it likes. */
class TestLink implements Link {
  readonly address = 'C8:47:80:00:00:01';
  readonly name = 'TEST';
  readonly requests: number[] = [];
  events: LinkEvents | undefined;
  closed = 0;
  /** What follows each request, by its command. */
  answers: Record<number, readonly Uint8Array[]> = {
    0x97: [deviceInfo, acknowledge],
    0x96: [settings, acknowledge, cellData(0), cellData(1)],
  };

  listen(events: LinkEvents): void {
    this.events = events;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const command = bytes[4] ?? 0;
    this.requests.push(command);
    await Promise.resolve();
    for (const answer of this.answers[command] ?? []) this.events?.data(answer);
  }

  async close(): Promise<void> {
    this.closed++;
    await Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Lets the fake clock run until a promise settles, at most for a minute. */
async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const clock = { runs: true };
  const outcome = Promise.allSettled([promise]).finally(() => (clock.runs = false));
  for (let tick = 0; tick < 600 && clock.runs; tick++) await vi.advanceTimersByTimeAsync(100);
  const [result] = await outcome;
  return result;
}

async function value<T>(promise: Promise<T>): Promise<T> {
  const result = await settle(promise);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  const result = await settle(promise);
  return result.status === 'rejected' ? result.reason : new Error('it did not fail');
}

describe('a battery', () => {
  test('is asked for device info before anything else, and for settings to start its stream', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    expect((await value(battery.read())).cellVoltage).toEqual([3.3, 3.301]);
    expect(link.requests).toEqual([0x97, 0x96]);
  });

  test('is not asked in the first 300 ms, in which firmware misses a request', async () => {
    const link = new TestLink();
    const info = new Battery(link).deviceInfo();
    await vi.advanceTimersByTimeAsync(299);
    expect(link.requests).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(link.requests).toEqual([0x97]);
    await value(info);
  });

  test('is asked as soon as it has sent a heartbeat', async () => {
    const link = new TestLink();
    const info = new Battery(link).deviceInfo();
    await vi.advanceTimersByTimeAsync(100);
    link.events?.data(heartbeat);
    await vi.advanceTimersByTimeAsync(0);
    expect(link.requests).toEqual([0x97]);
    await value(info);
  });

  test('is not asked sooner for bytes that are not understood', async () => {
    const link = new TestLink();
    const info = new Battery(link).deviceInfo();
    link.events?.data(Uint8Array.from([1, 2, 3]));
    await vi.advanceTimersByTimeAsync(299);
    expect(link.requests).toEqual([]);
    await value(info);
  });

  test('is asked for its device info once in a session', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.deviceInfo());
    expect((await value(battery.deviceInfo())).deviceModel).toBe('JK_TEST');
    expect(link.requests).toEqual([0x97]);
  });

  test('is left in peace while its readings come', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.read());
    for (let counter = 2; counter < 10; counter++) {
      const reading = battery.read();
      await vi.advanceTimersByTimeAsync(500);
      link.events?.data(cellData(counter));
      expect((await value(reading)).source.counter).toBe(counter);
    }
    expect(link.requests).toEqual([0x97, 0x96]);
  });

  test('that sends faster than it is read gives the latest reading', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.read());
    for (let counter = 2; counter < 10; counter++) link.events?.data(cellData(counter));
    expect((await value(battery.read())).source.counter).toBe(9);
  });

  test('gives no reading that is old', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.read());
    link.events?.data(cellData(2));
    await vi.advanceTimersByTimeAsync(10_000);
    const reading = battery.read();
    await vi.advanceTimersByTimeAsync(100);
    // Ten seconds later a device has counted twenty records.
    link.events?.data(cellData(22));
    expect((await value(reading)).source.counter).toBe(22);
  });

  test('that misses the first request is asked again', async () => {
    const link = new TestLink();
    const { answers } = link;
    link.answers = {};
    const battery = new Battery(link, { requestTimeout: 1000 });
    const info = battery.deviceInfo();
    await vi.advanceTimersByTimeAsync(1000);
    link.answers = answers;
    expect((await value(info)).deviceModel).toBe('JK_TEST');
    expect(link.requests).toEqual([0x97, 0x97]);
  });

  test('whose stream does not start is asked for both records once more', async () => {
    const link = new TestLink();
    link.answers[0x96] = [settings, acknowledge];
    const battery = new Battery(link);
    expect(await failure(battery.read())).toMatchObject({ message: 'TEST sent no cell data within 3 s' });
    expect(link.requests).toEqual([0x97, 0x96, 0x97, 0x96, 0x97, 0x96, 0x97, 0x96]);
  });

  test('that stays silent ends in a LinkError that says what is missing', async () => {
    const link = new TestLink();
    link.answers = {};
    const error = await failure(new Battery(link).deviceInfo());
    expect(error).toBeInstanceOf(LinkError);
    expect(error).toMatchObject({ message: 'TEST sent no device info within 5 s' });
  });

  test('that speaks something else is not a JK, and the error shows how its bytes begin', async () => {
    const link = new TestLink();
    link.answers = { 0x97: [Uint8Array.of(0x7e, 0xa1, 0x11, 0, 0, 0), new Uint8Array(2000)] };
    const error = await failure(new Battery(link).deviceInfo());
    expect(error).toBeInstanceOf(UnknownDeviceError);
    expect(String(error)).toContain('7e a1 11');
  });

  test('that answers every request with a few bytes of something else is not a JK', async () => {
    const link = new TestLink();
    link.answers = { 0x97: [Uint8Array.of(0x7e, 0xa1, 0x11, 0, 0, 0, 0, 0, 0xaa, 0x55)] };
    const error = await failure(new Battery(link).deviceInfo());
    expect(error).toBeInstanceOf(UnknownDeviceError);
  });

  test('whose first bytes are the rest of a record is not taken for something else', async () => {
    const link = new TestLink();
    link.answers = {};
    const battery = new Battery(link);
    link.events?.data(cellData(1).slice(200));
    const error = await failure(battery.deviceInfo());
    expect(error).not.toBeInstanceOf(UnknownDeviceError);
    expect(error).toMatchObject({ message: 'TEST sent no device info within 5 s' });
  });

  test('that echoes what it is sent is not a JK, or wants to be paired', async () => {
    const link = new TestLink();
    link.answers = { 0x97: [encodeRequest(0x97)] };
    const error = await failure(new Battery(link).deviceInfo());
    expect(error).toBeInstanceOf(UnknownDeviceError);
    expect(String(error)).toContain('sends back');
  });

  test('whose layout cannot be told is refused rather than guessed, and the error says why', async () => {
    const link = new TestLink();
    link.answers[0x96] = [settings, acknowledge, cellData(1, { packVoltage: 20 })];
    const error = await failure(new Battery(link).read());
    expect(error).toBeInstanceOf(UnknownDeviceError);
    expect(String(error)).toContain('add up to 6.601 V');
  });

  test('shows no value that goes to 0 for one record, and one that stays there', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.read());
    const warm = { temperature1: 25 };
    const cold = { temperature1: 0 };
    for (const [counter, values] of [warm, cold, warm].entries())
      link.events?.data(cellData(2 + counter, values));
    expect((await value(battery.read())).batteryTemperature[0]).toBe(25);
    expect(battery.statistics.refused).toEqual({ flicker: 1 });
  });

  test('that repeats itself is not live, whatever it sends', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.read());
    for (let second = 0; second < 30; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      link.events?.data(cellData(1));
    }
    expect(await failure(battery.read())).toBeInstanceOf(StaleDataError);
  });

  test('whose record was cut off loses nothing of the next one', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.read());
    link.events?.data(cellData(2).subarray(0, 280));
    await vi.advanceTimersByTimeAsync(1500);
    link.events?.data(cellData(3));
    expect(battery.statistics).toMatchObject({ frames: 5, discarded: { truncated: 280 } });
  });

  test('counts what it was sent', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.read());
    link.events?.data(cellData(2).with(100, 1));
    link.events?.data(cellData(3));
    expect(battery.statistics).toEqual({
      frames: 5,
      checksumErrors: 1,
      refused: {},
      doubted: {},
      discarded: { checksum: 300 },
    });
  });

  test('whose link is lost fails what waits and what comes after, with the reason', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.read());
    const waiting = failure(battery.read());
    const reason = new LinkError('the link was lost', 'try again');
    link.events?.lost(reason);
    expect(await waiting).toBe(reason);
    expect(await failure(battery.read())).toBe(reason);
  });

  test('ends a wait when its caller aborts', async () => {
    const link = new TestLink();
    const battery = new Battery(link);
    await value(battery.read());
    const controller = new AbortController();
    const waiting = failure(battery.read(controller.signal));
    controller.abort(new Error('enough'));
    expect(await waiting).toEqual(new Error('enough'));
  });

  test('that is about to stream is read by others when one of them gives up, who does not wait', async () => {
    const link = new TestLink();
    const answers = link.answers;
    link.answers = {};
    const battery = new Battery(link);
    const gaveUp = new AbortController();
    const first = failure(battery.read(gaveUp.signal));
    const second = battery.read();
    const third = failure(battery.read(gaveUp.signal));
    await vi.advanceTimersByTimeAsync(1000);
    gaveUp.abort(new Error('enough'));
    expect([await first, await third]).toEqual([new Error('enough'), new Error('enough')]);
    link.answers = answers;
    expect((await value(second)).cellVoltage).toEqual([3.3, 3.301]);
  });

  test('is not asked for what was given up while it was left alone', async () => {
    const link = new TestLink();
    const gaveUp = new AbortController();
    const asking = failure(new Battery(link).deviceInfo(gaveUp.signal));
    gaveUp.abort(new Error('enough'));
    expect(await asking).toEqual(new Error('enough'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(link.requests).toEqual([]);
  });

  test('closes its link when it is disposed of, once or more', async () => {
    const link = new TestLink();
    {
      await using battery = new Battery(link);
      await battery.close();
    }
    expect(link.closed).toBe(2);
  });

  test('gives the record of its settings with variant and time', async () => {
    const battery = new Battery(new TestLink());
    const { frame, variant, time } = await value(battery.settingsFrame());
    expect([frame.bytes, variant]).toEqual([settings, 'jk02-32s']);
    expect(Date.now() - time).toBeLessThan(1000);
    expect(await value(battery.settings())).toMatchObject({ cellCount: 4 });
  });

  test('writes no request but those that read', async () => {
    const link = new TestLink();
    link.answers[0xa1] = [logbook(), acknowledge];
    const written = vi.spyOn(link, 'write');
    const battery = new Battery(link);
    await value(battery.read());
    await value(battery.settings());
    await value(battery.logbook());
    const allowed = [0x96, 0x97, 0xa1].map((command) => encodeRequest(command));
    for (const [bytes] of written.mock.calls) expect(allowed).toContainEqual(bytes);
  });
});

describe('the logbook of a battery', () => {
  const runtime = 5000;
  const events = [
    { timestamp: 4000, code: 0x1d },
    { timestamp: 4100, code: 0x1e },
  ];
  const linkWith = (answer: readonly Uint8Array[]): TestLink => {
    const link = new TestLink();
    link.answers[0xa1] = answer;
    const cells = [0, 1].map((counter) => cellData(counter, { totalRuntime: runtime }));
    link.answers[0x96] = [settings, acknowledge, ...cells];
    return link;
  };

  test('is asked for after device info, and dated by the run time of the cell data', async () => {
    const link = linkWith([logbook(...events), acknowledge]);
    const entries = await value(new Battery(link).logbook());
    expect(link.requests).toEqual([0x97, 0xa1, 0x96]);
    const start = Math.round(Date.now() / 1000) - runtime;
    expect(entries.map(({ code, text }) => [code, text])).toEqual([
      [0x1d, 'cell under-voltage'],
      [0x1e, 'cell under-voltage cleared'],
    ]);
    for (const { timestamp, time } of entries)
      expect(Math.abs((time ?? NaN) / 1000 - start - timestamp)).toBeLessThan(2);
  });

  test('says the same when it is read again, and what was added', async () => {
    const link = linkWith([logbook(...events)]);
    const battery = new Battery(link);
    const first = await value(battery.logbook());
    await vi.advanceTimersByTimeAsync(700);
    link.events?.data(cellData(2, { totalRuntime: runtime }));
    expect(await value(battery.logbook())).toEqual(first);
    link.answers[0xa1] = [logbook(...events, { timestamp: 5000, code: 1 })];
    const third = await value(battery.logbook());
    expect(third.slice(0, 2)).toEqual(first);
    expect(third).toHaveLength(3);
    expect(link.requests).toEqual([0x97, 0xa1, 0x96, 0xa1, 0xa1]);
  });

  test('does not disturb who reads the battery', async () => {
    const battery = new Battery(linkWith([logbook(...events)]));
    await value(battery.logbook());
    expect((await value(battery.read())).upTime).toBe(runtime);
  });

  test('has no times when the battery sends no cell data', async () => {
    const link = linkWith([logbook(...events)]);
    link.answers[0x96] = [settings, acknowledge];
    expect(await value(new Battery(link).logbook())).toMatchObject([
      { timestamp: 4000, time: null },
      { timestamp: 4100, time: null },
    ]);
  });

  test('that a device does not send is an error that says so', async () => {
    const link = linkWith([]);
    const error = await failure(new Battery(link).logbook());
    expect(error).toBeInstanceOf(LinkError);
    expect(error).toMatchObject({ message: 'TEST keeps no logbook, or does not answer for it' });
    expect(link.requests).toEqual([0x97, 0xa1, 0xa1, 0xa1]);
  });

  test('is not asked for where the command may mean something else', async () => {
    const link = linkWith([]);
    link.answers[0x97] = [olderDeviceInfo];
    expect(await failure(new Battery(link).logbook())).toMatchObject({
      message: expect.stringContaining('TEST was not asked for its logbook'),
    });
    expect(link.requests).toEqual([0x97]);
  });

  test('ends with the link while its times are waited for', async () => {
    const link = linkWith([logbook(...events)]);
    link.answers[0x96] = [];
    const entries = failure(new Battery(link).logbook());
    await vi.advanceTimersByTimeAsync(1000);
    const reason = new LinkError('the link was lost', 'try again');
    link.events?.lost(reason);
    expect(await entries).toBe(reason);
  });
});
