import { describe, expect, test } from 'vitest';
import { encode, type Values } from '@ubmsc/protocol';
import { cellDataJk02_32s } from '@ubmsc/protocol';
import { cellDataJk04 } from '@ubmsc/protocol';
import type { Pause } from '@ubmsc/protocol';
import { PlausibilityFilter, type CellDataRecord, type Judgement } from './plausibility-filter.ts';

type Fields = Partial<Values<typeof cellDataJk02_32s>>;

/** Feeds records half a second apart to a filter, and tells what is decided in terms of their counters. */
class Link {
  readonly #filter = new PlausibilityFilter();

  send(
    sent: CellDataRecord,
    pauses: readonly Pause[] = [],
  ): { believed: number[]; held?: string; refused?: readonly string[] } {
    const arrival = { time: sent.frame.counter * 540, pauses };
    const { believed, held, refused }: Judgement<CellDataRecord> = this.#filter.observe(sent, arrival);
    return {
      believed: believed.map(({ frame }) => frame.counter),
      ...(held && { held }),
      ...(refused.length > 0 && { refused }),
    };
  }
}

/** A record of a battery at rest with three cells. */
function record(frameCounter: number, fields: Fields = {}): CellDataRecord {
  const frame = encode(cellDataJk02_32s, {
    frameCounter,
    cellVoltages: [3.3, 3.301, 3.302],
    enabledCells: 0b111,
    averageCellVoltage: 3.301,
    deltaCellVoltage: 0.002,
    packVoltage: 9.903,
    packVoltage2: 9.9,
    stateOfCharge: 50,
    sysRunTicks: 100 + frameCounter / 2,
    ...fields,
  });
  return { frame, variant: 'jk02-32s' };
}

/** A link over which records have come, the latest with counter 1. */
function started(): Link {
  const link = new Link();
  link.send(record(0));
  link.send(record(1));
  return link;
}

describe('the first record of a link', () => {
  test('is believed when the second one follows from it', () => {
    const link = new Link();
    expect(link.send(record(1))).toEqual({ believed: [], held: 'first' });
    expect(link.send(record(2))).toEqual({ believed: [1, 2] });
  });

  test('is refused when the second one does not: one of the two is damaged', () => {
    const link = new Link();
    link.send(record(1, { temperature1: 90 }));
    expect(link.send(record(2, { temperature1: 20 }))).toEqual({
      believed: [],
      held: 'first',
      refused: ['first'],
    });
    expect(link.send(record(3, { temperature1: 20 }))).toEqual({ believed: [2, 3] });
  });
});

test('the first record of a link is refused when it has a voltage where the second one has no cell', () => {
  const link = new Link();
  const cells = [3.3, 3.301, 3.302];
  const { frame, variant } = jk04(1, cells);
  const bytes = frame.bytes.slice();
  new DataView(bytes.buffer).setFloat32(6 + 4 * 3, 3.3, true);
  link.send({ variant, frame: { ...frame, bytes } });
  expect(link.send(jk04(2, cells)).refused).toEqual(['first']);
  expect(link.send(jk04(3, cells)).believed).toEqual([2, 3]);
});

describe('a record is believed at once', () => {
  test('when it follows from the one before', () => {
    const link = started();
    expect(link.send(record(2, { stateOfCharge: 51 }))).toEqual({ believed: [2] });
  });

  test('although others in between were lost', () => {
    const link = started();
    expect(link.send(record(9, { stateOfCharge: 51 }))).toEqual({ believed: [9] });
  });
});

