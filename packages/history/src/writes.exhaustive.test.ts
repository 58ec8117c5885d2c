import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { times } from '@ubmsc/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readingEvent } from '../test/made-source.ts';
import { HOUR, MINUTE } from './steps.ts';
import { HistoryWriter } from './writer.ts';

/** The hours that are written, and what at most that comes to. */
const HOURS = times(3, 24);
const MOST = (2000 * HOURS) / 24;

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ubmsc-history-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

test(`${HOURS} hours of three batteries are at most ${MOST} writes to the disk`, async () => {
  let now = Date.UTC(2026, 10, 29);
  const end = now + HOURS * HOUR;
  const writer = await HistoryWriter.open({ folder, wallClock: () => now });
  // Every file is written by a handle of the same class.
  const handle = await open(join(folder, 'probe'), 'w');
  const prototype: { appendFile: typeof handle.appendFile } = Object.getPrototypeOf(handle);
  await handle.close();
  const appended = vi.spyOn(prototype, 'appendFile');
  for (; now < end; now += MINUTE) {
    for (const battery of [1, 2, 3])
      writer.add(
        readingEvent({ batteryCurrent: battery }, now, { address: `C8:47:80:00:00:0${battery}` }),
        now,
      );
    await writer.flush();
  }
  await writer.flush();
  const writes = appended.mock.calls.length;
  await writer[Symbol.asyncDispose]();
  expect(writes).toBeGreaterThan(HOURS * 58);
  expect(writes).toBeLessThanOrEqual(MOST);
});
