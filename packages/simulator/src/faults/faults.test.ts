import {
  alarms,
  cellDataJk02_32s,
  cellFields,
  commands,
  decode,
  decodeReading,
  deviceInfoJk02_32s,
  encodeRequest,
  FRAME_HEADER,
  judge,
  sum8,
  variants,
  type Values,
} from '@ubmsc/protocol';
import { UsageError } from '@ubmsc/base';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Recorder } from '../../test/test-recorder.ts';
import { deviceProfiles } from '../device/device-profiles.ts';
import { faults, listFaults, parseFaults, type FaultRow } from './faults.ts';
import type { Session } from '../device/session.ts';
import { SimulatedDevice, type SimulatedDeviceOptions } from '../device/simulated-device.ts';

const readDeviceInfo = encodeRequest(commands.readDeviceInfo);
const readSettings = encodeRequest(commands.readSettings);

/** Firmware without heartbeats: what comes is what was asked for. */
const quiet = { profile: deviceProfiles.JK_B2A20S20P };

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

interface Connected {
  readonly central: Recorder;
  readonly session: Session;
}

const connect = (specs: readonly string[], options: SimulatedDeviceOptions = quiet): Connected => {
  const central = new Recorder();
  const device = new SimulatedDevice({ ...options, faults: parseFaults(specs) });
  return { central, session: device.connect(central) };
};

const ask = ({ session }: Connected, seconds: number): void => {
  session.receive(readSettings);
  vi.advanceTimersByTime(seconds * 1000);
};

/** What a central gets within ten seconds from a device with faults, when it asks as a client does. */
const stream = (specs: readonly string[], options: SimulatedDeviceOptions = quiet): Recorder => {
  const connected = connect(specs, options);
  connected.session.receive(readDeviceInfo);
  vi.advanceTimersByTime(500);
  ask(connected, 10);
  connected.session.close();
  return connected.central;
};

const bytesOf = ({ chunks }: Recorder): Buffer => Buffer.concat(chunks.map(({ bytes }) => bytes));

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const cellData = ({ frames }: Recorder): Values<typeof cellDataJk02_32s>[] =>
  frames.flatMap((frame) => (frame.record === 'cellData' ? [decode(cellDataJk02_32s, frame)] : []));

const countOf = ({ items }: Recorder, kind: string): number =>
  items.filter((item) => item.kind === kind || (item.kind === 'discarded' && item.reason === kind)).length;

const counters = (central: Recorder): number[] => cellData(central).map(({ frameCounter }) => frameCounter);

const sound = (): Recorder => stream([]);

/** How many bytes differ. */
const differences = (one: Buffer, other: Buffer): number =>
  one.filter((byte, at) => byte !== other[at]).length;

describe('without faults', () => {
  it('the stream is whole', () => {
    const central = sound();
    expect(countOf(central, 'discarded')).toBe(0);
    expect(counters(central)).toEqual(Array.from({ length: 18 }, (_, index) => index));
  });

  it('neither an empty set nor faults that never strike change a byte', () => {
    const idle = ['dup-notify=0', 'crc-rate=0', 'truncate=0', 'drop-notify=0', 'freeze=1000'];
    const options = { profile: deviceProfiles.JK_BD4A8S4P };
    const central = stream([], options);
    const struck = stream(idle, options);
    expect(hex(bytesOf(struck))).toBe(hex(bytesOf(central)));
  });
});

describe('requests', () => {
  it('lost-request: the first ones of each link are lost', () => {
    const connected = connect(['lost-request=2']);
    connected.session.receive(readDeviceInfo);
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(1000);
    expect(connected.central.chunks).toEqual([]);
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(1000);
    expect(connected.central.answers).toEqual(['deviceInfo 0', 'acknowledge']);
  });

  it.each(['impostor=uart', 'pairing=echo'])('%s: what is written comes back, and nothing else', (spec) => {
    const { central, session } = connect([spec]);
    session.receive(readDeviceInfo);
    vi.advanceTimersByTime(5000);
    expect(central.chunks.map(({ bytes }) => hex(bytes))).toEqual([hex(readDeviceInfo)]);
  });

  it('impostor=ant: every answer begins with 7E A1, and there are no heartbeats', () => {
    const { central, session } = connect(['impostor=ant'], {});
    session.receive(readDeviceInfo);
    vi.advanceTimersByTime(5000);
    expect(hex(bytesOf(central))).toMatch(/^7ea1.{16}$/);
  });

  it('firmware=v19: 0x96 alone starts no stream, after 0x97 it does', () => {
    const connected = connect(['firmware=v19']);
    ask(connected, 5);
    expect(connected.central.frames.map(({ record }) => record)).toEqual(['settings', 'deviceInfo']);
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(500);
    ask(connected, 5);
    expect(cellData(connected.central).length).toBeGreaterThan(3);
  });
});

