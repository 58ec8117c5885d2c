import { readFileSync } from 'node:fs';
import { commands, encodeRequest, NotificationParser } from '@ubmsc/protocol';
import { excerpt, parseRecording, type Recording } from '@ubmsc/recording';
import type { LinkEvents } from '@ubmsc/session';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { simulatedLink } from '../carriers/simulated-link.ts';
import { RecordedDevice, type RecordedDeviceOptions } from './recorded-device.ts';
import { recordedAddresses } from './replay.ts';

const fixture = (name: string): Recording =>
  parseRecording(readFileSync(new URL(`../../../../fixtures/${name}.jsonl`, import.meta.url), 'utf8'));

const recording = fixture('jk02-24s-7.1');

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

/** A central of a recording: what it received, in words. */
function central(device: RecordedDevice, notificationSize?: number) {
  const link = simulatedLink(device, notificationSize === undefined ? {} : { notificationSize });
  const parser = new NotificationParser();
  const heard: string[] = [];
  let longest = 0;
  let lost = false;
  const events: LinkEvents = {
    data: (bytes) => {
      longest = Math.max(longest, bytes.length);
      for (const item of parser.push(bytes, performance.now()))
        heard.push(item.kind === 'frame' ? item.frame.record : item.kind);
    },
    lost: () => (lost = true),
  };
  link.listen(events);
  return {
    link,
    ask: async (command: number) => await link.write(encodeRequest(command)),
    take: () => heard.splice(0),
    get lost() {
      return lost;
    },
    get longest() {
      return longest;
    },
  };
}

async function begin(device: RecordedDevice, size?: number): Promise<ReturnType<typeof central>> {
  const one = central(device, size);
  await one.ask(commands.readDeviceInfo);
  await vi.advanceTimersByTimeAsync(400);
  await one.ask(commands.readSettings);
  await vi.advanceTimersByTimeAsync(1000);
  return one;
}

describe('a recorded battery', () => {
  const device = (options?: RecordedDeviceOptions): RecordedDevice => new RecordedDevice(recording, options);

  test('says nothing until it is asked, then what it has said', async () => {
    const one = central(device());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(one.take()).toEqual([]);
    await one.ask(commands.readDeviceInfo);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(one.take()).toEqual(['deviceInfo', 'request']);
    await one.ask(commands.readSettings);
    await vi.advanceTimersByTimeAsync(1000);
    expect(one.take()).toEqual(['settings', 'request', 'cellData']);
  });

  test('asked for settings alone skips what was asked before them', async () => {
    const one = central(device());
    await one.ask(commands.readSettings);
    await vi.advanceTimersByTimeAsync(1000);
    expect(one.take()).toEqual(['settings', 'request', 'cellData']);
  });

  test('answers what it is asked out of turn between two records', async () => {
    const one = await begin(device());
    one.take();
    await one.ask(commands.readDeviceInfo);
    await vi.advanceTimersByTimeAsync(1500);
    const heard = one.take();
    expect(heard.filter((record) => record === 'deviceInfo')).toHaveLength(1);
    expect(heard.filter((record) => record === 'cellData').length).toBeGreaterThan(2);
    expect(heard).not.toContain('discarded');
  });

  test('asked for what it never said is silent about that, and goes on', async () => {
    const one = await begin(device());
    one.take();
    await one.ask(commands.readLogbook);
    await one.ask(0x1d);
    await vi.advanceTimersByTimeAsync(1500);
    expect(new Set(one.take())).toEqual(new Set(['cellData']));
  });

  test('hangs up when the recording is over, and then plays it again', async () => {
    const battery = device();
    const one = await begin(battery);
    expect(battery.ended.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(20_000);
    expect([battery.ended.aborted, one.lost]).toEqual([true, true]);
    const another = await begin(battery);
    expect(another.take()).toEqual(['deviceInfo', 'request', 'settings', 'request', 'cellData']);
  });

  test('that loops goes on with its first cell data, and never ends', async () => {
    const battery = device({ loop: true });
    const one = await begin(battery);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([battery.ended.aborted, one.lost]).toEqual([false, false]);
    expect(one.take().filter((record) => record === 'cellData').length).toBeGreaterThan(100);
  });

  test('plays faster when it shall', async () => {
    const one = await begin(device({ speed: 10 }));
    await vi.advanceTimersByTimeAsync(500);
    expect(one.take().filter((record) => record === 'cellData').length).toBeGreaterThan(10);
  });

  test('cuts its notifications for a central that takes only short ones', async () => {
    const one = await begin(device(), 20);
    expect(one.longest).toBe(20);
    expect(one.take()).toContain('cellData');
  });

  test('lets one central in at a time', async () => {
    const battery = device();
    const one = await begin(battery);
    expect(() => central(battery)).toThrow('is connected to another central');
    await one.link.close();
    await begin(battery);
    expect(battery.report).toMatchObject({ connects: 2, beeps: 4, connected: true });
  });

  test('offers the ATT_MTU that its notifications need, and a serial stream in any case', () => {
    const { header, events } = recording;
    const bare = new RecordedDevice({ header: { ...header, mtu: undefined, gatt: undefined }, events });
    expect(bare.gatt.maxMtu).toBe(131);
    expect(bare.gatt.services.map(({ uuid }) => uuid)).toContain('ffe0');
  });
});

test('a recording of several links plays them one after the other, each to its end', async () => {
  const battery = new RecordedDevice(fixture('weak-cell'));
  for (let link = 1; link <= 3; link++) {
    const one = await begin(battery);
    await vi.advanceTimersByTimeAsync(26_000);
    expect(one.lost || battery.ended.aborted).toBe(true);
    expect(one.take().filter((record) => record === 'cellData').length).toBeGreaterThan(20);
    await one.link.close();
  }
  expect(battery.ended.aborted).toBe(true);
});

test('an excerpt has the opening of its link before it, and plays by itself', async () => {
  const part = excerpt(recording, 4000, 8000);
  expect(Date.parse(part.header.started) - Date.parse(recording.header.started)).toBe(4000);
  expect(part.events[0]?.ms).toBe((recording.events[0]?.ms ?? 0) - 4000);
  expect(part.events.at(-1)?.ms).toBeLessThanOrEqual(4000);
  const one = await begin(new RecordedDevice(part));
  await vi.advanceTimersByTimeAsync(3000);
  const heard = one.take();
  expect(heard.slice(0, 4)).toEqual(['deviceInfo', 'request', 'settings', 'request']);
  expect(heard.filter((record) => record === 'cellData').length).toBeGreaterThan(4);
});

test('recordings of the same battery have addresses of their own', () => {
  const same = recordedAddresses([recording, recording]);
  expect(same(0)).toBe(recording.header.device.address);
  expect(same(1)).not.toBe(same(0));
});
