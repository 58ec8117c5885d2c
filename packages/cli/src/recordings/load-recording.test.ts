import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadRecording } from './load-recording.ts';

/** Ten seconds. */
const file = fileURLToPath(new URL('../../../../fixtures/jk04-3.3.jsonl', import.meta.url));
const { signal } = new AbortController();

test.each([
  [{ from: 3600 }, `${file} has 10.0 s, nothing from 3600 s on`],
  [{ from: 5, to: 2 }, `nothing of ${file} is played from 5 s to 2 s`],
  [{ to: 0 }, `nothing of ${file} is played from 0 s to 0 s`],
])('a range %j without anything in it is refused', async (range, message) => {
  await expect(loadRecording(file, signal, range)).rejects.toMatchObject({ name: 'UsageError', message });
});

test('a range is a part of a recording', async () => {
  const { events } = await loadRecording(file, signal, { from: 5, to: 9 });
  expect(events.at(-1)?.ms).toBeGreaterThan(3000);
  expect(events.at(-1)?.ms).toBeLessThanOrEqual(4000);
});