describe('requests', () => {
  it('no-answer: that request is never answered, others are', () => {
    const connected = connect(['no-answer=0x97']);
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(2000);
    expect(connected.central.chunks).toEqual([]);
    ask(connected, 2);
    expect(connected.central.answers).toContain('settings 0');
    expect(stream(['no-answer']).chunks).toEqual([]);
  });

  it('answer-at-once: the answers come at 0 ms', () => {
    const connected = connect(['answer-at-once']);
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(0);
    expect(connected.central.chunks.length).toBeGreaterThan(0);
    vi.advanceTimersByTime(100);
    expect(connected.central.answers).toEqual(['deviceInfo 0', 'acknowledge']);
  });
});

describe('the stream', () => {
  it('cadence: cell data comes in that time', () => {
    const central = stream(['cadence=5000']);
    expect(counters(central)).toEqual([0, 1]);
    expect(counters(stream(['cadence=250'])).length).toBeGreaterThan(30);
  });

  it('crosstalk: records are damaged only while two devices stream', () => {
    const [chosen] = parseFaults(['crosstalk=1']);
    if (!chosen) throw new Error('there is no such fault');
    const devices = [1, 2].map((seed) => new SimulatedDevice({ ...quiet, seed, faults: [chosen] }));
    const centrals = devices.map(() => new Recorder());
    const sessions = devices.map((device, index) => device.connect(centrals[index] ?? new Recorder()));
    sessions[0]?.receive(readSettings);
    vi.advanceTimersByTime(5000);
    expect(centrals.map((central) => countOf(central, 'checksum'))).toEqual([0, 0]);
    sessions[1]?.receive(readSettings);
    vi.advanceTimersByTime(5000);
    expect(centrals.every((central) => countOf(central, 'checksum') > 0)).toBe(true);
    sessions[0]?.close();
    vi.advanceTimersByTime(4000);
    const before = countOf(centrals[1] ?? new Recorder(), 'checksum');
    vi.advanceTimersByTime(5000);
    expect(centrals[1] && countOf(centrals[1], 'checksum')).toBe(before);
  });

  it('mute-after: nothing goes through any more in either direction, and the link stays', () => {
    const connected = connect(['mute-after=3'], {});
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(500);
    ask(connected, 10);
    expect(cellData(connected.central)).toHaveLength(3);
    const before = connected.central.chunks.length;
    connected.session.receive(readDeviceInfo);
    ask(connected, 10);
    expect(connected.central.chunks).toHaveLength(before);
    expect(connected.central.losses).toEqual([]);
  });

  it('stop-after: the stream stops until 0x96 comes again', () => {
    const connected = connect(['stop-after=2']);
    ask(connected, 10);
    expect(cellData(connected.central)).toHaveLength(2);
    ask(connected, 10);
    expect(cellData(connected.central)).toHaveLength(4);
  });

  it('truncate-forever: a record ends inside, then silence until 0x96 comes again', () => {
    const connected = connect(['truncate-forever'], {});
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(500);
    ask(connected, 10);
    const { chunks } = connected.central;
    expect(chunks.at(-1)?.time).toBeLessThan(2000);
    expect(cellData(connected.central)).toEqual([]);
    ask(connected, 1);
    expect(chunks.at(-1)?.time).toBeGreaterThan(10_000);
  });

  it('write-pauses-stream: a request while it streams stops it for that time', () => {
    const connected = connect(['write-pauses-stream=5']);
    ask(connected, 2);
    const before = cellData(connected.central).length;
    connected.session.receive(readDeviceInfo);
    vi.advanceTimersByTime(4900);
    expect(cellData(connected.central)).toHaveLength(before);
    vi.advanceTimersByTime(2000);
    expect(cellData(connected.central).length).toBeGreaterThan(before + 1);
  });

  it('freeze: the same record comes again and again; freeze-payload: only its counter goes on', () => {
    const frozen = stream(['freeze=2']);
    expect(counters(frozen)).toEqual([0, 1, ...Array<number>(16).fill(2)]);
    expect(new Set(cellData(frozen).map(({ sysRunTicks }) => sysRunTicks)).size).toBe(3);
    const counting = stream(['freeze-payload=2']);
    expect(counters(counting)).toEqual(counters(sound()));
    expect(new Set(cellData(counting).map(({ sysRunTicks }) => sysRunTicks)).size).toBe(3);
  });

  it('start-offset: the stream begins inside a record', () => {
    const central = stream(['start-offset=256']);
    const [first] = central.items;
    expect(first).toMatchObject({ kind: 'discarded', reason: 'noise' });
    expect(first?.kind === 'discarded' && first.bytes.length).toBe(44);
    expect(central.frames[0]?.record).toBe('deviceInfo');
  });
});

