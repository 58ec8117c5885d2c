import { readdirSync, readFileSync, statSync } from 'node:fs';
import { recordingJsonSchema } from '@ubmsc/recording';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startFakeClock } from '../../faults/fake-clock.ts';
import { fixtureTable, loadTable } from './fixture-table.ts';
import { recordSimulation } from './record-simulation.ts';

const folder = new URL('../../../../fixtures/', import.meta.url);

/** When fixtures begin. */
const START = Date.UTC(2026, 0, 1);

const loads = Object.entries(loadTable).map(([name, row]) => [`loads/${name}`, row] as const);

// Libraries are loaded when they are first needed, and the fake clock goes on meanwhile.
beforeAll(async () => {
  using clock = startFakeClock();
  await recordSimulation({ device: {}, seconds: 1 }, clock);
});

afterEach(() => vi.restoreAllMocks());

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
