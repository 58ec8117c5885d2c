import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noise } from '../test/made-day.ts';
import { BATTERY, readingEvent } from '../test/made-source.ts';
import { resistances, type DayResistance } from './resistance.ts';
import { resistanceTrends } from './resistance-trend.ts';
import { DAY, HOUR } from './steps.ts';
import { verify } from './verify.ts';
import { HistoryWriter } from './writer.ts';

const start = Date.UTC(2026, 10, 20);

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ubmsc-history-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

/** Cells of 0.25 mΩ, and one with a loose busbar. */
const truth = [0.00025, 0.00025, 0.0004, 0.00025];

/** Half an hour of 2 readings a second a day, with a load of 40 A that comes and goes; voltages are to the millivolt. */
async function keep(days: number): Promise<void> {
  let now = start;
  await using writer = await HistoryWriter.open({ folder, wallClock: () => now });
  for (let day = 0; day < days; day++) {
    now = start + day * DAY + 6 * HOUR;
    for (let row = 0; row < 3600; row++, now += 500) {
      const batteryCurrent = (Math.floor(row / 60) % 2 === 0 ? -2 : -42) + 0.06 * noise(row);
      const cellVoltage = truth.map(
        (ohms, cell) =>
          Math.round((3.3 + batteryCurrent * ohms + 0.0007 * noise(row * 31 + cell)) * 1000) / 1000,
      );
      const reading = { batteryCurrent, cellVoltage, batteryTemperature: [20, 20, 20] };
      writer.add(readingEvent(reading, now), now);
    }
    await writer.flush();
  }
}

test('a loose busbar shows on the same day, and every cell within three times its uncertainty', async () => {
  await keep(1);
  const [day, ...others] = await resistances({ folder, battery: BATTERY, from: start, to: start + DAY });
  expect(others).toEqual([]);
  expect(day).toMatchObject({ day: '2026-11-20', temperature: 20 });
  expect(day?.steps).toBeGreaterThan(50);
  for (const [cell, ohms] of truth.entries()) {
    const { resistance = NaN, uncertainty = NaN } = day?.cells[cell] ?? {};
    expect(uncertainty).toBeLessThan(0.00001);
    expect(Math.abs(resistance - ohms)).toBeLessThan(3 * uncertainty);
  }
});

test('days that are over are kept for ever, when their readings are gone too', async () => {
  await keep(3);
  const asked = { folder, battery: BATTERY, from: start, to: start + 3 * DAY };
  const before = await resistances(asked);
  expect(before.map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
  await rm(join(folder, BATTERY, 'raw-2026-11-20.ubh'));
  expect(await resistances(asked)).toEqual(before);
  const file = join(folder, BATTERY, 'resistance.jsonl');
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(2);
  // A line that is torn is named and left out.
  await appendFile(file, '00000000 {"day":');
  expect((await verify(folder, start + 3 * DAY)).flatMap(({ problems }) => problems)).toEqual([
    '1 damaged lines',
  ]);
  expect(await resistances(asked)).toEqual(before);
});

test('the trend is that of days that were about as warm, with its uncertainty', () => {
  const dayOf = (day: number, resistance: number, temperature = 20): DayResistance => ({
    day: new Date(start + day * DAY).toISOString().slice(0, 10),
    steps: 60,
    temperature,
    cells: [{ resistance, uncertainty: 0.000002 }, null],
  });
  // 10 % more in 30 days, and a cold week in which every cell had twice as much.
  const days = Array.from({ length: 30 }, (_, day) =>
    day < 7 ? dayOf(day, 0.0005, 0) : dayOf(day, 0.0003 * (1 + (day - 29) / 300) + 1e-7 * noise(day)),
  );
  const [trend, ...others] = resistanceTrends(days);
  expect(others).toEqual([]);
  expect(trend?.change).toBeCloseTo(0.1, 3);
  expect(trend?.uncertainty).toBeLessThan(0.002);
  expect(resistanceTrends(days.slice(0, 6))).toEqual([]);
});
