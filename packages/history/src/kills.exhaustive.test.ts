import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { times } from '@ubmsc/testing';
import { bundleProgram, linesUntilKilled } from '@ubmsc/testing/killed-program';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BATTERY } from '../test/made-source.ts';
import { valueAt } from '../test/made-value.ts';
import { query } from './query.ts';
import { HOUR } from './steps.ts';
import { HistoryWriter } from './writer.ts';

const KILLS = times(3, 200);

const start = Date.UTC(2026, 10, 29, 9);

let folder = '';
let program = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-kills-'));
  program = join(folder, 'writing-process.mjs');
  await bundleProgram(new URL('../test/writing-process.ts', import.meta.url), program);
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

/** Writes from a time on until it is killed, some milliseconds after it has begun. Resolves with what it said of last. */
async function life(history: string, from: number, after: number): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const whole = await linesUntilKilled([program, history, String(from)], (_, kill) => {
    timer ??= setTimeout(kill, after);
  });
  return Number(whole.at(-1));
}

// Each life takes up to a second, and many times as long on a busy machine.
const timeout = KILLS * 60_000;

test(`through ${KILLS} kills nothing that was written is lost, doubled or wrong`, { timeout }, async () => {
  const history = join(folder, 'history');
  const lives: { readonly from: number; readonly written: number }[] = [];
  let from = start;
  for (let kill = 0; kill < KILLS; kill++) {
    const written = await life(history, from, (kill * 7919) % 90);
    lives.push({ from, written });
    // What the next one writes is later than anything that this one can have written.
    from = Math.ceil(written / HOUR) * HOUR + HOUR;
  }
  await using last = await HistoryWriter.open({ folder: history, wallClock: () => from, rawDays: 4000 });
  await last.flush();
  const { table, damaged } = await query({ folder: history, battery: BATTERY, from: start, to: from });
  const seen = new Set(table.times);
  expect(seen.size).toBe(table.times.length);
  expect(damaged).toEqual([]);
  const missing: number[] = [];
  for (const { from: begin, written } of lives)
    for (let time = begin; time < written; time += 50_000) if (!seen.has(time)) missing.push(time);
  expect(missing).toEqual([]);
  const value = table.columns.get('battery_current')?.value;
  const wrong = [...table.times].filter((time, row) => value?.[row] !== valueAt(time));
  expect(wrong).toEqual([]);
  // Minutes are made of the same readings, once.
  const minutes = await query({ folder: history, battery: BATTERY, from: start, to: from, every: HOUR });
  const counted = (minutes.table.counts ?? new Float64Array()).reduce((sum, count) => sum + count, 0);
  expect(counted).toBe(table.times.length);
});
