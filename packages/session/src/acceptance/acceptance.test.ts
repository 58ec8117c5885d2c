import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellDataJk02_32s, encode, sealFrame, type Frame, type Values } from '@ubmsc/protocol';
import { Acceptance } from './acceptance.ts';

type Fields = Partial<Values<typeof cellDataJk02_32s>>;

const PERIOD = 540;

/** A cell data record; the clock of the device keeps pace with its counter. */
function record(index: number, changes: Fields = {}): Frame {
  const { cellVoltages = [3.3, 3.31, 3.32, 3.33] } = changes;
  return encode(cellDataJk02_32s, {
    frameCounter: index & 0xff,
    cellVoltages,
    enabledCells: 2 ** cellVoltages.length - 1,
    packVoltage: cellVoltages.reduce((sum, voltage) => sum + voltage, 0),
    packVoltage2: cellVoltages.reduce((sum, voltage) => sum + voltage, 0),
    temperature1: 21.5,
    stateOfCharge: 50,
    remainingCapacity: 50,
    fullChargeCapacity: 100,
    chargeMosOn: 1,
    dischargeMosOn: 1,
    sysRunTicks: 1000 + (index * PERIOD) / 1000,
    totalRuntime: 5000,
    enableFlags: Uint8Array.of(0xfe, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    ...changes,
  });
}

/** One letter for each record that comes: accepted, waits or refused; then what is accepted or refused with it. */
function decisions(frames: readonly (Frame | { readonly frame: Frame; readonly time: number })[]): string[] {
  const acceptance = new Acceptance();
  return frames.map((given, index) => {
    const { frame, time } = 'frame' in given ? given : { frame: given, time: index * PERIOD };
    const { accepted, delayed, refused } = acceptance.observe(
      { frame, variant: 'jk02-32s' },
      { time, pauses: [] },
    );
    const marks = accepted.map(
      ({ frame: each, doubt }) => `${each.counter}${doubt === undefined ? '' : `? ${doubt}`}`,
    );
    return [
      marks.join(' ') || '-',
      ...(delayed === undefined ? [] : [`waits: ${delayed}`]),
      ...refused.map((rule) => `refused: ${rule}`),
    ].join(', ');
  });
}

/** The head of one record and the tail of another, with a checksum that fits. */
function spliced(head: Frame, tail: Frame, at: number): Frame {
  const bytes = Uint8Array.from([...head.bytes.subarray(0, at), ...tail.bytes.subarray(at)]);
  return sealFrame('cellData', bytes);
}

describe('a record of an undamaged battery', () => {
  test('is accepted at once, the first one too, however its load changes', () => {
    const heavy = {
      packCurrent: -200,
      packPower: 2600,
      cellVoltages: [2.9, 2.95, 2.9, 2.8],
      alarms: 2 ** 12,
    };
    expect(
      decisions([record(0), record(1, heavy), record(2, { packCurrent: 80, packPower: 1060 }), record(3)]),
    ).toEqual(['0', '1', '2', '3']);
  });

  test('waits for the next one when the device has restarted, and both are accepted', () => {
    const restarted = [0, 1, 2].map((index) => record(index, { sysRunTicks: 1 + (index * PERIOD) / 1000 }));
    expect(decisions([record(7), record(8), ...restarted])).toEqual(['7', '8', '-, waits: pace', '0 1', '2']);
  });

  test('waits when the device was busy for a while', () => {
    const late = [0, 1, 3, 4].map((period, index) => ({
      frame: record(index, { sysRunTicks: 1000 + (period * PERIOD) / 1000 }),
      time: period * PERIOD,
    }));
    expect(decisions(late)).toEqual(['0', '1', '-, waits: pace', '2 3']);
  });

  test('waits when a cell is taken out of the settings', () => {
    const fewer = { cellVoltages: [3.3, 3.31, 3.32] };
    expect(decisions([record(0), record(1, fewer), record(2, fewer)])).toEqual([
      '0',
      '-, waits: constants',
      '1 2',
    ]);
  });

  test('waits when a value goes to 0 and stays there', () => {
    const cold = { temperature1: 0 };
    expect(decisions([record(0), record(1, cold), record(2, cold)])).toEqual([
      '0',
      '-, waits: flicker',
      '1 2',
    ]);
  });

  test.each([
    ['this sample', (now: number, _before: number) => now],
    ['the sample before', (_now: number, before: number) => before],
    ['both', (now: number, before: number) => (now + before) / 2],
    ['mostly the sample before', (now: number, before: number) => 0.2 * now + 0.8 * before],
  ])('is accepted with a small load that is switched, where power is computed from %s', (_, powerOf) => {
    const currents = [-2, 0, -2, -2, 0, -2, 0, 0, -2, 0, -2];
    const frames = currents.map((packCurrent, index) => {
      const power = (current: number): number => Math.abs(current * 13.26);
      const packPower = powerOf(power(packCurrent), power(currents[index - 1] ?? packCurrent));
      return record(index, { packCurrent, packPower });
    });
    const all = decisions(frames).join(' ');
    expect(all).not.toContain('refused');
    expect(all).not.toContain('?');
    expect(all).toMatch(/10$/);
  });

  test('is accepted with a probe whose contact is loose, when that reads exactly 0 °C', () => {
    const temperatures = [21.5, -31, 21.5, 0, 21.5, 0, -12];
    const frames = temperatures.map((temperature1, index) => record(index, { temperature1 }));
    expect(decisions(frames)).toEqual(temperatures.map((_, index) => String(index)));
  });

  test('is accepted with the next one at the latest, whatever it measures', () => {
    const values = fc.record({
      cellVoltages: fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 16, maxLength: 16 }),
      packCurrent: fc.integer({ min: -1_000_000, max: 1_000_000 }),
      temperature1: fc.option(fc.integer({ min: -400, max: 1200 })),
      stateOfCharge: fc.integer({ min: 0, max: 100 }),
      alarms: fc.integer({ min: 0, max: 2 ** 29 - 1 }),
      balanceState: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(values, { minLength: 3, maxLength: 12 }), (states) => {
        const frames = states.map((state, index) =>
          record(index, {
            ...state,
            cellVoltages: state.cellVoltages.map((millivolts) => millivolts / 1000),
            packCurrent: state.packCurrent / 1000,
            packPower: Math.abs(
              (state.packCurrent / 1000) * state.cellVoltages.reduce((sum, each) => sum + each / 1000, 0),
            ),
            temperature1: state.temperature1 === null ? null : (state.temperature1 || 1) / 10,
            remainingCapacity: state.stateOfCharge,
          }),
        );
        const acceptance = new Acceptance();
        let accepted = 0;
        for (const [index, frame] of frames.entries()) {
          const decision = acceptance.observe(
            { frame, variant: 'jk02-32s' },
            { time: index * PERIOD, pauses: [] },
          );
          accepted += decision.accepted.length;
          expect(decision.refused).toEqual([]);
          expect(accepted).toBeGreaterThanOrEqual(index);
        }
      }),
    );
  });
});

