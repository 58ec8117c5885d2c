import { execFileSync } from 'node:child_process';
import { mkdtemp, open, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BATTERY, readingEvent } from '../test/made-source.ts';
import { query } from './query.ts';
import { DAY, HOUR, MINUTE } from './steps.ts';
import { verify } from './verify.ts';
import { HistoryWriter } from './writer.ts';

const start = Date.UTC(2026, 10, 20);

/** A small disk in memory, which only root may mount. */
const place = await mkdtemp(join(tmpdir(), 'ubmsc-disk-'));
let cannot: string | undefined;
try {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'pipe' });
} catch {
  cannot = 'a small disk cannot be mounted';
  await rm(place, { recursive: true });
}

describe.skipIf(cannot)(`on a disk of 1 MB (${cannot ?? 'tmpfs'})`, () => {
  const folder = join(place, 'history');
  let now = start;
  let writer: HistoryWriter;

  beforeAll(async () => (writer = await HistoryWriter.open({ folder, wallClock: () => now })));
  afterAll(async () => {
    await writer[Symbol.asyncDispose]();
    execFileSync('umount', [place]);
    await rm(place, { recursive: true });
  });

  /** Readings up to a time, some each minute, written every five minutes. */
  async function live(until: number, perMinute = 6): Promise<void> {
    while (now < until) {
      for (let row = 0; row < 5 * perMinute; row++, now += MINUTE / perMinute) {
        const current = Math.sin(now) * 40;
        writer.add(readingEvent({ batteryCurrent: current, cellVoltage: [3.3 + current / 1e4] }, now), now);
      }
      await writer.flush();
    }
  }

  test('the oldest readings make room, what is written is whole, and minutes of all days stay', async () => {
    await live(start + 2 * DAY);
    // Something else fills the disk but for 40 kB.
    const { bavail, bsize } = await statfs(place);
    await using other = await open(join(place, 'other'), 'w');
    await other.write(Buffer.alloc(Math.max(0, bavail * bsize - 40_000)));
    expect(await readdir(join(folder, BATTERY))).toContain('raw-2026-11-20.ubh');
    await live(now + 12 * HOUR);
    expect(await readdir(join(folder, BATTERY))).not.toContain('raw-2026-11-20.ubh');
    expect(writer.problem).toBeUndefined();
    expect(writer.counters.lost).toBe(0);
    expect((await verify(folder, now)).flatMap(({ problems }) => problems)).toEqual([]);
    const { table } = await query({ folder, battery: BATTERY, from: start, to: now, every: MINUTE });
    expect(table.times.length).toBe((now - start) / MINUTE);
  });

  test('where nothing can make room, the writer goes on and says what is lost, and recovers', async () => {
    await using other = await open(join(place, 'more'), 'w');
    for (;;) {
      try {
        await other.appendFile(Buffer.alloc(512));
      } catch {
        break;
      }
    }
    await live(now + 8 * HOUR, 40);
    expect(writer.problem).toContain('ENOSPC');
    expect(writer.counters.lost).toBeGreaterThan(0);
    await rm(join(place, 'other'));
    await rm(join(place, 'more'));
    await other.truncate(0);
    await live(now + 5 * MINUTE);
    expect(writer.problem).toBeUndefined();
    expect((await verify(folder, now)).flatMap(({ problems }) => problems)).toEqual([]);
  });
});
