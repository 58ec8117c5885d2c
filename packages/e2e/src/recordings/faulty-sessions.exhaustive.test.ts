import { parseRecording, type Recording } from '@ubmsc/recording';
import { faults } from '@ubmsc/simulator';
import { times } from '@ubmsc/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startFakeClock } from '../../faults/fake-clock.ts';
import { contentOf, statesFirst } from './content.ts';
import { recordSimulation } from './record-simulation.ts';
import { replaySession } from './replay-session.ts';

/** Where no link comes about, or the adapter fails, there is nothing over the link that could be played. */
const belowTheLink: ReadonlySet<string> = new Set([
  'held-by-other',
  'name', // without one, it is found late
  'out-of-range',
  'scan-mute',
  'vanish',
  'connect-hang',
  'lost-connection-complete',
  'drop-after',
  'pairing',
  'gatt',
  'discovery-hang',
  'subscribe-hang',
]);

/** Events up to the last one on a link: how the search for a lost battery ends is not the recording's. */
function overTheLink({ events }: Recording): readonly string[] {
  const wanted = events.slice(0, events.findLastIndex(({ kind }) => kind !== 'state') + 1);
  return statesFirst(wanted).map(contentOf);
}

const tried = Object.keys(faults)
  .filter((name) => !belowTheLink.has(name))
  .filter((_, index) => index % times(16, 1) === 0);

afterEach(() => vi.restoreAllMocks());

describe('a session in which something goes wrong is replayed as it was recorded', () => {
  test.each(tried)('%s', async (name) => {
    using clock = startFakeClock();
    vi.spyOn(Math, 'random').mockReturnValue(0.5); // the pause before the next try
    const text = await recordSimulation({ device: { seed: 3 }, faults: [name], seconds: 20 }, clock);
    const first: Recording = parseRecording(text);
    const { recording: second } = await replaySession(first, clock);
    expect(overTheLink(second)).toEqual(overTheLink(first));
  });
});