describe('a damaged record', () => {
  test('is refused when it is the first of a link and its two voltages differ', () => {
    const shifted = record(0, { packVoltage2: 3.3, batteryVoltageCorrection: 7 });
    expect(decisions([shifted, record(1), record(2)])).toEqual([
      '-, waits: constants',
      '1, refused: constants',
      '2',
    ]);
  });

  test('of the head of one and the tail of another is refused when the next one is the next but one', () => {
    const splice = spliced(record(2), record(3), 150);
    const sent = [
      { frame: record(0), time: 0 },
      { frame: record(1), time: PERIOD },
      { frame: splice, time: 3 * PERIOD },
      { frame: record(4), time: 4 * PERIOD },
    ];
    expect(decisions(sent)).toEqual(['0', '1', '-, waits: pace', '4, refused: pace']);
  });

  test('in which a notification stands twice is refused', () => {
    const cells = { cellVoltages: Array.from({ length: 32 }, (_, cell) => 3.2 + cell / 1000) };
    const { bytes } = record(1, cells);
    const copied = Uint8Array.from(bytes);
    copied.copyWithin(100, 80, 100);
    copied.set([1, 0], 80);
    copied.copyWithin(100, 80, 100);
    const before = record(0, cells);
    expect(decisions([before, sealFrame('cellData', copied), record(2, cells)])).toEqual([
      '0',
      '-, waits: copy',
      '2, refused: copy',
    ]);
  });

  test('with a current that goes to 0 and comes back, while the power is what it was, is refused', () => {
    const loaded = { packCurrent: -20, packPower: 265.2 };
    const zero = record(2, { packCurrent: 0, packPower: 265.2 });
    expect(decisions([record(0, loaded), record(1, loaded), zero, record(3, loaded)])).toEqual([
      '0',
      '1',
      '-, waits: flicker',
      '3, refused: flicker',
    ]);
  });

  test('with the content of an earlier one is refused, whatever its counter says', () => {
    const old = (index: number): Frame =>
      sealFrame('cellData', Uint8Array.from(record(1).bytes).fill(index, 5, 6));
    expect(decisions([record(0), record(1), record(2), old(3), old(4), record(5)])).toEqual([
      '0',
      '1',
      '2',
      '-, waits: frozen, refused: frozen',
      '-, waits: frozen, refused: frozen',
      '5',
    ]);
  });

  test('with cells that have changed and come back before is refused when it comes twice', () => {
    const other = { enabledCells: 7 };
    const frames = [record(0), record(1, other), record(2), record(3, other), record(4, other), record(5)];
    const all = decisions(frames);
    expect(all.join(' ').match(/refused: constants/g)).toHaveLength(3);
    expect(all.at(-1)).toMatch(/^5/);
  });

  test('with a value that goes to 0 and comes back is refused', () => {
    expect(decisions([record(0), record(1, { temperature1: 0 }), record(2)])).toEqual([
      '0',
      '-, waits: flicker',
      '2, refused: flicker',
    ]);
    expect(decisions([record(0), record(1, { stateOfCharge: 0 }), record(2)])).toEqual([
      '0',
      '-, waits: flicker',
      '2, refused: flicker',
    ]);
  });

  test('with a value that no battery has is refused however often it comes', () => {
    const impossible = [1, 2, 3, 4].map((index) => record(index, { stateOfCharge: 101 }));
    expect(decisions([record(0), ...impossible])).toEqual([
      '0',
      ...impossible.map(() => '-, waits: range, refused: range'),
    ]);
  });

  test('that comes again is refused, and so is one whose clock stands still', () => {
    const still = record(2, { sysRunTicks: 1000.54 });
    expect(decisions([record(0), record(1), record(1), still])).toEqual([
      '0',
      '1',
      '-, waits: frozen, refused: frozen',
      '-, waits: frozen, refused: frozen',
    ]);
  });
});

test('what has come back before has to stay longer, but no more than two in a row are refused', () => {
  const cold = (index: number): Frame => record(index, { temperature1: 0 });
  expect(decisions([record(0), cold(1), record(2), cold(3), cold(4), cold(5), cold(6), cold(7)])).toEqual([
    '0',
    '-, waits: flicker',
    '2, refused: flicker',
    '-, waits: flicker',
    '-, waits: flicker, refused: flicker',
    '-, waits: flicker, refused: flicker',
    '5? flicker 6',
    '7',
  ]);
});
