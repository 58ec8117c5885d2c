import { HistoryWriter } from '../src/writer.ts';
import { readingEvent } from './made-source.ts';
import { valueAt } from './made-value.ts';

// A process that keeps the history of a battery, minute after minute of a made-up clock, until it is killed. It prints
// the time up to which everything is written.
const [folder = '', start = ''] = process.argv.slice(2);
let now = Number(start);
const writer = await HistoryWriter.open({ folder, wallClock: () => now, rawDays: 400 });
for (;;) {
  for (let row = 0; row < 6; row++, now += 50_000) {
    const current = valueAt(now);
    writer.add(readingEvent({ batteryCurrent: current, cellVoltage: [3.3, current / 10] }, now), now);
  }
  await writer.flush();
  process.stdout.write(`${now}\n`);
}