describe('framing', () => {
  it('at-flood: heartbeats come at that pace, or after each notification', () => {
    expect(countOf(stream(['at-flood=100']), 'heartbeat')).toBeGreaterThan(90);
    const inline = stream(['at-flood=inline']).chunks.map(({ bytes }) => hex(bytes));
    expect(inline.filter((_, index) => index % 2 === 1)).toEqual(Array(inline.length / 2).fill('41540d0a'));
    const split = stream(['at-flood=split']).chunks.map(({ bytes }) => hex(bytes));
    expect(split.slice(4, 6)).toEqual(['4154', '0d0a']);
  });

  it.each([
    ['tail=4', 'heartbeat', 20],
    ['tail=20', 'request', 22],
  ])('%s: a %s follows each record', (spec, kind, count) => {
    expect(countOf(stream([spec]), kind)).toBe(count);
  });

  it('dup-notify: every notification comes twice; drop-notify: a share of them is lost', () => {
    const single = sound().chunks.map(({ bytes }) => hex(bytes));
    const double = stream(['dup-notify']).chunks.map(({ bytes }) => hex(bytes));
    expect(double).toEqual(single.flatMap((chunk) => [chunk, chunk]));
    const lossy = stream(['drop-notify=0.5']).chunks.length;
    expect(lossy).toBeGreaterThan(single.length * 0.3);
    expect(lossy).toBeLessThan(single.length * 0.7);
    expect(stream(['drop-notify=1']).chunks).toEqual([]);
  });

  it('tail=0: nothing sticks to a record', () => {
    expect(hex(bytesOf(stream(['tail=0'])))).toBe(hex(bytesOf(sound())));
  });

  it.each([
    ['ready=after-frame', (length: number): boolean => length === 42],
    ['ready=separate', (length: number): boolean => length === 20],
  ])('%s: an acknowledge comes with each cell data record', (spec, isPiece) => {
    const central = stream([spec]);
    expect(counters(central)).toEqual(counters(sound()));
    expect(countOf(central, 'request')).toBeGreaterThanOrEqual(2 + 17);
    expect(central.sizes.filter(isPiece).length).toBeGreaterThanOrEqual(17);
  });

  it('swap-notify: notifications come after the next one, and none is lost', () => {
    const central = stream(['swap-notify=0.5']);
    const chunks = (recorder: Recorder): string[] => recorder.chunks.map(({ bytes }) => hex(bytes));
    expect(chunks(central)).not.toEqual(chunks(sound()));
    expect(chunks(central).length).toBeGreaterThanOrEqual(chunks(sound()).length - 1);
    const whole = new Set(chunks(sound()));
    expect(chunks(central).every((chunk) => whole.has(chunk))).toBe(true);
  });

  it('glue: all records come, every second header in the middle of a notification', () => {
    const central = stream(['glue']);
    expect(counters(central)).toEqual(counters(sound()));
    const header = Buffer.from(FRAME_HEADER);
    const inside = central.chunks.filter(({ bytes }) => Buffer.from(bytes).indexOf(header) > 0);
    expect(inside).toHaveLength(9);
  });

  it('split-header: no notification holds a whole header, and no byte is lost', () => {
    const central = stream(['split-header']);
    expect(hex(bytesOf(central))).toBe(hex(bytesOf(sound())));
    expect(central.chunks.some(({ bytes }) => hex(bytes).includes('55aaeb90'))).toBe(false);
  });

  it('truncate: records are cut off by the next header', () => {
    const central = stream(['truncate=1']);
    expect(central.frames).toEqual([]);
    expect(bytesOf(central).length).toBe(150 * 20 + 2 * 20);
    expect(stream(['truncate=0.3']).frames.length).toBeGreaterThan(5);
  });

  it('payload-header: device info that fits its checksum holds a second header', () => {
    const [info] = stream(['payload-header']).frames;
    expect(hex(info?.bytes ?? new Uint8Array(0)).split('55aaeb90')).toHaveLength(3);
  });

  it('corrupt=swap: two bytes of cell data records change places, and the checksum fits', () => {
    expect(differences(bytesOf(stream(['corrupt=swap'])), bytesOf(sound()))).toBeLessThan(2 * 18);
    const swapped = stream(['corrupt=swap,1']);
    expect(counters(swapped)).toEqual(counters(sound()));
    expect(differences(bytesOf(swapped), bytesOf(sound()))).toBe(2 * 18);
  });

  it('drop-zero: a zero byte is missing, which the sum of the rest does not show', () => {
    const central = bytesOf(stream(['drop-zero=1']));
    const whole = bytesOf(sound());
    expect(central.length).toBe(whole.length - 18);
    expect(sum8(central, 0, central.length)).toBe(sum8(whole, 0, whole.length));
  });

  it('crc-rate: that share of the records fails the checksum', () => {
    expect(stream(['crc-rate=1']).frames).toEqual([]);
    const rejected = countOf(stream(['crc-rate=0.3']), 'checksum');
    expect(rejected).toBeGreaterThan(2);
    expect(rejected).toBeLessThan(12);
  });

  it('type: a record of that type follows each cell data record', () => {
    const central = stream(['type=0x06']);
    const types = central.frames.map(({ record }) => record).slice(2);
    expect(types.slice(0, 4)).toEqual(['cellData', 'detailLog', 'cellData', 'detailLog']);
    expect(counters(central)).toEqual(counters(sound()));
    expect(countOf(stream(['type=9']), 'record-type')).toBeGreaterThan(0);
  });
});

