import { expect, test } from 'vitest';
import { mutated, randomFrom, times } from '@ubmsc/testing';
import { UsageError } from '@ubmsc/base';
import { commands, encodeRequest, heartbeat } from '@ubmsc/protocol';
import { eventLine, headerLine } from './recording-lines.ts';
import { RecordingReader } from './recording-reader.ts';
import type { RecordingEvent } from './recording.ts';

const COUNT = times(1000, 50_000);

const header = headerLine({
  format: 'ubmsc-recording',
  version: 1,
  started: '2026-01-02T03:04:05.678Z',
  origin: 'a test',
  device: { address: 'C8:47:80:00:00:01', name: 'VÄN' },
  mtu: 131,
  gatt: [{ uuid: 'ffe0', characteristics: [{ uuid: 'ffe1', properties: ['write', 'notify'] }] }],
  simulated: true,
  redacted: true,
  anonymized: false,
});

const events: readonly RecordingEvent[] = [
  { ms: -20, kind: 'write', bytes: encodeRequest(commands.readDeviceInfo) },
  { ms: 0, kind: 'state', state: 'identifying' },
  { ms: 12.5, kind: 'notify', bytes: heartbeat },
  { ms: 90, kind: 'notify', bytes: Uint8Array.from({ length: 128 }, (_, index) => index) },
  { ms: 2000, kind: 'state', state: 'lost', reason: 'linkLost' },
];

const lines = events.map(eventLine);
const files = [header + lines.join(''), header + lines.slice(0, 2).join('').repeat(3), lines.join('')].map(
  (text) => Buffer.from(text),
);

/** What a reader makes of a text that comes in pieces: events and whether it is torn, or the message of its error. */
function read(file: Buffer, size: number): string {
  const reader = new RecordingReader();
  const decoder = new TextDecoder();
  const found: RecordingEvent[] = [];
  try {
    for (let at = 0; at < file.length; at += size)
      found.push(...reader.push(decoder.decode(file.subarray(at, at + size), { stream: true })));
    found.push(...reader.push(decoder.decode()));
    const { events: last, isTorn } = reader.end();
    return JSON.stringify([reader.header, [...found, ...last].map(eventLine), isTorn]);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message;
  }
}

test(
  `${COUNT} mutated recordings are read, or refused with a clear error, the same in any pieces`,
  { timeout: 3_600_000 },
  () => {
    let refused = 0;
    for (let seed = 1; seed <= COUNT; seed++) {
      const random = randomFrom(seed * 2_654_435_761);
      const file = mutated(files, random);
      const whole = read(file, Math.max(1, file.length));
      const pieces = read(file, 1 + random(300));
      if (whole !== pieces) throw new Error(`seed ${seed}: in pieces ${pieces}, not ${whole}`);
      if (whole.startsWith('[')) continue;
      refused++;
      if (!/^line \d+ of the recording is wrong: |recording/.test(whole)) throw new Error(whole);
    }
    expect(refused).toBeGreaterThan(COUNT / 4);
    expect(refused).toBeLessThan(COUNT);
  },
);
