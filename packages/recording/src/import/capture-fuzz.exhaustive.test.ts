import { setImmediate as nextTurn } from 'node:timers/promises';
import { CaptureError } from '../capture/capture-error.ts';
import { CaptureReader } from '../capture/capture-reader.ts';
import { parseRecording } from '../format/recording-reader.ts';
import { describe, expect, test } from 'vitest';
import { captureForms } from '../../test/captures.ts';
import { mutated, randomFrom, times, planted, sessionPackets, together, type Choose } from '@ubmsc/testing';
import { CaptureImport, type CaptureSummary } from './capture-import.ts';
import type { CapturedSession } from './captured-session.ts';
import type { RecordingPart } from '../recorder/recording-writer.ts';
import { SessionRecorder } from './session-recorder.ts';

const COUNT = times(300, 200_000);

/** Octets of the largest record that is kept before it is complete: what Wireshark allows for a packet. */
const LARGEST_RECORD = 262_144;

const packets = together(
  sessionPackets({ handle: 0x40, address: 'C8:47:80:00:00:01', name: 'UPS_BMS', fragment: 251 }),
  sessionPackets({ handle: 0x41, address: 'C8:47:80:00:00:02', mtu: 103, discovery: false, at: 5.5 }),
);
const files = Object.values(captureForms).map((form) => form(packets));

interface Imported {
  readonly summary: CaptureSummary;
  readonly sessions: number;
  readonly values: number;
  /** Of all that was found, in its order. */
  readonly digest: number;
}

/** Imports a file in pieces; `size` gives the length of each. */
function imported(file: Buffer, size: () => number): Imported {
  let [sessions, values, digest] = [0, 0, 0];
  const add = (value: number): void => void (digest = (Math.imul(digest, 31) + value) | 0);
  const reader = new CaptureImport({
    began: (session) => {
      sessions++;
      add(session.since);
    },
    value: (session, { handle, time, bytes }) => {
      values++;
      for (const each of [session.number, session.mtu, handle, time]) add(each);
      for (let at = 0; at < bytes.length; at++) add(bytes[at] ?? 0);
    },
    ended: (session, time, reason) => {
      for (const each of [session.number, session.characteristics.length, time, reason ?? -1]) add(each);
    },
  });
  for (let at = 0; at < file.length;) {
    const end = at + size();
    reader.push(file.subarray(at, end));
    at = end;
  }
  return { summary: reader.end(), sessions, values, digest };
}

function check(file: Buffer, random: Choose): Imported {
  const whole = imported(file, () => Math.max(1, file.length));
  const most = 1 + random(random(16) === 0 ? 16 : 2048);
  const pieces = imported(file, () => 1 + random(most));
  if (whole.digest !== pieces.digest || whole.values !== pieces.values)
    throw new Error('in pieces another content');
  const { damage } = whole.summary;
  if (damage?.message !== pieces.summary.damage?.message) throw new Error('in pieces another error');
  if (damage) {
    if (!(damage instanceof CaptureError) || !damage.message.endsWith(`at offset ${damage.offset}`))
      throw new Error(`an error without its offset: ${damage.message}`);
    if (damage.offset > file.length) throw new Error(`offset ${damage.offset} of ${file.length}`);
  }
  return whole;
}

/** The texts of the recordings that are made of a file. */
function recordingsOf(file: Buffer): string[] {
  const texts: string[] = [];
  const recorders = new Map<CapturedSession, SessionRecorder>();
  const capture = new CaptureImport({
    began(session) {
      const begin = (): RecordingPart => {
        const index = texts.push('') - 1;
        return { write: (text) => void (texts[index] += text), end: () => {} };
      };
      recorders.set(session, new SessionRecorder(session, { origin: 'a test', begin }));
    },
    value: (session, value) => recorders.get(session)?.value(value),
    ended: (session, time, reason) => void recorders.get(session)?.end(time, reason),
  });
  capture.push(file);
  capture.end();
  return texts;
}

/** Bytes of what is still referred to. */
function heapUsed(): number {
  if (!globalThis.gc) throw new Error('start Node with --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

describe(`${COUNT} mutated captures of every format`, () => {
  test(
    'give a clear error with its offset or their content, the same in any pieces, in bounded memory',
    {
      timeout: 3_600_000,
    },
    async () => {
      const counts = { damaged: 0, sessions: 0, values: 0 };
      for (let seed = 1; seed <= Math.min(COUNT, 1000); seed++)
        check(mutated(files, randomFrom(seed)), randomFrom(seed));
      const before = heapUsed();
      for (let seed = 1; seed <= COUNT; seed++) {
        if (seed % 1000 === 0) await nextTurn(); // the runner wants to hear of its workers
        const random = randomFrom(seed * 2_654_435_761);
        const file = mutated(files, random);
        try {
          const { summary, sessions, values } = check(file, random);
          if (summary.damage) counts.damaged++;
          counts.sessions += sessions;
          counts.values += values;
        } catch (error) {
          throw new Error(`seed ${seed}: ${file.toString('base64')}`, { cause: error });
        }
      }
      const grown = (heapUsed() - before) / 2 ** 20;
      console.log(
        `${COUNT} captures: ${counts.damaged} with an error, ${counts.sessions} sessions, ${counts.values} values; heap grown by ${grown.toFixed(1)} MiB`,
      );
      expect(grown).toBeLessThan(64);
    },
  );

  test('make recordings that can be read, and have no planted passcode', () => {
    let [count, leaks] = [0, 0];
    for (let seed = 1; seed <= COUNT / 10; seed++) {
      const random = randomFrom(seed * 40_503 + 1);
      for (const text of recordingsOf(mutated(files, random))) {
        const { events } = parseRecording(text);
        const bytes = events.flatMap((event) => (event.kind === 'state' ? [] : [event.bytes]));
        if (planted.test(Buffer.concat(bytes).toString('latin1'))) leaks++;
        count++;
      }
    }
    expect(leaks).toBe(0);
    expect(count).toBeGreaterThan(COUNT / 20);
  });

  test('keep no more than one record, whatever comes after the damage', () => {
    let most = 0;
    for (let seed = 1; seed <= Math.min(COUNT, 2000); seed++) {
      const random = randomFrom(seed * 2_654_435_761);
      const reader = new CaptureReader();
      const file = mutated(files, random);
      try {
        for (const chunk of [file, ...Array<Buffer>(16).fill(Buffer.alloc(65_536, random(256)))]) {
          Array.from(reader.push(chunk));
          most = Math.max(most, reader.pending);
        }
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
      }
    }
    expect(most).toBeLessThan(LARGEST_RECORD);
    expect(most).toBeGreaterThan(65_536);
  });
});