describe('a record that does not follow from the one before is held back', () => {
  test('and believed when the next two show that the battery has changed', () => {
    const link = started();
    expect(link.send(record(2, { stateOfCharge: 77 }))).toEqual({ believed: [], held: 'step' });
    expect(link.send(record(3, { stateOfCharge: 77 }))).toEqual({ believed: [], held: 'step' });
    expect(link.send(record(4, { stateOfCharge: 78 }))).toEqual({ believed: [2, 3, 4] });
  });

  test('and refused with the one that bore it out when the value comes back after all', () => {
    const link = started();
    link.send(record(2, { stateOfCharge: 77 }));
    link.send(record(3, { stateOfCharge: 77 }));
    expect(link.send(record(4))).toEqual({ believed: [4], refused: ['step', 'step'] });
  });

  test('the longer, up to four records, the more often the value has come back before', () => {
    const link = started();
    for (const counter of [2, 4, 6, 8]) {
      link.send(record(counter, { stateOfCharge: 77 }));
      link.send(record(counter + 1));
    }
    const judged = [10, 11, 12, 13, 14].map((counter) => link.send(record(counter, { stateOfCharge: 77 })));
    expect(judged.map(({ believed }) => believed)).toEqual([[], [], [], [], [10, 11, 12, 13, 14]]);
  });

  test('when something is switched, though another thing is switched meanwhile', () => {
    const link = started();
    expect(link.send(record(2, { heatingOn: 1 }))).toEqual({ believed: [], held: 'step' });
    expect(link.send(record(3, { heatingOn: 1, chargeMosOn: 1 }))).toEqual({ believed: [], held: 'step' });
    expect(link.send(record(4, { heatingOn: 1, chargeMosOn: 1 })).believed).toEqual([2]);
    expect(link.send(record(5, { heatingOn: 1, chargeMosOn: 1 })).believed).toEqual([3, 4, 5]);
  });

  test('and refused when the next one is like the one before', () => {
    const link = started();
    link.send(record(2, { stateOfCharge: 77 }));
    expect(link.send(record(3))).toEqual({ believed: [3], refused: ['step'] });
  });

  test('and refused when it is impossible, whatever the next one says', () => {
    const link = started();
    expect(link.send(record(2, { stateOfCharge: 120 }))).toEqual({ believed: [], held: 'range' });
    expect(link.send(record(3))).toEqual({ believed: [3], refused: ['range'] });
  });

  test('when its current leaps and its power does not, until the next current', () => {
    const link = started();
    expect(link.send(record(2, { packCurrent: 60 }))).toEqual({ believed: [], held: 'step' });
    expect(link.send(record(3, { packCurrent: 55, packPower: 594.18 }))).toEqual({
      believed: [2],
      held: 'step',
    });
    expect(link.send(record(4, { packCurrent: 55, packPower: 544.665 }))).toEqual({ believed: [3, 4] });
    expect(link.send(record(5, { packCurrent: -90, packPower: 544.665 }))).toEqual({
      believed: [],
      held: 'step',
    });
    expect(link.send(record(6, { packCurrent: 55, packPower: 544.665 }))).toEqual({
      believed: [6],
      refused: ['step'],
    });
  });

  test('when a cell goes to 0 V, until it has stayed so: a broken wire does', () => {
    const link = started();
    const broken = { cellVoltages: [0, 3.301, 3.302] };
    expect(link.send(record(2, broken))).toEqual({ believed: [], held: 'step' });
    expect(link.send(record(3))).toEqual({ believed: [3], refused: ['step'] });
    expect(link.send(record(4, broken))).toEqual({ believed: [], held: 'step' });
    link.send(record(5, broken));
    link.send(record(6, broken));
    expect(link.send(record(7, broken))).toEqual({ believed: [4, 5, 6, 7] });
  });
});

/** What is believed of so many records in a row. */
function believedOf(count: number, fields: (counter: number) => Fields): number[] {
  const link = new Link();
  return Array.from({ length: count }, (_, counter) => record(counter, fields(counter))).flatMap(
    (each) => link.send(each).believed,
  );
}

test('a rule that a device breaks in 25 records in a row is none for it', () => {
  expect(believedOf(24, () => ({ stateOfHealth: 255 }))).toEqual([]);
  expect(believedOf(60, () => ({ stateOfHealth: 255 }))).toContain(50);
});

test('a state of charge of 255 % is never believed', () => {
  expect(believedOf(60, () => ({ stateOfCharge: 255 }))).toEqual([]);
});

