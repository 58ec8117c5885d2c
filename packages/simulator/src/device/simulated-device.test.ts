import {
  cellDataJk02_32s,
  commands,
  decode,
  decodeReading,
  deviceInfoJk02_32s,
  encodeRequest,
  logCodeText,
  logbookJk02_32s,
  settingsJk02_32s,
  toDeviceInfo,
  toReading,
  type Values,
} from '@ubmsc/protocol';
import { LinkError } from '@ubmsc/session';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Recorder } from '../../test/test-recorder.ts';
import { deviceProfiles, type DeviceProfile } from './device-profiles.ts';
import { constantCurrent } from '../model/load-profile.ts';
import type { Session } from './session.ts';
import { SimulatedDevice, type SimulatedDeviceOptions } from './simulated-device.ts';

const firmware11 = deviceProfiles.JK_B2A20S20P;
const firmware14 = { ...deviceProfiles.JK_PB2A16S20P, softwareVersion: '14.20' };
const firmware15 = deviceProfiles.JK_BD4A8S4P;

/** The devices whose variant has all fields, and a logbook. */
const withMaps = Object.values<DeviceProfile>(deviceProfiles).filter(({ variant }) => variant === 'jk02-32s');

const readDeviceInfo = encodeRequest(commands.readDeviceInfo);
const readSettings = encodeRequest(commands.readSettings);
const readLogbook = encodeRequest(commands.readLogbook);

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

interface Connected {
  readonly device: SimulatedDevice;
  readonly session: Session;
  readonly central: Recorder;
}

const connect = (options: SimulatedDeviceOptions = {}, notificationSize?: number): Connected => {
  const device = new SimulatedDevice(options);
  const central = new Recorder(notificationSize);
  return { device, central, session: device.connect(central) };
};

/** Asks as a client does, and waits for `seconds` after the second request. */
const startStream = ({ session }: Connected, seconds: number): void => {
  session.receive(readDeviceInfo);
  vi.advanceTimersByTime(500);
  session.receive(readSettings);
  vi.advanceTimersByTime(seconds * 1000);
};

describe('answers', () => {
  it('0x97 is answered by device info, then by the acknowledge', () => {
    const { session, central } = connect();
    session.receive(readDeviceInfo);
    vi.advanceTimersByTime(1000);
    expect(central.answers).toEqual(['deviceInfo 0', 'acknowledge']);
  });

  it('0x96 is answered by settings, device info with a counter of its own, and the acknowledge', () => {
    const { session, central } = connect();
    session.receive(readSettings);
    vi.advanceTimersByTime(700);
    expect(central.answers).toEqual(['settings 0', 'deviceInfo 165', 'acknowledge']);
  });

  it('before firmware 14, 0x96 is answered by settings and the acknowledge alone', () => {
    const { session, central } = connect({ profile: firmware11 });
    session.receive(readSettings);
    vi.advanceTimersByTime(700);
    expect(central.answers).toEqual(['settings 0', 'acknowledge']);
  });

  it('come at the times of the reference trace', () => {
    const connected = connect();
    startStream(connected, 1.5);
    const times = connected.central.items.flatMap((item) => (item.kind === 'heartbeat' ? [] : [item.time]));
    const [deviceInfo, first, settings, again, second, cellData] = times;
    expect(deviceInfo).toBe(90 + 35);
    expect(first).toBe(260);
    expect(settings).toBe(500 + 50 + 35);
    expect(again).toBe(500 + 190 + 35);
    expect(second).toBe(500 + 380);
    expect(cellData).toBe(500 + 380 + 360 + 35);
  });

  it('whatever is not a request of this device is ignored', () => {
    const { session, central } = connect({ profile: firmware11 });
    const wrongChecksum = readDeviceInfo.with(19, 0);
    session.receive(wrongChecksum);
    session.receive(readDeviceInfo.subarray(0, 19));
    session.receive(new Uint8Array(0));
    // Commands that the map of 11.288H does not name: its clock, a shut-down, a factory reset.
    for (const command of [0x6c, 0x65, 0x9d])
      session.receive(encodeRequest(command, Uint8Array.of(1, 0, 0, 0)));
    vi.advanceTimersByTime(5000);
    expect(central.chunks).toEqual([]);
  });

  it('any bytes leave the stream whole', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 24 })), (writes) => {
        const connected = connect();
        for (const bytes of writes) connected.session.receive(bytes);
        startStream(connected, 3);
        expect(connected.central.items.filter((item) => item.kind === 'discarded')).toEqual([]);
        expect(connected.central.frames.at(-1)?.record).toBe('cellData');
        connected.session.close();
      }),
      { numRuns: 25 },
    );
  });
});