describe('values', () => {
  it('no-cells: no cell is enabled, everything that comes of cells is 0, and an alarm says so', () => {
    for (const values of cellData(stream(['no-cells']))) {
      expect(values).toMatchObject({ enabledCells: 0, packVoltage: 0, averageCellVoltage: 0 });
      expect(new Set(values.cellVoltages)).toEqual(new Set([0]));
      expect(Math.trunc(values.alarms / 2 ** alarms.cellCountMismatch.bit) % 2).toBe(1);
    }
  });

  it('zero-cell: that cell reads 0 V and stays enabled', () => {
    const [values] = cellData(stream(['zero-cell=3']));
    expect(values?.cellVoltages[2]).toBe(0);
    expect(values?.cellVoltages[3]).toBeGreaterThan(2);
    expect(values?.enabledCells).toBe(2 ** 20 - 1);
  });

  it('cells: after five records only this many remain', () => {
    const masks = cellData(stream(['cells=19'])).map(({ enabledCells }) => Math.log2(enabledCells + 1));
    expect(masks).toEqual([20, 20, 20, 20, 20, ...Array<number>(13).fill(19)]);
    const last = cellData(stream(['cells=19'])).at(-1);
    expect(last?.cellVoltages.slice(18).map(Boolean)).toEqual([true, ...Array<boolean>(13).fill(false)]);
    expect(last?.cellWireResistances.slice(19)).toEqual(Array(13).fill(0));
    expect(last?.packVoltage).toBeCloseTo((last?.averageCellVoltage ?? 0) * 19, 1);
  });

  it('sentinels: every temperature is −200.0 °C on the wire', () => {
    const central = stream(['sentinels']);
    const frame = central.frames.at(-1);
    expect(Buffer.from(frame?.bytes ?? []).readInt16LE(162)).toBe(-2000);
    expect(cellData(central)[0]).toMatchObject({ temperature1: null, mosTemperature: null });
  });

  it('alarm: that alarm is active', () => {
    const [values] = cellData(stream(['alarm=cellOverVoltage']));
    expect(Math.trunc((values?.alarms ?? 0) / 2 ** alarms.cellOverVoltage.bit) % 2).toBe(1);
  });

  it('soc-jump: the battery is full all at once', () => {
    const charges = cellData(stream(['soc-jump=4'])).map(({ stateOfCharge }) => stateOfCharge);
    expect(charges.slice(0, 4).every((charge) => charge < 90)).toBe(true);
    expect(new Set(charges.slice(4))).toEqual(new Set([100]));
  });

  it('nan: a float is not a number', () => {
    expect(cellData(stream(['nan']))[0]?.batteryVoltageCorrection).toBeNaN();
    const balancer = new SimulatedDevice({
      profile: deviceProfiles['JK-B2A16S'],
      faults: parseFaults(['nan']),
    });
    expect(cellFields(balancer.cellData(), 'jk04').averageCellVoltage).toBeNaN();
  });

  it('counter-reset: counters and uptime begin at 0', () => {
    const central = stream(['counter-reset=4']);
    expect(counters(central).slice(0, 7)).toEqual([0, 1, 2, 3, 0, 1, 2]);
    expect(cellData(central)[4]).toMatchObject({ sysRunTicks: 0, cycleCount: 0, cycleCapacity: 0 });
  });

  it('spike: now and then the field is 0 or as high as it gets', () => {
    const values = cellData(stream(['spike=packCurrent,0.2'], { ...quiet, seed: 5 }));
    expect(values.filter(({ packCurrent }) => packCurrent === 0 || packCurrent > 1e6).length).toBeGreaterThan(
      0,
    );
    expect(values).toHaveLength(18);
  });

  it.each([
    ['string=ansi', '\u{1b}[2J\u{1b}[31mJK\u{7}'],
    ['string=ff', '\u{ff}'.repeat(16)],
  ])('%s: the device name is not plain text', (spec, name) => {
    const [frame] = stream([spec]).frames;
    expect(frame && decode(deviceInfoJk02_32s, frame).deviceName.replace(/\0.*$/, '')).toBe(name);
  });
});

