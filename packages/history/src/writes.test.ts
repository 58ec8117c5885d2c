import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readingEvent } from '../test/made-source.ts';
import { DAY, MINUTE } from './steps.ts';
import { HistoryWriter } from './writer.ts';

let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ubmsc-history-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true }));

test('a day of three batteries is at most 2,000 writes to the disk', async () => {
  let now = Date.UTC(2026, 10, 29);
  const end = now + DAY;
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
  expect(writes).toBeGreaterThan(1400);
  expect(writes).toBeLessThanOrEqual(2000);
});