describe('the stream of cell data', () => {
  it('starts only after 0x97 and 0x96 on firmware 15', () => {
    const { session, central } = connect({ profile: firmware15 });
    session.receive(readSettings);
    vi.advanceTimersByTime(5000);
    expect(central.answers.filter((answer) => answer.startsWith('cellData'))).toEqual([]);
    session.receive(readDeviceInfo);
    vi.advanceTimersByTime(5000);
    expect(central.answers.filter((answer) => answer.startsWith('cellData'))).toEqual([]);
    session.receive(readSettings);
    vi.advanceTimersByTime(1000);
    expect(central.answers.at(-1)).toBe('cellData 0');
  });

  it.each([firmware11, firmware14])('starts after 0x96 alone on firmware $softwareVersion', (profile) => {
    const { session, central } = connect({ profile });
    session.receive(readSettings);
    vi.advanceTimersByTime(1000);
    expect(central.answers.at(-1)).toBe('cellData 0');
  });

  it('comes every 0.54 s and counts records modulo 256', () => {
    const connected = connect();
    startStream(connected, 0.83 + 0.54 * 260);
    const data = connected.central.items.filter(
      (item) => item.kind === 'frame' && item.frame.record === 'cellData',
    );
    const counters = connected.central.frames.filter(({ record }) => record === 'cellData');
    expect(counters.map(({ counter }) => counter)).toEqual(counters.map((_, index) => index % 256));
    expect(counters.length).toBeGreaterThanOrEqual(260);
    const gaps = data.slice(1).map((item, index) => item.time - (data[index]?.time ?? NaN));
    expect(new Set(gaps)).toEqual(new Set([540]));
  });

  it('survives another 0x96', () => {
    const connected = connect();
    startStream(connected, 2);
    const before = connected.central.frames.length;
    connected.session.receive(readSettings);
    vi.advanceTimersByTime(5000);
    const cellData = connected.central.frames.slice(before).filter(({ record }) => record === 'cellData');
    expect(cellData.length).toBeGreaterThan(6);
  });

  it('ends with the connection, and the next one has to ask again', () => {
    const connected = connect({ profile: firmware15 });
    startStream(connected, 2);
    connected.session.close();
    expect(vi.getTimerCount()).toBe(0);
    const next = new Recorder();
    const session = connected.device.connect(next);
    session.receive(readSettings);
    vi.advanceTimersByTime(5000);
    expect(next.answers).toEqual(['settings 3', 'deviceInfo 165', 'acknowledge']);
  });
});

describe('fragments', () => {
  const dataSizes = ({ central }: Connected): number[] => central.sizes.filter((size) => size !== 4);

  it.each([
    [128, [128, 22, 128, 22, 24]],
    [20, [20, 20, 20, 20, 20, 20, 20, 10, 20, 20, 20, 20, 20, 20, 20, 10, 20]],
    [244, [150, 150, 24]],
  ])('a record comes in two bursts of 150 bytes, cut to notifications of %i bytes', (size, expected) => {
    // A seed with which no heartbeat sticks to the first record.
    const connected = connect({ seed: 2 }, size);
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(300);
    expect(dataSizes(connected)).toEqual(expected);
  });

  it('without heartbeats, the acknowledge comes alone', () => {
    const connected = connect({ profile: firmware11 });
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(1000);
    expect(connected.central.sizes).toEqual([128, 22, 128, 22, 20]);
  });

  it('heartbeats come every 0.2 s from the connection on while the line is idle', () => {
    const { central } = connect();
    vi.advanceTimersByTime(1050);
    expect(central.chunks.map(({ time }) => time)).toEqual([200, 400, 600, 800, 1000]);
  });

  it('heartbeats stick sometimes to the front of a record and sometimes to its end, and tear none apart', () => {
    const connected = connect();
    startStream(connected, 60);
    const glued = connected.central.chunks.filter(({ bytes }) => bytes.length === 26);
    const inFront = connected.central.chunks.filter(({ bytes }) => bytes.length > 4 && bytes[0] === 0x41);
    expect(inFront.length).toBeGreaterThan(0);
    expect(glued.length).toBeGreaterThan(inFront.length);
    expect(connected.central.items.filter((item) => item.kind === 'discarded')).toEqual([]);
  });
});

