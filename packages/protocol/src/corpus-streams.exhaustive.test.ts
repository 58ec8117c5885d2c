import { afterAll, expect, test } from 'vitest';
import {
  captureBytes,
  captureFrames,
  describeCorpus,
  fromHex,
  notifications,
  readCaptures,
  readSessions,
  randomFrom,
  times,
  toHex,
  type Capture,
  type Choose,
} from '@ubmsc/testing';
import { recordNames, recordTypes, type Frame } from './frame.ts';
import { StreamParser, type StreamItem } from './stream-parser.ts';
import { judge } from './variant.ts';

/** How often each session is cut in another way. */
const CUTS = times(5, 200);

const SEED = 20_260_102;

/** Longest pieces of a cut: from a few bytes to several frames. */
const LONGEST = [5, 20, 150, 512, 2000];

describeCorpus('streams of bytes', () => {
  const sessions = readSessions().map((session) => ({ ...session, chunks: notifications(session) }));
  const output: string[] = [];
  afterAll(() => console.log(output.join('\n')));

  test('a session gives every frame that was recorded, by its own notifications', () => {
    output.push(columns(['session', 'chunks', 'bytes', 'frames', 'requests', 'AT', 'discarded']));
    for (const { id, chunks, records_seen: listed } of sessions) {
      const items = parse(chunks);
      expect(recordCounts(items), id).toEqual(listed);
      expect(lengthOf(items), id).toBe(totalLength(chunks));
      output.push(
        columns([id, chunks.length, totalLength(chunks), ...summary(items), discarded(items) || 'nothing']),
      );
    }
  });

  test('a session gives the same frames however its bytes are cut', () => {
    const random = randomFrom(SEED);
    for (const { id, chunks } of sessions) {
      const bytes = Buffer.concat(chunks);
      const whole = describeItems(parse(chunks));
      for (let turn = 0; turn < CUTS; turn++) {
        const longest = LONGEST[turn % LONGEST.length] ?? bytes.length;
        const same = describeItems(parse(cut(bytes, longest, random))) === whole;
        expect(same, `${id}, cut ${turn} after seed ${SEED}, pieces up to ${longest}`).toBe(true);
      }
    }
    output.push(`each cut in another way ${CUTS} times (seed ${SEED}): the same items every time`, '');
  });

  test('a capture gives the frames that it is said to have, where they are said to be', () => {
    for (const capture of readCaptures('captures.json')) {
      expect(offsets(parse(capture.notifications.map(fromHex))), capture.id).toEqual(soundOffsets(capture));
    }
  });

  test('a defective capture gives a reason for what is lost, never a wrong frame', () => {
    const bad = readCaptures('bad.json');
    for (const capture of bad) {
      const items = parse([captureBytes(capture)]);
      expect(offsets(items), capture.id).toEqual(soundOffsets(capture));
      expect(lengthOf(items), capture.id).toBe(captureBytes(capture).length);
      for (const frame of frames(items))
        expect(judge(frame).candidates, capture.id).toEqual([capture.variant]);
      expect(discarded(items), capture.id).not.toBe('');
      output.push(`bad: ${capture.id} (${capture.defect ?? ''}): ${outcome(items)}`);
    }
    expect(bad.length).toBeGreaterThan(0);
  });

  test('what follows a defective capture is found, unless the two together pass the eight-bit checksum', () => {
    const good = readCaptures('captures.json').flatMap(captureFrames);
    for (const capture of readCaptures('bad.json')) {
      const sound = soundOffsets(capture).length;
      const swallowed = good.filter((frame) => {
        const behind = frames(parse([captureBytes(capture), frame.bytes])).slice(sound);
        const isFound =
          behind.length === 1 && behind.every(({ bytes }) => toHex(bytes) === toHex(frame.bytes));
        if (!isFound) expect(behind.filter(isReading), capture.id).toEqual([]);
        return !isFound;
      });
      expect(swallowed.length, capture.id).toBeLessThan(good.length / 64);
      const found = good.length - swallowed.length;
      output.push(`after ${capture.id}: ${found} of ${good.length} frames found, no wrong reading`);
    }
  });
});

function parse(chunks: readonly Uint8Array[]): StreamItem[] {
  const parser = new StreamParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
}

function cut(bytes: Uint8Array, longest: number, random: Choose): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const piece = bytes.subarray(at, at + 1 + random(longest));
    pieces.push(piece);
    at += piece.length;
  }
  return pieces;
}

const frames = (items: readonly StreamItem[]): Frame[] =>
  items.flatMap((item) => (item.kind === 'frame' ? [item.frame] : []));

/** Whether a reading would be made of it. */
const isReading = (frame: Frame): boolean =>
  frame.record === 'cellData' && judge(frame).candidates.length === 1;

const offsets = (items: readonly StreamItem[]): number[] =>
  items.flatMap((item) => (item.kind === 'frame' ? [item.offset] : []));

const soundOffsets = (capture: Capture): number[] =>
  capture.frames.filter(({ checksum_ok: sound }) => sound).map(({ offset }) => offset);

const totalLength = (chunks: readonly Uint8Array[]): number =>
  chunks.reduce((sum, { length }) => sum + length, 0);

/** Everything about the items that a user of the parser can see. */
function describeItems(items: readonly StreamItem[]): string {
  return items
    .map((item) => {
      const place = `${item.kind} ${item.offset}`;
      if (item.kind === 'frame') return `${place} ${toHex(item.frame.bytes)}`;
      if (item.kind === 'discarded') return `${place} ${item.reason} ${toHex(item.bytes)}`;
      return item.kind === 'request' ? `${place} ${item.command}` : place;
    })
    .join('\n');
}

/** Bytes that the items account for: none may be missing or counted twice. */
function lengthOf(items: readonly StreamItem[]): number {
  const lengths = { frame: 300, request: 20, heartbeat: 4 };
  return items.reduce(
    (sum, item) => sum + (item.kind === 'discarded' ? item.bytes.length : lengths[item.kind]),
    0,
  );
}

/** How many frames of each record, in the form of the recordings: `{ "03": 1 }`. */
function recordCounts(items: readonly StreamItem[]): Record<string, number> {
  const counts = recordNames.map((record) => [
    recordTypes[record].toString(16).padStart(2, '0'),
    frames(items).filter((frame) => frame.record === record).length,
  ]);
  return Object.fromEntries(counts.filter(([, count]) => count !== 0));
}

function summary(items: readonly StreamItem[]): number[] {
  return (['frame', 'request', 'heartbeat'] as const).map(
    (kind) => items.filter((item) => item.kind === kind).length,
  );
}

function discarded(items: readonly StreamItem[]): string {
  return items
    .flatMap((item) =>
      item.kind === 'discarded' ? [`${item.bytes.length} bytes at ${item.offset} (${item.reason})`] : [],
    )
    .join(', ');
}

function outcome(items: readonly StreamItem[]): string {
  const names = frames(items).map(({ record }) => `the ${record} frame`);
  return `${names.join(', ') || 'no frame'}; discarded ${discarded(items)}`;
}

function columns([first = '', ...rest]: readonly (string | number)[]): string {
  const cells = rest.slice(0, -1).map((cell) => String(cell).padStart(9));
  return `${String(first).padEnd(28)}${cells.join('')}  ${rest.at(-1) ?? ''}`;
}
