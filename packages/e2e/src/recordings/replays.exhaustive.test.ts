import { readFileSync } from 'node:fs';
import { parseRecording } from '@ubmsc/recording';
import { times } from '@ubmsc/testing';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startFakeClock } from '../../faults/fake-clock.ts';
import { contentOf, statesFirst } from './content.ts';
import { fixtureTable } from './fixture-table.ts';
import { recordSimulation } from './record-simulation.ts';
import { replaySession } from './replay-session.ts';

const folder = new URL('../../../../fixtures/', import.meta.url);

/** How far times of a replay may be from those of its recording, in milliseconds. */
const TOLERANCE = 5;

const rows: string[] = [];

// Libraries are loaded when they are first needed, and the fake clock goes on meanwhile.
beforeAll(async () => {
  using clock = startFakeClock();
  await recordSimulation({ device: {}, seconds: 1 }, clock);
});

afterEach(() => vi.restoreAllMocks());

afterAll(() => {
  console.log(['recording          events  replayed alike  furthest, ms', ...rows].join('\n'));
});

test.each(Object.keys(fixtureTable).filter((_, index) => index % times(4, 1) === 0))(
  '%s replayed and recorded is the same recording, at the same times',
  async (name) => {
    using clock = startFakeClock();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const first = parseRecording(readFileSync(new URL(`${name}.jsonl`, folder), 'utf8'));
    const { recording: second } = await replaySession(first, clock);
    const recorded = statesFirst(first.events);
    const replayed = statesFirst(second.events);
    expect(replayed.map(contentOf)).toEqual(recorded.map(contentOf));
    const origin = (replayed[0]?.ms ?? 0) - (recorded[0]?.ms ?? 0);
    const distances = replayed.map(({ ms }, index) => Math.abs(ms - origin - (recorded[index]?.ms ?? 0)));
    const furthest = Math.max(...distances);
    rows.push(
      `${name.padEnd(18)} ${String(first.events.length).padStart(6)}  ${String(second.events.length).padStart(14)}  ${furthest.toFixed(1).padStart(12)}`,
    );
    expect(furthest).toBeLessThanOrEqual(TOLERANCE);
  },
);