describe('cell data', () => {
  const read = (connected: Connected): Values<typeof cellDataJk02_32s> => {
    const frame = connected.central.frames.findLast(({ record }) => record === 'cellData');
    if (!frame) throw new Error('no cell data came');
    return decode(cellDataJk02_32s, frame);
  };

  it.each(withMaps)('of a $model is consistent in itself', (profile) => {
    const connected = connect({ profile, speed: 600 });
    startStream(connected, 60);
    const values = read(connected);
    const cells = values.cellVoltages.slice(0, profile.cells);
    const sum = cells.reduce((total, cell) => total + Math.round(cell * 1000), 0);
    expect(Math.round(values.packVoltage * 1000)).toBe(sum);
    expect(values.cellVoltages.slice(profile.cells).every((cell) => cell === 0)).toBe(true);
    expect(values.enabledCells).toBe(2 ** profile.cells - 1);
    expect(values.averageCellVoltage).toBeCloseTo(sum / profile.cells / 1000, 2);
    expect(values.deltaCellVoltage).toBeCloseTo(Math.max(...cells) - Math.min(...cells), 9);
    expect(cells[values.maxCellIndex]).toBe(Math.max(...cells));
    expect(cells[values.minCellIndex]).toBe(Math.min(...cells));
    expect(Math.abs(values.packVoltage2 - values.packVoltage)).toBeLessThan(0.0051);
    expect(values.temperature3).toBe(values.mosTemperature);
    expect(values.reserved216).toBe(1);
    expect(values.enableFlags[0]).toBe(0xfe);
  });

  it.each(Object.values(deviceProfiles))('of a $model is that of its battery', (profile) => {
    const device = new SimulatedDevice({ profile });
    const reading = decodeReading(device.cellData(), profile.variant, 0);
    const { state } = device.model;
    expect(reading.cellVoltage).toEqual(state.cellVoltages);
    expect(reading.batteryVoltage).toBeCloseTo(state.packVoltage, 9);
    const isBalancer = profile.variant === 'jk04';
    expect(reading.batteryCurrent).toBe(isBalancer ? null : state.packCurrent);
    expect(reading.remainPercent).toBe(isBalancer ? null : state.stateOfCharge);
    expect(reading.mosfetTemperature).toBe(isBalancer ? null : state.mosTemperature);
  });

  it('is reported as it was sent last', () => {
    const device = new SimulatedDevice();
    expect(device.report.latest).toBeUndefined();
    device.cellData();
    const sent = decodeReading(device.cellData(), device.variant, 0);
    expect(device.report.latest).toEqual({ ...sent, source: { ...sent.source, time: expect.any(Number) } });
  });

  it('statistics can lag one record behind the cells', () => {
    const load = (time: number): { current: number } => ({ current: 30 * Math.sin(time) });
    const connected = connect({ laggingStatistics: true, battery: { load } });
    startStream(connected, 20);
    const records = connected.central.frames
      .filter(({ record }) => record === 'cellData')
      .map((frame) => decode(cellDataJk02_32s, frame));
    const means = records.map(({ packVoltage }) => Math.round((packVoltage * 1000) / 4) / 1000);
    const reported = records.map(({ averageCellVoltage }) => averageCellVoltage);
    expect(reported.slice(1)).toEqual(means.slice(0, -1));
    expect(reported).not.toEqual(means);
  });

  it('absent probes are absent, and 0 on firmware that does not know them', () => {
    const temperatures = (
      profile: (typeof deviceProfiles)[keyof typeof deviceProfiles],
    ): (number | null)[] => {
      const connected = connect({ profile });
      startStream(connected, 2);
      const { temperature1, temperature4, temperature5 } = read(connected);
      return [temperature1, temperature4, temperature5];
    };
    expect(temperatures(deviceProfiles.JK_BD4A8S4P)).toEqual([expect.any(Number), null, null]);
    expect(temperatures(deviceProfiles.JK_B2A20S20P)).toEqual([expect.any(Number), 0, 0]);
    expect(temperatures(deviceProfiles.JK_PB2A16S20P)).not.toContain(null);
  });

  it('shows the alarms: a full battery, a wrong cell count, the default passcode', () => {
    const connected = connect({
      battery: { load: constantCurrent(40), stateOfCharge: 99 },
      settings: { cellCount: 8 },
      info: { settingsPasscode: '123456' },
      speed: 600,
    });
    startStream(connected, 5);
    const reading = toReading(read(connected), { variant: 'jk02-32s', counter: 0, time: 0 });
    expect(reading.alarms).toEqual(['cellCountMismatch', 'cellOverVoltage', 'changePassword']);
    expect(reading).toMatchObject({ chargeMosfet: false, dischargeMosfet: true, remainPercent: 100 });
  });

  it('the battery lives faster than the radio by the factor of speed', () => {
    const slow = connect({ battery: { load: constantCurrent(-10) } });
    const fast = connect({ battery: { load: constantCurrent(-10) }, speed: 60 });
    startStream(slow, 0.9);
    const { totalRuntime } = read(slow);
    startStream(fast, 0.9);
    const before = read(fast);
    vi.advanceTimersByTime(36_000 - (36_000 % 540));
    const after = read(fast);
    expect(after.totalRuntime - before.totalRuntime).toBeGreaterThan(35 * 60);
    expect(before.remainingCapacity - after.remainingCapacity).toBeCloseTo(
      (10 * (after.sysRunTicks - before.sysRunTicks)) / 3600,
      2,
    );
    expect(after.rtc - before.rtc).toBeCloseTo(after.totalRuntime - before.totalRuntime, -1);
    expect(read(slow).totalRuntime - totalRuntime).toBeLessThan(40);
  });
});