describe('what the device reports about itself', () => {
  const info = (specs: readonly string[]): Values<typeof deviceInfoJk02_32s> | undefined => {
    const frame = stream(specs).frames.find(({ record }) => record === 'deviceInfo');
    return frame && decode(deviceInfoJk02_32s, frame);
  };

  it('sw, hw, model-junk: other versions, and a byte after the model', () => {
    const changed = info(['sw=25.01', 'hw=V19A', 'model-junk']);
    expect(changed).toMatchObject({ softwareVersion: '25.01', hardwareVersion: 'V19A', maxCells: 0x10 });
    expect(changed?.model).toBe('JK_B2A20S20P');
  });

  it.each(variants)(
    'layout=%s: records are laid out so, and its cells are those of the battery',
    (variant) => {
      const device = new SimulatedDevice({ faults: parseFaults([`layout=${variant}`]) });
      const reading = decodeReading(device.cellData(), variant, 0);
      expect(reading.cellVoltage).toEqual(device.model.state.cellVoltages);
      expect(judge(device.cellData()).candidates).toEqual([variant]);
    },
  );
});

describe('while it lives', () => {
  it('a device gets other faults, and loses them, in the middle of a link', () => {
    const device = new SimulatedDevice(quiet);
    const central = new Recorder();
    const session = device.connect(central);
    session.receive(readSettings);
    vi.advanceTimersByTime(3000);
    device.setFaults(parseFaults(['no-cells', 'tail=20']));
    vi.advanceTimersByTime(3000);
    device.setFaults([]);
    vi.advanceTimersByTime(3000);
    const cells = cellData(central).map(({ enabledCells }) => enabledCells);
    expect(cells.slice(0, 3)).toEqual(Array(3).fill(2 ** 20 - 1));
    expect(cells.filter((mask) => mask === 0).length).toBeGreaterThan(4);
    expect(cells.slice(-3)).toEqual(Array(3).fill(2 ** 20 - 1));
    expect(countOf(central, 'request')).toBe(1 + cells.filter((mask) => mask === 0).length);
  });

  it('what a fault would have done later, it does not do when it has ended', () => {
    const device = new SimulatedDevice({
      ...quiet,
      faults: parseFaults(['at-flood=100', 'held-by-other=5']),
    });
    device.setFaults(parseFaults(['at-flood=100']));
    const central = new Recorder();
    device.connect(central);
    device.setFaults([]);
    vi.advanceTimersByTime(10_000);
    expect(central.chunks).toEqual([]);
  });

  it('a fault that refuses links ends the one that is there', () => {
    const device = new SimulatedDevice(quiet);
    const central = new Recorder();
    device.connect(central);
    device.setFaults(parseFaults(['held-by-other']));
    expect(central.losses.map(({ name }) => name)).toEqual(['LinkError']);
    expect(device.connected).toBe(false);
  });
});

