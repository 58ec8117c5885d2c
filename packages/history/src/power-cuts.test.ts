import type * as promises from 'node:fs/promises';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { BATTERY, readingEvent } from '../test/made-source.ts';
import { valueAt } from '../test/made-value.ts';
import { SyncedDisk } from '../test/synced-disk.ts';
import { query } from './query.ts';
import { HOUR, MINUTE } from './steps.ts';
import { verify } from './verify.ts';
import type * as writerModule from './writer.ts';

let power: SyncedDisk | undefined;

let writers: typeof writerModule;

// Files share modules: another one may have imported the writer with the files of the system.
beforeAll(async () => {
  vi.resetModules();
  vi.doMock('node:fs/promises', async (original) => {
    const files = await original<typeof promises>();
    const open: typeof files.open = async (...args) => {
      const handle = await files.open(...args);
      power?.follow(String(args[0]), handle);
      return handle;
    };
    return { ...files, open };
  });
  writers = await import('./writer.ts');
});
afterAll(() => {
  vi.doUnmock('node:fs/promises');
  vi.resetModules();
});

/** The end of an hour, a day and a month is near. */
const start = Date.UTC(2026, 10, 30, 23, 57);

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ubmsc-power-'))));
afterEach(async () => {
  power?.[Symbol.dispose]();
  power = undefined;
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['nothing that was not synced', false],
  ['half of what was not synced', true],
])('after a loss of power what was written is there, once, with %s', async (_, torn) => {
  const before = join(folder, 'before');
  await mkdir(before);
  let now = start;
  let written = start;
  /** What would be left of the disk at each moment, and the time up to which everything must be in it. */
  const left: { readonly copy: string; readonly until: number }[] = [];
  const cut = (): void => {
    const copy = join(folder, `after-${left.length}`);
    disk.copyTo(copy, torn);
    left.push({ copy, until: written });
  };
  const disk = (power = new SyncedDisk(before, cut));
  const writer = await writers.HistoryWriter.open({
    folder: join(before, 'state', 'history'),
    wallClock: () => now,
  });
  while (now < start + 7 * MINUTE) {
    for (const end = now + MINUTE; now < end; now += 10_000)
      writer.add(readingEvent({ batteryCurrent: valueAt(now) }, now), now);
    await writer.flush();
    written = now;
    cut();
  }
  await writer[Symbol.asyncDispose]();
  cut();
  power = undefined;
  disk[Symbol.dispose]();
  const wrong: string[] = [];
  for (const { copy, until } of left) {
    const history = join(copy, 'state', 'history');
    await (
      await writers.HistoryWriter.open({ folder: history, wallClock: () => now })
    )[Symbol.asyncDispose]();
    const { table } = await query({ folder: history, battery: BATTERY, from: start, to: now + HOUR });
    const times = [...table.times];
    const values = table.columns.get('battery_current')?.value;
    const isWhole = times.every(
      (time, row) => time === start + row * 10_000 && values?.[row] === valueAt(time),
    );
    const damage = (await verify(history, now)).flatMap(({ problems }) => problems);
    if (!isWhole || start + times.length * 10_000 < until || damage.length > 0)
      wrong.push(`${copy}: ${times.length} of ${(until - start) / 10_000} rows, ${damage.join(', ')}`);
  }
  expect(wrong).toEqual([]);
  expect(left.length).toBeGreaterThan(30);
});