describe('device info', () => {
  it('says who the device is; the serial number has three zeros after its NUL', () => {
    const { session, central } = connect();
    session.receive(readDeviceInfo);
    vi.advanceTimersByTime(500);
    const [frame] = central.frames;
    if (!frame) throw new Error('no device info came');
    const fields = decode(deviceInfoJk02_32s, frame);
    expect(fields.serialNumber).toMatch(/^\d{11}.000$/s);
    expect(fields.totalRuntime % 300).toBe(0);
    expect(toDeviceInfo(fields)).toMatchObject({
      deviceModel: 'JK_BD4A8S4P',
      hardwareVersion: '15A',
      softwareVersion: '15.26',
      deviceName: 'UPS_BMS',
      devicePasscode: 'LEAKME-DEVICE',
      setupPasscode: 'LEAKME-SETTINGS',
    });
  });
});

describe('register write', () => {
  const settingsOf = (connected: Connected): Values<typeof settingsJk02_32s> => {
    connected.session.receive(readSettings);
    vi.advanceTimersByTime(1000);
    const frame = connected.central.frames.findLast(({ record }) => record === 'settings');
    if (!frame) throw new Error('no settings came');
    return decode(settingsJk02_32s, frame);
  };

  it('is stored and acknowledged, and the battery obeys', () => {
    const connected = connect({ battery: { load: constantCurrent(-10) } });
    connected.session.receive(encodeRequest(0x1e, Uint8Array.of(0, 0, 0, 0)));
    vi.advanceTimersByTime(150);
    expect(connected.central.answers).toEqual(['acknowledge']);
    expect(settingsOf(connected).dischargeSwitch).toBe(0);
    connected.device.model.advance(1);
    expect(connected.device.model.state).toMatchObject({ dischargeMosOn: false, packCurrent: 0 });
  });

  it('of a control changes its bit', () => {
    const connected = connect();
    connected.session.receive(encodeRequest(0x2d, Uint8Array.of(1, 0, 0, 0)));
    expect(settingsOf(connected).controls).toBe(1 << 6);
  });

  it('of the clock sets it', () => {
    const connected = connect();
    connected.session.receive(encodeRequest(0x6c, Uint8Array.of(0, 0, 0, 0x10)));
    startStream(connected, 1);
    const frame = connected.central.frames.findLast(({ record }) => record === 'cellData');
    const rtc = frame ? decode(cellDataJk02_32s, frame).rtc : NaN;
    expect(rtc - 0x1000_0000).toBeGreaterThanOrEqual(0);
    expect(rtc - 0x1000_0000).toBeLessThan(3);
  });

  it('that the device does not support changes nothing and is not answered', () => {
    const connected = connect();
    const before = settingsOf(connected);
    const answers = connected.central.answers.length;
    connected.session.receive(encodeRequest(0x3b, Uint8Array.of(7)));
    vi.advanceTimersByTime(1000);
    expect(connected.central.answers).toHaveLength(answers);
    expect(settingsOf(connected)).toEqual(before);
  });
});