it('faults combine: each does what it does alone', () => {
  const central = stream([
    'no-cells',
    'sentinels',
    'counter-reset=2',
    'dup-notify=0',
    'stop-after=6',
    'tail=4',
  ]);
  expect(counters(central)).toEqual([0, 1, 0, 1, 2, 3]);
  expect(cellData(central)[3]).toMatchObject({ packVoltage: 0, temperature1: null, cycleCount: 0 });
  expect(countOf(central, 'heartbeat')).toBe(8);
});

it('the same seed gives the same faults', () => {
  const specs = ['crc-rate', 'truncate', 'drop-notify', 'dup-notify=0.1'];
  expect(hex(bytesOf(stream(specs)))).toBe(hex(bytesOf(stream(specs))));
});

describe('names', () => {
  const names = Object.entries<FaultRow>(faults);

  it.each(names)(
    '%s can be had with the value that the table says, and acts on a device',
    (name, { value }) => {
      const [chosen] = parseFaults([name]);
      expect(chosen?.name).toBe(name);
      if (value) expect(parseFaults([`${name}=${value.default}`])).toHaveLength(1);
      else expect(() => parseFaults([`${name}=1`])).toThrow(UsageError);
      expect(Object.keys(chosen?.make({ random: () => 0, after: () => undefined }) ?? {})).not.toEqual([]);
    },
  );

  it('the list names all of them with what they do, none wider than 140 columns, and says what is missing', () => {
    const [list = '', missing] = listFaults().split('\nNot simulated:\n');
    const lines = list.trimEnd().split('\n');
    const heads = lines.filter((line) => !line.startsWith(' '));
    expect(heads.map((line) => /^[a-z-]+/.exec(line)?.[0])).toEqual(names.map(([name]) => name));
    expect(lines).toHaveLength(2 * heads.length);
    expect(lines.filter((line) => line.length > 140)).toEqual([]);
    expect(missing).toContain('rfkill');
  });

  it.each([
    'toString',
    '',
    'fog',
    'freeze=-1',
    'freeze=1.5',
    'freeze=',
    'crc-rate=2',
    'type=0x100',
    'spike=at',
    'spike=packCurrent,2',
    'spike=packCurrent,0.1,1',
  ])('%j is refused with a hint to the list', (spec) => {
    expect(() => parseFaults([spec])).toThrow(
      expect.objectContaining({ name: 'UsageError', hint: expect.stringContaining('listFaults()') }),
    );
  });

  it('whatever is written, a fault comes of it or a usage error', () => {
    const spec = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom(...names.map(([name]) => name)), fc.string()).map((pair) => pair.join('=')),
    );
    fc.assert(
      fc.property(spec, (written) => {
        try {
          expect(parseFaults([written])).toHaveLength(1);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});
