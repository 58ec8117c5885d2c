import { decodeReading } from '@ubmsc/protocol';
import { describe, expect, test } from 'vitest';
import { cellData, epoch, FakeSource } from '../../test/fake-source.ts';
import { bankOf } from './bank.ts';
import { historyCsv } from './csv.ts';
import { EventLog } from './event-log.ts';
import { History } from './history.ts';

test('of several batteries only those that are live count and are summed up', () => {
  const source = new FakeSource();
  for (const name of ['A', 'B', 'C', 'D']) source.add(name);
  source.read('A', { current: 50 });
  source.time += 60_000;
  source.read('B', { current: -10, percent: 50 });
  source.read('C', { current: 4, percent: 25 });
  source.read('D', { current: 100 });
  source.move('D', 'lost', { reason: 'linkLost' });
  expect(bankOf(source.statuses, source.now())).toMatchObject({
    batteries: 4,
    live: 2,
    current: -6,
    remaining: 210,
    capacity: 560,
  });
});

test('the log of events forgets the oldest', () => {
  const log = new EventLog();
  for (let at = 0; at < 10_000; at++) log.add({ at, device: 'VAN', severity: 'info', text: `event ${at}` });
  const events = log.of('VAN');
  expect([events.length, events[0]?.text, events.at(-1)?.text]).toEqual([2000, 'event 8000', 'event 9999']);
});

describe('CSV', () => {
  const history = new History(Infinity);
  for (const [time, cells] of [
    [1000, [3.3, 3.301]],
    [2000, [3.3, 3.301, 3.302]],
    [9000, [3.4]],
  ] as const) {
    const frame = cellData({ cells, alarms: ['cellUnderVoltage', 'changePassword'] });
    history.add(time, decodeReading(frame, 'jk02-32s', epoch + time), frame, 10_000);
  }
  const [head = '', ...lines] = historyCsv(history, 0, 5000).trimEnd().split('\r\n');

  test('has a line for each reading of the stretch of time', () => {
    expect(lines.map((line) => line.split(',')[0])).toEqual([
      '2025-03-04T05:06:08.000Z',
      '2025-03-04T05:06:09.000Z',
    ]);
  });

  test('has the names of every output, a column for each cell, and nothing where a cell is missing', () => {
    const names = head.split(',');
    expect(names.slice(0, 5)).toEqual([
      'time',
      'cell_voltage_0',
      'cell_voltage_1',
      'cell_voltage_2',
      'average_cell_voltage',
    ]);
    expect(lines[0]?.split(',').slice(1, 4)).toEqual(['3.3', '3.301', '']);
    expect(lines[0]?.split(',')[names.indexOf('alarms')]).toBe('cell_under_voltage change_password');
    for (const line of lines) expect(line.split(',').length).toBe(names.length);
  });
});