describe('the logbook', () => {
  const logbookOf = (connected: Connected): Values<typeof logbookJk02_32s> => {
    connected.session.receive(readLogbook);
    vi.advanceTimersByTime(300);
    const frame = connected.central.frames.findLast(({ record }) => record === 'logbook');
    if (!frame) throw new Error('no logbook came');
    return decode(logbookJk02_32s, frame);
  };
  /** What was noted since the device was switched on, as text and run time since then. */
  const news = (connected: Connected): readonly (readonly [string, number])[] => {
    const { entries, entryCount } = logbookOf(connected);
    const noted = entries.slice(0, entryCount);
    const boot = noted.findLastIndex(({ code }) => code === 0x01);
    const start = noted[boot]?.timestamp ?? NaN;
    return noted
      .slice(boot + 1)
      .map(({ code, timestamp }) => [logCodeText(code), timestamp - start] as const);
  };

  it('is the answer to 0xA1, followed by the acknowledge', () => {
    const { session, central } = connect();
    session.receive(readLogbook);
    vi.advanceTimersByTime(1000);
    expect(central.answers).toEqual(['logbook 0', 'acknowledge']);
  });

  it('is not there on a device that does not know the command', () => {
    const { session, central } = connect({ profile: { ...firmware11, commandSupport: '02-24 96-97' } });
    session.receive(readLogbook);
    vi.advanceTimersByTime(1000);
    expect(central.chunks).toEqual([]);
  });

  it.each(withMaps)(
    'of a new $model shows earlier events, oldest first, and that it was switched on',
    (profile) => {
      const { entries, entryCount, check } = logbookOf(connect({ profile }));
      expect(check).toBe(entryCount - 1);
      const noted = entries.slice(0, entryCount);
      const times = noted.map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(noted.map(({ code }) => logCodeText(code))).toEqual([
        'boot',
        `${profile.chemistry} preset loaded`,
        'cell over-charge',
        'cell over-charge cleared',
        'charge under-temperature',
        'charge under-temperature cleared',
        'power-off by button',
        'boot',
      ]);
    },
  );

  it('dates its entries by the run time that cell data shows', () => {
    const connected = connect();
    startStream(connected, 2);
    connected.session.receive(encodeRequest(0x1d, Uint8Array.of(0, 0, 0, 0)));
    const { entries, entryCount } = logbookOf(connected);
    const frame = connected.central.frames.findLast(({ record }) => record === 'cellData');
    const runtime = frame ? decode(cellDataJk02_32s, frame).totalRuntime : NaN;
    expect(Math.abs(runtime - (entries[entryCount - 1]?.timestamp ?? NaN))).toBeLessThanOrEqual(1);
  });

  it('notes switches that are turned, once, and the clock', () => {
    const connected = connect();
    for (const [register, value] of [
      [0x1d, 0],
      [0x1d, 0],
      [0x1d, 1],
      [0x1e, 0],
      [0x1e, 1],
      [0x1f, 0],
      [0x6c, 9],
    ] as const)
      connected.session.receive(encodeRequest(register, Uint8Array.of(value, 0, 0, 0)));
    expect(news(connected).map(([text]) => text)).toEqual([
      'charge switched off by app',
      'charge switched on by app',
      'discharge switched off by app',
      'discharge switched on by app',
      'clock set',
    ]);
  });

  it('notes when a protection begins and when it ends, though nobody looked', () => {
    const load = (time: number): { current: number } => ({ current: time < 10 * 3600 + 7200 ? 40 : -40 });
    const connected = connect({ battery: { load, stateOfCharge: 95 }, speed: 3600 });
    vi.advanceTimersByTime(3000);
    const noted = news(connected);
    expect(noted.slice(0, 2).map(([text]) => text)).toEqual(['cell over-charge', 'cell over-charge cleared']);
    const [begin = NaN, end = NaN] = noted.map(([, time]) => time);
    expect(begin).toBeGreaterThan(0);
    expect(begin).toBeLessThan(end);
    expect(end).toBeLessThan(3 * 3600);
  });

  it('notes a protection that is active from the start', () => {
    const connected = connect({ battery: { ambientTemperature: -20, load: constantCurrent(0) } });
    expect(news(connected)).toEqual([['charge under-temperature', 0]]);
  });

  it('keeps the latest 50 events', () => {
    const connected = connect();
    for (let turn = 0; turn < 60; turn++)
      connected.session.receive(encodeRequest(0x1d, Uint8Array.of(turn & 1, 0, 0, 0)));
    const { entries, entryCount, check } = logbookOf(connected);
    expect([entryCount, check]).toEqual([50, 49]);
    expect(new Set(entries.map(({ code }) => code))).toEqual(new Set([0x03, 0x04]));
    expect(entries.at(-1)?.code).toBe(0x04);
  });
});

describe('connections', () => {
  it('a second central is refused until the first one has left', () => {
    const { device, session } = connect();
    expect(() => device.connect(new Recorder())).toThrow(LinkError);
    session.close();
    expect(device.connected).toBe(false);
    device.connect(new Recorder()).close();
  });

  it('the device can end the connection, and tells the reason once', () => {
    const { device, central, session } = connect();
    const reason = new Error('switched off');
    device.disconnect(reason);
    device.disconnect(reason);
    session.receive(readDeviceInfo);
    vi.advanceTimersByTime(5000);
    expect(central.losses).toEqual([reason]);
    expect(central.chunks).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
