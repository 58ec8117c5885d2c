import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatteryEvent } from '@ubmsc/session';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BATTERY, readingEvent } from '../test/made-source.ts';
import { importEvents } from './import.ts';
import { query } from './query.ts';
import { HOUR, MINUTE } from './steps.ts';
import { HistoryWriter } from './writer.ts';

const start = Date.UTC(2025, 2, 1);

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ubmsc-history-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

/** Readings from one minute to another, three in each. */
async function* readings(from: number, to: number): AsyncGenerator<BatteryEvent> {
  for (let time = start + from * MINUTE; time < start + to * MINUTE; time += 20_000)
    yield await Promise.resolve(readingEvent({ batteryCurrent: 1 }, time));
}

async function countsIn(): Promise<readonly number[]> {
  const { table } = await query({ folder, battery: BATTERY, from: start, to: start + HOUR, every: MINUTE });
  return [...(table.counts ?? [])];
}

test('readings of another time are taken once, also when recordings overlap', async () => {
  expect(await importEvents(readings(0, 10), { folder })).toEqual({ readings: 30, known: 0 });
  expect(await importEvents(readings(5, 15), { folder })).toEqual({ readings: 15, known: 15 });
  expect(await importEvents(readings(0, 15), { folder })).toEqual({ readings: 0, known: 45 });
  expect(await countsIn()).toEqual(Array.from({ length: 15 }, () => 3));
});

test('while a history is written, nothing is imported into it', async () => {
  await using writer = await HistoryWriter.open({ folder });
  await writer.flush();
  await expect(importEvents(readings(0, 1), { folder })).rejects.toThrow('is used by another process');
});
