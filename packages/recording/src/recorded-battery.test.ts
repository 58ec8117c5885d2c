import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { BatteryEvent } from '@ubmsc/session';
import { eventTime, RecordedBattery } from './recorded-battery.ts';
import { parseRecording } from './format/recording-reader.ts';
import type { RecordingEvent, RecordingHeader } from './format/recording.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url);
const names = readdirSync(fixtures).filter((name) => name.endsWith('.jsonl'));

function recording(name: string): { header: RecordingHeader; events: readonly RecordingEvent[] } {
  return parseRecording(readFileSync(new URL(name, fixtures), 'utf8'));
}

/** What happens by all events of a recording. */
function played(name: string, wanted: (event: RecordingEvent) => boolean = () => true): BatteryEvent[] {
  const { header, events } = recording(name);
  const battery = new RecordedBattery('VAN', header);
  return events.filter(wanted).flatMap((event) => battery.push(event));
}

const isReading = ({ kind }: BatteryEvent): boolean => kind === 'reading';

describe.each(names)('the battery of %s', (name) => {
  test('is in the states that were recorded, says what it is, and is read', () => {
    const { events } = recording(name);
    const recorded = events.flatMap((event) => (event.kind === 'state' ? [event.state] : []));
    const happened = played(name);
    expect(happened.flatMap((event) => (event.kind === 'state' ? [event.status.state] : []))).toEqual(
      recorded,
    );
    expect(happened.findIndex(({ kind }) => kind === 'deviceInfo')).toBeLessThan(
      happened.findIndex(isReading),
    );
    const last = happened.at(-1)?.status;
    expect(last?.deviceInfo?.softwareVersion).toBe(recording(name).header.device.firmware);
    expect(last?.counters).toMatchObject({ frames: happened.filter(isReading).length, checksumErrors: 0 });
    expect(last?.counters.frames).toBeGreaterThan(5);
  });

  test('has times of the recording, which never step back', () => {
    const { header, events } = recording(name);
    const happened = played(name);
    const started = Date.parse(header.started);
    for (const kind of ['state', 'reading']) {
      const times = happened.filter((event) => event.kind === kind).map(({ time }) => time);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(times[0]).toBeGreaterThanOrEqual(started);
    }
    const [last] = events.slice(-1);
    expect(happened.at(-1)?.time).toBe(last && eventTime(last, started));
  });
});

test('a battery whose recording knows of no states is live from its first reading on', () => {
  const happened = played('weak-cell.jsonl', ({ kind }) => kind !== 'state');
  const first = happened.findIndex(isReading);
  expect(happened[first - 1]).toMatchObject({
    kind: 'state',
    from: 'waiting',
    status: { state: 'streaming' },
  });
  expect(happened.filter(({ kind }) => kind === 'state')).toHaveLength(1);
});

test('a part that begins later goes on with the same battery', () => {
  const { header, events } = recording('jk02-32s-15.41.jsonl');
  const battery = new RecordedBattery('VAN', header);
  for (const event of events) battery.push(event);
  const { frames } = battery.status.counters;
  const later = Date.parse(header.started) + 3600_000;
  const happened = events.flatMap((event) => battery.push(event, later));
  expect(happened.find(isReading)?.status.readingTime).toBeGreaterThan(later);
  expect(battery.status.counters.frames).toBe(2 * frames);
});

test('what was before the start of a part is told at its start', () =>
  expect(eventTime({ ms: -5000, kind: 'state', state: 'heard' }, 1000)).toBe(1000));

test('a record with a wrong checksum is counted and not accepted', () => {
  const { header, events } = recording('weak-cell.jsonl');
  const battery = new RecordedBattery('VAN', header);
  const damaged = events.map((event, index) =>
    event.kind === 'notify' && index % 50 === 40
      ? { ...event, bytes: event.bytes.map((byte, at) => (at === 9 ? byte ^ 4 : byte)) }
      : event,
  );
  for (const event of damaged) battery.push(event);
  expect(battery.status.counters.checksumErrors).toBeGreaterThan(5);
  expect(battery.status.counters.frames).toBeLessThan(played('weak-cell.jsonl').filter(isReading).length);
});
