import { expect, test } from 'vitest';
import { describeCorpus } from '../test/corpus.ts';
import { cut, damages, randomFrom, type Damage, type Random } from '../test/damage.ts';
import { capturedStreams, recordedSessions, type CellStream } from '../test/recorded-cells.ts';
import type { Frame } from './frame.ts';
import { NotificationParser } from './notification-parser.ts';
import { PlausibilityFilter, type CellDataRecord } from './plausibility/plausibility-filter.ts';
import { decodeReading } from './reading.ts';
import { judge } from './variant.ts';

/** So many damaged records of each kind, and what share of that of some. */
const COUNT = Number(process.env['DAMAGED_RECORDS'] ?? 300_000);
const shares: readonly (readonly [kind: RegExp, share: number])[] = [
  // Most swapped ones pass the checksum, so that fewer give as firm a figure.
  [/swapped/, 0.05],
  [/random/, 1],
  [/./, 0.2],
];

/** The most wrong readings that are allowed per million damaged records. */
const limits: readonly (readonly [kind: RegExp, limit: number])[] = [
  [/swapped/, 10_000],
  // See decision 4: an undamaged record may have the same bytes.
  [/another doubled/, 100],
  [/./, 10],
];

const SEED = 20_260_101;

/** So many records before a damaged one are given to the filter: it remembers no more. */
const BEFORE = 9;

/** So many come after the two of which the first is damaged: all is decided by then. */
const AFTER = 1;

/** What became of damaged records of one kind. */
interface Tally {
  damaged: number;
  /** Those that the checksum lets through. */
  passed: number;
  /** Where a reading came of it that differs in any value from all that the battery sent at the time. */
  readonly wrong: CellStream[];
  readonly doubts: Map<string, number>;
}

/** All that a reading shows, without where it came from. */
function valuesOf({ frame, variant }: CellDataRecord): string {
  const { source: _source, ...values } = decodeReading(frame, variant, 0);
  return JSON.stringify(values);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Damages one record of a stream, and looks at what is believed of what arrives. */
function damageOnce(tally: Tally, stream: CellStream, damage: Damage, random: Random): void {
  const { records, variant } = stream;
  const at = random(records.length - 1 - AFTER);
  const [record, next, ...after] = records.slice(at, at + 2 + AFTER);
  if (!record || !next) throw new Error('the stream ended');
  tally.damaged++;
  const parser = new NotificationParser();
  const pieces = [
    ...damage(record, next, random),
    ...after.flatMap((each) => cut(each, [each.bytes.length])),
  ];
  const received = pieces.flatMap(({ bytes, time }) =>
    parser
      .push(bytes, time)
      .flatMap((item) => (item.kind === 'frame' ? [{ frame: item.frame, time, pauses: item.pauses }] : [])),
  );
  const sent = records.slice(Math.max(0, at - 1), at + 2 + AFTER);
  const isSent = ({ frame }: { frame: Frame }): boolean =>
    sent.some(({ bytes }) => Buffer.compare(bytes, frame.bytes) === 0);
  if (received.every(isSent)) return;
  tally.passed++;
  const filter = new PlausibilityFilter();
  for (const before of records.slice(Math.max(0, at - BEFORE), at)) {
    filter.observe({ frame: before.frame, variant }, before.arrival);
  }
  const believed = received.flatMap(({ frame, ...arrival }) => {
    if (!judge(frame).candidates.includes(variant)) {
      count(tally.doubts, 'variant');
      return [];
    }
    const judgement = filter.observe({ frame, variant }, arrival);
    if (judgement.refused) count(tally.doubts, judgement.refused);
    return judgement.believed;
  });
  const truths = new Set(sent.map(({ frame }) => valuesOf({ frame, variant })));
  if (believed.some((each) => !truths.has(valuesOf(each)))) tally.wrong.push(stream);
}

describeCorpus('of real batteries', () => {
  const sessions = recordedSessions().filter(({ records }) => records.length > 2 + AFTER);
  const captures = capturedStreams();

  test('no undamaged record is refused; only the first of a link and those that waited long for their rest are believed late', () => {
    const late: string[] = [];
    for (const { id, variant, records } of [...sessions, ...captures]) {
      const filter = new PlausibilityFilter();
      for (const { frame, arrival } of records) {
        const { held, refused } = filter.observe({ frame, variant }, arrival);
        expect(refused, `before counter ${frame.counter} of ${id}`).toBeUndefined();
        if (held && held !== 'first') late.push(`${id}, counter ${frame.counter}: ${held}`);
      }
    }
    const total = [...sessions, ...captures].flatMap(({ records }) => records).length;
    console.log(
      [
        `${late.length} of ${total} undamaged records believed late, besides the first of each:`,
        ...late,
      ].join('\n'),
    );
    expect(late.filter((each) => !each.endsWith('pause'))).toEqual([]);
  });

  test('hardly any damaged record becomes a wrong reading', { timeout: 900_000 }, () => {
    const devices = [...new Set(sessions.map(({ device }) => device))];
    const tallies = Object.entries(damages).map(([kind, damage]) => {
      const random = randomFrom(SEED);
      const tally: Tally = { damaged: 0, passed: 0, wrong: [], doubts: new Map() };
      const share = shares.find(([pattern]) => pattern.test(kind))?.[1] ?? 1;
      for (let round = 0; round < COUNT * share; round++) {
        const stream = sessions[random(sessions.length)];
        if (stream) damageOnce(tally, stream, damage, random);
      }
      return { kind, ...tally };
    });
    const perMillion = (events: number, of: number): number => Math.round((events / of) * 1e6);
    const row = (cells: readonly (string | number)[]): string =>
      cells
        .map((cell, index) => (index === 0 ? String(cell).padEnd(40) : String(cell).padStart(13)))
        .join('');
    console.log(
      [
        `per million damaged records (seed ${SEED}), recorded sessions alike; on the right of each device alone`,
        row(['damage', 'damaged', 'passed', 'wrong', ...devices.map((device) => device.slice(3))]),
        ...tallies.map(({ kind, damaged, passed, wrong, doubts }) => {
          const each = devices.map((device) => {
            const share = sessions.filter((session) => session.device === device).length / sessions.length;
            return perMillion(wrong.filter((session) => session.device === device).length, damaged * share);
          });
          const refused = [...doubts].map(([doubt, events]) => `${doubt} ${perMillion(events, damaged)}`);
          const counts = [damaged, perMillion(passed, damaged), perMillion(wrong.length, damaged)];
          return `${row([kind, ...counts, ...each])}  refused: ${refused.join(', ') || 'none'}`;
        }),
      ].join('\n'),
    );
    for (const { kind, damaged, wrong } of tallies) {
      const limit = limits.find(([pattern]) => pattern.test(kind))?.[1] ?? 0;
      expect(perMillion(wrong.length, damaged), kind).toBeLessThanOrEqual(limit);
    }
  });
});
