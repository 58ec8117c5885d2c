import { CaptureImport, SessionRecorder, parseRecording, type Recording } from '@ubmsc/recording';
import { times } from '@ubmsc/testing';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { startFakeClock } from '../../faults/fake-clock.ts';
import { capturing } from '../captured.ts';
import { fixtureTable } from './fixture-table.ts';
import { recordSimulation } from './record-simulation.ts';

/** When they are recorded. */
const START = Date.UTC(2026, 0, 1);

/** How far times of an import may be from those of the recording, in milliseconds. */
const TOLERANCE = 5;

const rows: string[] = [];

afterEach(() => vi.restoreAllMocks());

afterAll(() => {
  console.log(['imported           events  links  furthest, ms', ...rows].join('\n'));
});

/** The recordings of the sessions in a capture, in their order. */
function imported(capture: Buffer): Recording[] {
  const texts: string[] = [];
  const recorders = new Map<number, SessionRecorder>();
  const found = new CaptureImport({
    began({ number }) {
      texts[number - 1] = '';
    },
    value(session, value) {
      const { number } = session;
      const recorder =
        recorders.get(number) ??
        new SessionRecorder(session, {
          origin: 'a test',
          begin: () => ({ write: (text) => void (texts[number - 1] += text), end: () => {} }),
        });
      recorders.set(number, recorder);
      recorder.value(value);
    },
    ended: ({ number }, time, reason) => void recorders.get(number)?.end(time, reason),
  });
  found.push(capture);
  expect(found.end()).toMatchObject({ malformed: 0, cutOff: 0, damage: undefined });
  return texts.map((text) => parseRecording(text));
}

/** What went over the link, each with its time since 1970-01-01 UTC. */
function traffic({ header, events }: Recording): { readonly time: number; readonly what: string }[] {
  return events.flatMap((event) =>
    event.kind === 'state'
      ? []
      : {
          time: Date.parse(header.started) + event.ms,
          what: `${event.kind} ${Buffer.from(event.bytes).toString('hex')}`,
        },
  );
}

test.each(Object.entries(fixtureTable).filter((_, index) => index % times(3, 1) === 0))(
  '%s: what was captured while it was recorded imports as what was recorded',
  async (name, row) => {
    using clock = startFakeClock();
    vi.setSystemTime(START);
    vi.spyOn(Math, 'random').mockReturnValue(0.5); // the pause before the next try
    const { bytes, capture } = capturing();
    const recorded = parseRecording(await recordSimulation({ ...row, capture }, clock));
    const links = imported(Buffer.concat(bytes));
    const [there, here] = [traffic(recorded), links.flatMap(traffic)];
    expect(here.map(({ what }) => what)).toEqual(there.map(({ what }) => what));
    const furthest = Math.max(...here.map(({ time }, index) => Math.abs(time - (there[index]?.time ?? 0))));
    expect(furthest).toBeLessThanOrEqual(TOLERANCE);
    for (const { header } of links) {
      const { device, layout, mtu, gatt, simulated, redacted } = recorded.header;
      expect(header).toMatchObject({ device, layout, mtu, gatt, simulated, redacted });
    }
    rows.push(
      `${name.padEnd(17)}  ${String(here.length).padStart(6)}  ${String(links.length).padStart(5)}  ${furthest.toFixed(1).padStart(12)}`,
    );
  },
);
