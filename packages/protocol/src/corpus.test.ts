import { afterAll, expect, test } from 'vitest';
import {
  agrees,
  decodeAll,
  excuses,
  meaningOf,
  unexplained,
  type Difference,
} from '../test/corpus-expectations.ts';
import {
  captureBytes,
  captureFrames,
  describeCorpus,
  notifications,
  readCaptures,
  readSessions,
  toHex,
  type Capture,
} from '@ubmsc/testing';
import { FRAME_LENGTH, recordName, sealFrame, type Frame } from './frame.ts';
import { decode, encode, type Layout } from './layout.ts';
import { layouts, type Variant } from './layouts/index.ts';
import { StreamParser } from './stream-parser.ts';
import { judge } from './variant.ts';

describeCorpus('published captures', () => {
  const captures = readCaptures('captures.json');
  const sessions = readSessions();
  const known = [
    ...captures.map((capture) => ({ ...capture, file: 'captures', frames: captureFrames(capture) })),
    ...sessions.map((session) => ({
      ...session,
      file: 'sessions',
      frames: framesIn(notifications(session)),
    })),
  ];
  const output: string[] = [];
  afterAll(() => console.log(output.join('\n')));

  test('every frame tells its variant on its own, and rightly', () => {
    for (const { id, variant, frames } of known) {
      for (const frame of frames) expect(judge(frame).candidates, `${id} ${frame.record}`).toEqual([variant]);
    }
  });

  test('every frame decodes, by the variant that it tells, and encodes to the same bytes', () => {
    const counts = new Map<string, number>();
    for (const { id, file, frames } of known) {
      for (const frame of frames) {
        const layout = layoutOf(frame);
        expect(toHex(encode(layout, decode(layout, frame)).bytes), `${id} ${frame.record}`).toBe(
          toHex(frame.bytes),
        );
        counts.set(file, (counts.get(file) ?? 0) + 1);
      }
    }
    const each = [...counts].map(([file, count]) => `${count} of ${file}`);
    output.push(`frames told and byte-identical after decode and encode: ${each.join(', ')}`);
    expect(counts.get('captures')).toBe(captures.flatMap(({ frames }) => frames.filter(isSound)).length);
    expect(counts.get('sessions')).toBe(
      sessions
        .flatMap(({ records_seen: seen }) => Object.values(seen))
        .reduce((sum, count) => sum + count, 0),
    );
  });

  test('every value that a source states is the one shown, or the reference says why not', () => {
    const results = captures.flatMap(compare);
    output.push('', ...table(captures, results), '');
    output.push(...excuses.map((each) => `excused: ${inWords(each, results)} (${each.citation})`));
    output.push(...unexplained.map((each) => `not explained: ${inWords(each, results)}`));
    const unmapped = results.filter(({ verdict }) => verdict === 'unmapped').map(({ name }) => name);
    expect([...new Set(unmapped)], 'names without a meaning').toEqual([]);
    const different = results
      .filter(({ verdict }) => verdict === 'different')
      .map(
        ({ id, name, expected, actual }) => `${id}, ${name}: ${String(expected)}, shown ${String(actual)}`,
      );
    expect(different).toEqual([]);
  });

  test('every excuse cites a row of section 9, and is for one value that does not agree', () => {
    const results = captures.flatMap(compare);
    const those = (verdict: Result['verdict']): string[] =>
      results.filter((result) => result.verdict === verdict).map(key);
    const key = ({ id, name }: { id: string; name: string }): string => `${id}, ${name}`;
    expect(those('excused').toSorted()).toEqual(excuses.map(key).toSorted());
    expect(those('not explained').toSorted()).toEqual(unexplained.map(key).toSorted());
    for (const { citation } of excuses) expect(citation).toMatch(/^section 9, row \d+$/);
  });
});

const isSound = ({ checksum_ok: sound }: Capture['frames'][number]): boolean => sound;

function framesIn(chunks: readonly Uint8Array[]): Frame[] {
  const parser = new StreamParser();
  return chunks
    .flatMap((chunk) => parser.push(chunk))
    .flatMap((item) => (item.kind === 'frame' ? [item.frame] : []));
}

/** Without a hint: the frame alone says by which layout it is decoded. */
function toldVariant(frame: Frame): Variant {
  const [variant, ...others] = judge(frame).candidates;
  if (!variant || others.length > 0) throw new Error(`a ${frame.record} frame tells no variant`);
  return variant;
}

function layoutOf(frame: Frame): Layout {
  const records: Partial<Record<Frame['record'], Layout>> = layouts[toldVariant(frame)];
  const layout = records[frame.record];
  if (!layout) throw new Error(`no layout for ${frame.record}`);
  return layout;
}

/**
 * The frames whose values a source states. One source has put dummies into a frame without correcting the checksum:
 * the parser refuses it (see the streams), but the values can be compared.
 */
function comparableFrames(capture: Capture): Frame[] {
  if (capture.frames.every(isSound)) return captureFrames(capture);
  const bytes = captureBytes(capture).slice(0, FRAME_LENGTH);
  const record = recordName(bytes[4]);
  return record ? [sealFrame(record, bytes)] : [];
}

interface Result {
  readonly id: string;
  readonly source: string;
  readonly name: string;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly verdict: 'equal' | 'different' | 'excused' | 'not explained' | 'unmapped';
}

function compare(capture: Capture): Result[] {
  const frames = comparableFrames(capture).map((frame) => ({ frame, variant: toldVariant(frame) }));
  const decoded = decodeAll(frames);
  if (!decoded) throw new Error(`${capture.id} has no frame`);
  return Object.entries(capture.expected ?? {}).map(([name, expected]): Result => {
    const what = { id: capture.id, source: capture.source.repo, name, expected };
    const found = meaningOf(name, capture.source.repo);
    if (!found) return { ...what, actual: undefined, verdict: 'unmapped' };
    const actual = found.meaning.value(decoded, found.index);
    if (agrees(actual, expected, found.meaning.within)) return { ...what, actual, verdict: 'equal' };
    const isThis = ({ id, name: of }: Difference): boolean => id === capture.id && of === name;
    const known = excuses.some(isThis) ? 'excused' : unexplained.some(isThis) ? 'not explained' : undefined;
    return { ...what, actual, verdict: known ?? 'different' };
  });
}

function table(captures: readonly Capture[], results: readonly Result[]): string[] {
  const row = (title: string, isOf: (source: string) => boolean): string[] => {
    const own = captures.filter(({ source }) => isOf(source.repo));
    const values = results.filter(({ source }) => isOf(source));
    const count = (verdict: Result['verdict']): number =>
      values.filter((result) => result.verdict === verdict).length;
    const counts = [
      own.length,
      own.flatMap(captureFrames).length,
      own.filter(({ expected }) => expected).length,
      values.length,
      count('equal'),
      count('excused'),
      count('not explained'),
    ];
    return [title, ...counts.map(String)];
  };
  return [
    ['source', 'captures', 'frames', 'w. values', 'values', 'equal', 'excused', 'unexplained'],
    ...[...new Set(captures.map(({ source }) => source.repo))].map((repo) =>
      row(repo, (source) => source === repo),
    ),
    row('all', () => true),
  ].map(([source = '', ...cells]) => source.padEnd(42) + cells.map((cell) => cell.padStart(12)).join(''));
}

function inWords({ id, name, reason }: Difference, results: readonly Result[]): string {
  const of = results.find((result) => result.id === id && result.name === name);
  return `${id}, ${name}: ${JSON.stringify(of?.expected)}, shown ${JSON.stringify(of?.actual)}; ${reason}`;
}
