import { measurements, type MeasurementValue, type Reading, snakeCase } from '@ubmsc/protocol';
import type { History } from './history.ts';

/** The remembered readings from one time to another as CSV (RFC 4180), a line each; lists take a column for each item. */
export function historyCsv(history: History, from: number, to: number): string {
  const readings: Reading[] = [];
  for (let number = history.indexAt(from) + 1; number <= history.indexAt(to); number++) {
    const sample = history.sample(number);
    if (sample) readings.push(sample.reading);
  }
  const columns = columnsOf(readings);
  const lines = [
    ['time', ...columns.map(({ name }) => name)],
    ...readings.map((reading) => [
      new Date(reading.source.time).toISOString(),
      ...columns.map(({ valueOf }) => field(valueOf(reading))),
    ]),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

interface Column {
  readonly name: string;
  readonly valueOf: (reading: Reading) => MeasurementValue;
}

function columnsOf(readings: readonly Reading[]): Column[] {
  const names = Object.keys(measurements.cellData).filter(isMeasurement);
  return names.flatMap((name): Column[] => {
    if (!('per' in measurements.cellData[name]))
      return [{ name: snakeCase(name), valueOf: (reading) => reading[name] }];
    const count = Math.max(0, ...readings.map((reading) => items(reading[name]).length));
    return Array.from({ length: count }, (_, index) => ({
      name: `${snakeCase(name)}_${index}`,
      valueOf: (reading) => items(reading[name])[index] ?? null,
    }));
  });
}

function isMeasurement(name: string): name is keyof typeof measurements.cellData {
  return Object.hasOwn(measurements.cellData, name);
}

function items(value: MeasurementValue): readonly (string | number | null)[] {
  return typeof value === 'object' && value !== null ? value : [];
}

function field(value: MeasurementValue): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  return items(value)
    .map((item) => (typeof item === 'string' ? snakeCase(item) : String(item)))
    .join(' ');
}
