import { decodeReading, type Doubt, type Reading } from '@ubmsc/protocol';
import { describe, expect, test } from 'vitest';
import { cellData, epoch, FakeSource, type Given } from '../../test/fake-source.ts';
import { bankOf } from './bank.ts';
import { History } from './history.ts';
import { alarmInWords } from './limits.ts';
import { problems, ranks, verdictOf } from './verdict.ts';

const reading = (given: Given = {}, doubt?: Doubt): Reading =>
  decodeReading(cellData(given), 'jk02-32s', epoch, doubt);

/** A live battery with a reading. */
function live(own: Reading): FakeSource {
  const source = new FakeSource();
  source.add('VAN', { state: 'streaming', reading: own, readingTime: source.now() });
  return source;
}

const texts = (source: FakeSource): string[] => {
  const [status] = source.statuses;
  return status ? problems(status, source.now()).map(({ text }) => text) : [];
};

describe('what is wrong with a battery', () => {
  test('is nothing while it is live, has no alarm, and its cells are even', () => {
    const source = live(reading());
    const [status] = source.statuses;
    expect(status && verdictOf(status, source.now())).toEqual({ rank: 0, role: 'good', text: 'all well' });
  });

  test('is an alarm before all else, with cell, value and limit', () => {
    expect(texts(live(reading({ alarms: ['changePassword', 'cellUnderVoltage'], percent: 3 })))).toEqual([
      'cell 1 under-voltage: 3.312 V',
      'change password',
      'nearly empty: 3 %',
    ]);
    const limits = { cellUnderVoltage: 3.36, dischargeCurrent: 100, mosOverTemperature: 20 };
    expect(alarmInWords('cellUnderVoltage', reading(), limits)).toBe(
      'cell 1 under-voltage: 3.312 V, limit 3.360 V',
    );
    expect(alarmInWords('dischargeOverCurrent', reading({ current: -120 }), limits)).toBe(
      'discharge over-current: 120.0 A, limit 100.0 A',
    );
    expect(alarmInWords('mosOverTemperature', reading(), limits)).toBe(
      'MOSFET over-temperature: 24.1 °C, limit 20.0 °C',
    );
  });

  test('is an alarm that lasts though its value is back, and says so', () => {
    const limits = { cellUnderVoltage: 3.06, cellOverVoltage: 3.65, dischargeCurrent: 100 };
    expect(alarmInWords('cellUnderVoltage', reading(), limits)).toBe(
      'cell 1 under-voltage: limit 3.060 V, back at 3.312 V, not released yet',
    );
    expect(alarmInWords('cellOverVoltage', reading(), limits)).toBe(
      'cell 2 over-voltage: limit 3.650 V, back at 3.318 V, not released yet',
    );
    expect(alarmInWords('dischargeOverCurrent', reading({ current: 120 }), limits)).toBe(
      'discharge over-current: limit 100.0 A, back at 0.0 A, not released yet',
    );
    const atLimit = { ...limits, cellUnderVoltage: 3.312, dischargeCurrent: 100.04 };
    expect(alarmInWords('cellUnderVoltage', reading(), atLimit)).toMatch(/: 3\.312 V, limit 3\.312 V$/);
    expect(alarmInWords('dischargeOverCurrent', reading({ current: -100.01 }), atLimit)).toMatch(
      /: 100\.0 A, limit 100\.0 A$/,
    );
  });

  test('is an alarm of a battery without a link only as what its last reading has told', () => {
    const source = live(reading({ alarms: ['cellUnderVoltage'] }));
    source.move('VAN', 'lost', { reason: 'supervisionTimeout' });
    expect(texts(source)).toEqual([
      'no link: values are old',
      'in the last reading: cell 1 under-voltage: 3.312 V',
    ]);
    const [status] = source.statuses;
    expect(status && verdictOf(status, source.now()).rank).toBe(ranks.lost);
  });

  test('is a switch that is off, a broken sense wire, and a cell that is far from the others', () => {
    expect(texts(live(reading({ fields: { dischargeMosOn: 0 } })))).toEqual(['discharge switched off']);
    expect(texts(live(reading({ cells: [3.3, 0, 3.3, 3.3] })))).toEqual([
      'cell 2 reads 0.000 V: broken sense wire?',
    ]);
    expect(texts(live(reading({ cells: [3.3, 3.3, 2.9, 3.3] })))).toEqual(['cell 3 low by 300 mV']);
  });

  test('is a doubt about its reading, which says nothing of the cells, and is in no sum and no graph', () => {
    const doubtful = reading({ cells: [3.3, 3.3, 2.9, 3.3] }, 'copy');
    const source = live(doubtful);
    expect(texts(source)).toEqual(['doubtful: part of it seems to be there twice']);
    expect(bankOf(source.statuses, source.now())).toMatchObject({
      live: 0,
      doubtful: 1,
      current: null,
    });
    const history = new History(Infinity);
    history.add(0, reading({ current: -10 }), cellData({ current: -10 }), 10_000);
    history.add(1000, doubtful, cellData({ current: -300 }), 10_000);
    expect(history.quantity('batteryCurrent', -1000, 1000, 1)[0]).toMatchObject({ low: -10, high: -10 });
    expect(history.at(1000)?.reading.doubt).toBe('copy');
  });
});
