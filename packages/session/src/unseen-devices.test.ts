import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  alarms,
  toDeviceInfo,
  bitNames,
  encodeField,
  fieldSize,
  FRAME_LENGTH,
  sealFrame,
  decode,
  encode,
  variants,
  layouts,
  decodeReading,
  judge,
  VariantDetector,
  type Field,
  type Frame,
  type Layout,
  type Variant,
} from '@ubmsc/protocol';
import { fixedValues } from '@ubmsc/testing';
import { SessionJudge } from './session-judge.ts';

/** From one record to the next, in milliseconds. */
const PERIOD = 540;

const integer = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const temperature = fc.option(integer(-400, 1200).map((tenths) => tenths / 10));

/** Any battery that a device may have, in the terms of JK02_32S; charging, discharging, balancing, heating or not. */
const battery = fc.record({
  cells: fc.array(integer(1500, 4400), { maxLength: 32 }),
  current: integer(-300_000, 300_000).map((milliamperes) => milliamperes / 1000),
  temperatures: fc.tuple(temperature, temperature, temperature),
  alarms: integer(0, 2 ** 29 - 1),
  balanceState: integer(0, 2),
  heatingOn: integer(0, 1),
  stateOfCharge: integer(0, 100),
  runtime: integer(0, 2 ** 30),
  counter: integer(0, 255),
  unknown: fc.uint8Array({ minLength: FRAME_LENGTH, maxLength: FRAME_LENGTH }),
});

type Battery = typeof battery extends fc.Arbitrary<infer T> ? T : never;

/** Fields of which nobody knows what they hold; what is after byte 217 of JK02_24S is empty. */
const isUnknown = (name: string): boolean => /^(unknown(?!218)|reserved|userAlarm|volC|mcuId)/.test(name);

function cellsOf({ cells }: Battery, variant: Variant): number[] {
  const slots = layouts[variant].cellData.fields.cellVoltages.count;
  return cells.slice(0, slots).map((millivolts) => millivolts / 1000);
}

/** Those of which the record has a bit. */
function alarmsOf({ alarms: all }: Battery, variant: Variant): number {
  const { alarms: field }: Layout['fields'] = layouts[variant].cellData.fields;
  return field?.type === 'u16' ? all & 0xffff : all;
}

/** A cell data record with the fields that the layout has, and noise where nobody knows what is. */
function cellData(of: Battery, variant: Variant, millivolts = 0): Frame {
  const cellVoltages = cellsOf(of, variant);
  const voltage = cellVoltages.reduce((sum, cell) => sum + cell, 0);
  const [temperature1, temperature2, mosTemperature] = of.temperatures;
  const values = {
    frameCounter: of.counter,
    cellVoltages,
    enabledCells: 2 ** cellVoltages.length - 1,
    averageCellVoltage: voltage / Math.max(cellVoltages.length, 1),
    // No two measurements are equal to the last bit.
    deltaCellVoltage: millivolts / 1000,
    packVoltage: voltage,
    packVoltage2: voltage,
    packCurrent: of.current,
    packPower: Math.abs(voltage * of.current),
    temperature1,
    temperature2,
    mosTemperature,
    alarms: alarmsOf(of, variant),
    balanceState: of.balanceState,
    heatingOn: of.heatingOn,
    stateOfCharge: of.stateOfCharge,
    totalRuntime: of.runtime,
    runtimeSincePowerOn: of.runtime,
    enableFlags: Uint8Array.of(0xfe, 0xff, 0x7f, ...of.unknown.subarray(0, 9)),
  };
  const layout: Layout = layouts[variant].cellData;
  const known = Object.entries(values).filter(([name]) => name in layout.fields);
  const { bytes } = encode(layout, { ...fixedValues(layout), ...Object.fromEntries(known) });
  for (const [name, field] of Object.entries(layout.fields)) {
    if (isUnknown(name)) bytes.set(of.unknown.subarray(field.at, field.at + fieldSize(field)), field.at);
  }
  return sealFrame('cellData', bytes);
}

