import { Fleet, openAdapter } from '@ubmsc/client';
import { Recorder, parseRecording, type Recording, type RecordingRedaction } from '@ubmsc/recording';
import type { Reading } from '@ubmsc/protocol';
import { replay, type Replay } from '@ubmsc/simulator';
import type { FakeClock } from '../../faults/fake-clock.ts';

/** What a central saw of a recording. */
export interface Seen {
  /** What it recorded itself. */
  readonly recording: Recording;
  /** The readings that it accepted. */
  readonly readings: readonly Reading[];
}

/** The longest recording, in milliseconds. */
const LONGEST = 3_600_000;

/** Plays a recording through bleno and the ether to noble, where it is read and recorded. */
export async function replaySession(
  recording: Recording,
  clock: FakeClock,
  { showSecrets = true }: RecordingRedaction = {},
): Promise<Seen> {
  let text = '';
  const recorder = new Recorder({
    origin: 'test',
    showSecrets,
    begin: () => ({ write: (line) => (text += line), end: () => {} }),
  });
  let running: Replay | undefined;
  const fleet = new Fleet({
    open: async (adapter) =>
      await openAdapter(adapter, {
        replay: async ({ ether }) => (running = await replay([recording], { ether })),
        observe: recorder.observe,
      }),
  });
  recorder.follow(fleet);
  const readings: Reading[] = [];
  using watching = fleet.observe((event) => void (event.kind === 'reading' && readings.push(event.reading)));
  await clock.during(fleet.set({ allOf: 'replay:test' }));
  await clock.until(() => running?.ended.aborted ?? false, LONGEST);
  await clock.during(fleet.close());
  recorder.end();
  watching[Symbol.dispose]();
  await clock.pass(30_000);
  return { recording: parseRecording(text), readings };
}
