import { readdirSync, readFileSync, statSync } from 'node:fs';
import { parseRecording, recordingJsonSchema } from '@ubmsc/recording';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startFakeClock } from '../../faults/fake-clock.ts';
import { contentOf } from './content.ts';
import { fixtureTable, loadTable } from './fixture-table.ts';
import { recordSimulation } from './record-simulation.ts';
import { replaySession } from './replay-session.ts';

const folder = new URL('../../../../fixtures/', import.meta.url);

/** When fixtures begin. */
const START = Date.UTC(2026, 0, 1);

/** How far times of a replay may be from those of its recording, in milliseconds. */
const TOLERANCE = 5;

const loads = Object.entries(loadTable).map(([name, row]) => [`loads/${name}`, row] as const);

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

test.each([...Object.entries(fixtureTable), ...loads])(
  'the recording %s is what the simulator makes of its seed',
  async (name, row) => {
    using clock = startFakeClock();
    vi.setSystemTime(START);
    vi.spyOn(Math, 'random').mockReturnValue(0.5); // the pause before the next try
    const text = await recordSimulation(row, clock);
    await expect(text).toMatchFileSnapshot(new URL(`${name}.jsonl`, folder).pathname);
  },
);

test('recordings under loads are those of the table, and small', () => {
  const files = readdirSync(new URL('loads/', folder));
  expect(files.toSorted()).toEqual(
    Object.keys(loadTable)
      .map((name) => `${name}.jsonl`)
      .toSorted(),
  );
  const size = files.reduce((sum, file) => sum + statSync(new URL(`loads/${file}`, folder)).size, 0);
  expect(size).toBeLessThan(300_000);
});

test('there is no other recording, and the readme tells of each', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  expect(files.toSorted()).toEqual(
    Object.keys(fixtureTable)
      .map((name) => `${name}.jsonl`)
      .toSorted(),
  );
  const readme = readFileSync(new URL('README.md', folder), 'utf8').replace(/ +/g, ' ');
  for (const [name, { note }] of Object.entries(fixtureTable))
    expect(readme).toContain(`| \`${name}\` | ${note} |`);
});

test('the JSON Schema is that by which recordings are read', async () => {
  const text = `${JSON.stringify(recordingJsonSchema, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(new URL('recording.schema.json', folder).pathname);
});

test.each(Object.keys(fixtureTable))(
  '%s replayed and recorded is the same recording, at the same times',
  async (name) => {
    using clock = startFakeClock();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const first = parseRecording(readFileSync(new URL(`${name}.jsonl`, folder), 'utf8'));
    const { recording: second } = await replaySession(first, clock);
    expect(second.events.map(contentOf)).toEqual(first.events.map(contentOf));
    const origin = (second.events[0]?.ms ?? 0) - (first.events[0]?.ms ?? 0);
    const distances = second.events.map(({ ms }, index) =>
      Math.abs(ms - origin - (first.events[index]?.ms ?? 0)),
    );
    const furthest = Math.max(...distances);
    rows.push(
      `${name.padEnd(18)} ${String(first.events.length).padStart(6)}  ${String(second.events.length).padStart(14)}  ${furthest.toFixed(1).padStart(12)}`,
    );
    expect(furthest).toBeLessThanOrEqual(TOLERANCE);
  },
);