describe.each(variants)('cell data of any battery on %s', (variant) => {
  test('tells its variant on its own, and is shown as it is', () => {
    fc.assert(
      fc.property(battery, (of) => {
        const frame = cellData(of, variant);
        expect(judge(frame).candidates).toEqual([variant]);
        const reading = decodeReading(frame, variant, 0);
        expect(reading.cellVoltage).toEqual(cellsOf(of, variant));
        if (variant === 'jk04') return;
        expect(reading).toMatchObject({
          batteryCurrent: of.current + 0,
          mosfetTemperature: of.temperatures[2],
          remainPercent: of.stateOfCharge,
          balancing: of.balanceState !== 0,
          heating: of.heatingOn === 1,
          alarms: bitNames(alarms, alarmsOf(of, variant)),
        });
        expect(Math.sign(reading.batteryPower ?? 0) * Math.sign(of.current)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe.each(variants)('records of any battery on %s', (variant) => {
  test('are accepted at once', () => {
    fc.assert(
      fc.property(battery, (of) => {
        const sessionJudge = new SessionJudge();
        const accepted = [0, 1, 2, 3].map((index) => {
          const counter = (of.counter + index) % 256;
          const frame = cellData({ ...of, counter, runtime: of.runtime + (index >> 1) }, variant, index);
          const time = index * PERIOD;
          return sessionJudge.observe({ kind: 'frame', offset: 0, frame, pauses: [] }, time, time).accepted
            .length;
        });
        expect(accepted).toEqual([1, 1, 1, 1]);
      }),
    );
  });
});

/** Text of a later firmware, as long as the field or shorter. */
const text = (size: number): fc.Arbitrary<string> =>
  fc
    .array(integer(0x20, 0x7e), { minLength: 1, maxLength: size })
    .map((codes) => String.fromCharCode(...codes));

const texts = fc.record({
  model: text(15),
  hardwareVersion: text(8),
  softwareVersion: text(8),
  deviceName: text(16),
  manufacturingDate: text(8),
  serialNumber: text(16),
  userData: text(16),
});

describe('device info of any model and firmware', () => {
  test('tells JK02_32S by its map of commands, and texts without NUL are whole', () => {
    fc.assert(
      fc.property(texts, integer(0, 255), (fields, register) => {
        const commandSupport = new Uint8Array(32);
        commandSupport[register >> 3] = 1 << (register & 7);
        const layout = layouts['jk02-32s'].deviceInfo;
        const frame = encode(layout, { ...fields, commandSupport });
        expect(judge(frame).candidates).toEqual(['jk02-32s']);
        const { deviceModel, softwareVersion, deviceName, serialNumber } = toDeviceInfo(
          decode(layout, frame),
        );
        expect({ deviceModel, softwareVersion, deviceName, serialNumber }).toEqual({
          deviceModel: fields.model,
          softwareVersion: fields.softwareVersion,
          deviceName: fields.deviceName,
          serialNumber: fields.serialNumber,
        });
      }),
    );
  });

  test('is never taken for another variant, with a date and a serial number or without', () => {
    const model = text(15).filter((each) => !each.startsWith('JK'));
    fc.assert(
      fc.property(texts, model, (fields, other) => {
        const dated = { ...fields, model: other };
        const { manufacturingDate: _date, serialNumber: _number, ...bare } = dated;
        expect(judge(encode(layouts['jk02-24s'].deviceInfo, dated)).candidates).toEqual(['jk02-24s']);
        expect(judge(encode(layouts.jk04.deviceInfo, bare)).candidates).toEqual(['jk04']);
      }),
    );
  });

  test('without any text tells nothing, and does not replace what is known', () => {
    const empty = encode(layouts['jk02-24s'].deviceInfo, {});
    expect(judge(empty).candidates).toEqual(['jk04', 'jk02-24s']);
    const detector = new VariantDetector();
    const known = encode(layouts['jk02-32s'].cellData, { enableFlags: Uint8Array.of(0xfe, 0xff, 0x7f) });
    expect([known, empty, known].map((frame) => detector.observe(frame))).toEqual([
      'jk02-32s',
      undefined,
      'jk02-32s',
    ]);
  });
});

describe.each(variants)('settings of any kind on %s', (variant) => {
  test('tell their variant on their own', () => {
    const layout: Layout = layouts[variant].settings;
    const registers = Object.entries(layout.fields).filter(([, { register }]) => register !== undefined);
    fc.assert(
      fc.property(fc.array(integer(0, 100), { minLength: 60, maxLength: 60 }), (values) => {
        const { bytes } = encode(layout, {
          ...fixedValues(layout),
          ...(variant === 'jk02-32s' && { enableFlags: Uint8Array.of(0xfe, 0xff) }),
        });
        const view = new DataView(bytes.buffer);
        for (const [index, [, field]] of registers.entries()) {
          encodeField(field, valueFor(field, values[index] ?? 0), bytes, view);
        }
        expect(judge(sealFrame('settings', bytes)).candidates).toEqual([variant]);
      }),
    );
  });
});

const valueFor = (field: Field, value: number): number | number[] =>
  'count' in field && field.count !== undefined ? [value] : value;

describe('cell data of a later firmware', () => {
  test('is JK02_32S with bit 23 of its map of fields as well', () => {
    const enableFlags = Uint8Array.of(0xfe, 0xff, 0xff);
    expect(judge(encode(layouts['jk02-32s'].cellData, { enableFlags })).candidates).toEqual(['jk02-32s']);
  });

  test('is JK02_24S with something after byte 217, as long as it has cells that add up', () => {
    const cells = { cellVoltages: [3.3, 3.3], enabledCells: 3, packVoltage: 6.6 };
    const unknown218 = new Uint8Array(81).fill(1);
    const frame = (fields: object): Frame => encode(layouts['jk02-24s'].cellData, { unknown218, ...fields });
    expect(judge(frame(cells)).candidates).toEqual(['jk02-24s']);
    expect(judge(frame({})).candidates).not.toContain('jk02-24s');
  });
});
