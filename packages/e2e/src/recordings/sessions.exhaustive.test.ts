import type { Reading } from '@ubmsc/protocol';
import { times } from '@ubmsc/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { startFakeClock } from '../../faults/fake-clock.ts';
import { corpusRecordings, sessionsAreHere } from './corpus.ts';
import { decodeDirectly } from './decode-directly.ts';
import { replaySession } from './replay-session.ts';

/** The values of a reading, without when it came. */
function values({ source, ...rest }: Reading): unknown {
  return { ...rest, variant: source.variant };
}

const rows: string[] = [];

function suite(): void {
  afterAll(() => {
    console.log(['session                          frames  values  equal', ...rows].join('\n'));
  });

  const tried = [...corpusRecordings()].filter((_, index) => index % times(6, 1) === 0);
  test.each(tried)('%s: noble gets the frames and values of the decoder', async (id, recording) => {
    using clock = startFakeClock();
    const direct = decodeDirectly(recording);
    const seen = await replaySession(recording, clock);
    const heard = decodeDirectly(seen.recording);
    expect(heard.frames).toEqual(direct.frames);
    expect(seen.readings.map(values)).toEqual(direct.readings.map(values));
    const count = direct.readings.reduce((sum, reading) => sum + Object.keys(reading).length, 0);
    rows.push(
      `${id.padEnd(32)} ${String(direct.frames.length).padStart(6)} ${String(count).padStart(7)}  all`,
    );
  });
}

if (sessionsAreHere) describe('a session of a real device, replayed through bleno', suite);
else test.skip('sessions of real devices (skipped: none in ../shared/corpus)', () => {});