test('where many records are doubted, the others are not believed either', () => {
  const spoilt = believedOf(60, (counter) => (counter % 2 === 0 ? { stateOfCharge: 120 } : {}));
  expect(spoilt.every((counter) => counter < 20)).toBe(true);
});

describe('a record that waited long for its rest', () => {
  const pause = [{ at: 140, length: 540 }];

  test('is believed late when the next one is counted next: it was only interrupted', () => {
    const link = started();
    expect(link.send(record(2), pause)).toEqual({ believed: [], held: 'pause' });
    expect(link.send(record(3))).toEqual({ believed: [2, 3] });
  });

  test('is refused when the next one is not: it was put together of two', () => {
    const link = started();
    link.send(record(2), pause);
    expect(link.send(record(4))).toEqual({ believed: [4], refused: ['pause'] });
  });

  test('is believed at once when nothing is shown of what came after the pause', () => {
    const link = started();
    expect(link.send(record(2), [{ at: 299, length: 540 }])).toEqual({ believed: [2] });
  });
});

const jk04 = (frameCounter: number, cells: readonly number[]): CellDataRecord => {
  const sum = cells.map(Math.fround).reduce((total, cell) => total + cell, 0);
  const frame = encode(cellDataJk04, {
    frameCounter,
    cellVoltages: [...cells],
    enabledCells: 2 ** cells.length - 1,
    averageCellVoltage: sum / cells.length,
    packVoltage: sum,
    deltaCellVoltage: Math.max(...cells) - Math.min(...cells),
  });
  return { frame, variant: 'jk04' };
};

describe('cells in another order', () => {
  const cells = Array.from({ length: 16 }, (_, index) => 3.3 + (index % 7) / 1000);

  test('are told from noise when two neighbouring notifications of 20 bytes were exchanged', () => {
    const link = new Link();
    const believed = [1, 2, 3, 4].flatMap((counter) => link.send(jk04(counter, cells)).believed);
    expect(believed).toEqual([1, 2, 3, 4]);
    const { frame, variant } = jk04(5, cells);
    const bytes = frame.bytes.slice();
    bytes.copyWithin(20, 40, 60);
    bytes.set(frame.bytes.subarray(20, 40), 40);
    expect(link.send({ variant, frame: { ...frame, bytes } }).believed).toEqual([]);
    expect(link.send(jk04(6, cells)).believed).toEqual([6]);
  });
});

describe('a record with two equal notifications in a row', () => {
  const volts = (steps: readonly number[]): number[] => steps.map((step) => 3.3 + step * 0.0015);
  const others = volts([0, 0, 0, 0, 1, 2, 0, 3, 1, 0, 3, 1, 2, 1, 0, 0]);
  // Bytes 20 to 39 hold the fifth cell to the ninth, bytes 40 to 59 the tenth to the fourteenth.
  const equal = volts([0, 0, 0, 0, 1, 2, 0, 3, 1, 1, 2, 0, 3, 1, 0, 0]);

  test('is refused when neither the record before nor the one after has these cells', () => {
    const link = new Link();
    for (const counter of [1, 2]) link.send(jk04(counter, others));
    expect(link.send(jk04(3, equal))).toEqual({ believed: [], held: 'copy' });
    expect(link.send(jk04(4, others))).toEqual({ believed: [4], refused: ['copy'] });
  });

  test('is believed late when the one after has them, and at once when the one before has', () => {
    const link = new Link();
    for (const counter of [1, 2]) link.send(jk04(counter, others));
    link.send(jk04(3, equal));
    expect(link.send(jk04(4, equal))).toEqual({ believed: [3, 4] });
    expect(link.send(jk04(5, equal))).toEqual({ believed: [5] });
  });

  test('is refused as the first of a link when the second one has other cells', () => {
    const link = new Link();
    expect(link.send(jk04(1, equal))).toEqual({ believed: [], held: 'copy' });
    expect(link.send(jk04(2, others))).toEqual({ believed: [], held: 'first', refused: ['copy'] });
  });
});
