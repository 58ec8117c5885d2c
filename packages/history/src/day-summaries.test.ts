import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BATTERY, readingEvent } from '../test/made-source.ts';
import { daySummaries, spreadTrend } from './day-summaries.ts';
import { DAY, HOUR, MINUTE } from './steps.ts';
import { HistoryWriter } from './writer.ts';

/** 2026-10-20, midnight in Berlin. */
const start = Date.UTC(2026, 9, 19, 22);

let folder = '';
let now = start;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-history-'));
  await keep();
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Ten days with a reading every five minutes: 0.1 kWh an hour go in, and the spread grows by 1 mV a day. */
async function keep(): Promise<void> {
  await using writer = await HistoryWriter.open({ folder, wallClock: () => now });
  for (; now < start + 10 * DAY; now += 5 * MINUTE) {
    const hours = (now - start) / HOUR;
    const energy = {
      energyCharged: Math.round(hours * 1e4) / 1e5,
      energyDischarged: 0,
      chargedCapacity: null,
      dischargedCapacity: null,
      energyChargedToday: null,
      energyDischargedToday: null,
      energyChargedMonth: null,
      energyDischargedMonth: null,
      bridgedTime: null,
      unmeteredTime: null,
    };
    const values = {
      cellVoltage: [3.3, now === start + 4 * HOUR ? 2.8 : 3.31],
      deltaCellVoltage: (10 + Math.floor((now - start) / DAY)) / 1000,
    };
    writer.add(readingEvent(values, now, { energy }), now);
    if ((now - start) % (6 * HOUR) === 0) await writer.flush();
  }
}

test('days are those of the zone, with the hours that they have and the energy of each', async () => {
  const days = await daySummaries({ folder, battery: BATTERY, from: start, to: now, zone: 'Europe/Berlin' });
  expect(days.map(({ day, hours }) => [day, hours]).slice(4, 7)).toEqual([
    ['2026-10-24', 24],
    ['2026-10-25', 25],
    ['2026-10-26', 24],
  ]);
  expect(days[5]?.charged).toBeCloseTo(2.5, 1);
  expect(days[6]?.charged).toBeCloseTo(2.4, 1);
  expect(days[0]?.lowestCell).toEqual({ value: 2.8, time: start + 4 * HOUR, cell: 1 });
  expect(days[1]?.lowestCell?.value).toBe(3.3);
  const total = days.reduce((sum, { charged }) => sum + (charged ?? 0), 0);
  expect(total).toBeCloseTo(24, 1);
  expect(spreadTrend(days)).toBeCloseTo(0.001, 4);
});

test('days summarized from quarters of an hour are the same as those from minutes', async () => {
  const zone = 'Europe/Berlin';
  const few = await daySummaries({ folder, battery: BATTERY, from: start, to: now, zone });
  const many = await daySummaries({ folder, battery: BATTERY, from: start - 60 * DAY, to: now, zone });
  expect(many.map(({ day }) => day)).toEqual(few.map(({ day }) => day));
  expect(many.map(({ readings }) => readings)).toEqual(few.map(({ readings }) => readings));
  expect(many[5]?.charged).toBeCloseTo(few[5]?.charged ?? 0, 1);
});
