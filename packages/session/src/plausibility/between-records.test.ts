import { expect, test } from 'vitest';
import { describeCorpus } from '@ubmsc/testing';
import { capturedStreams, recordedSessions, type CellStream } from '@ubmsc/testing';
import { cellFields } from '@ubmsc/protocol';
import { roomUsed } from './between-records.ts';
import type { Observed } from './observed.ts';

type Used = ReadonlyMap<string, number>;

/** What every record of a stream but the first uses of the room that the rules leave. */
function usedBy({ records, variant }: CellStream): Used[] {
  const observed = records.map(({ frame, arrival }): Observed => ({
    bytes: frame.bytes,
    fields: cellFields(frame, variant),
    variant,
    arrival,
  }));
  return observed
    .slice(1)
    .flatMap((now, index) => observed.slice(index, index + 1).map((before) => roomUsed(before, now)));
}

function most(records: readonly Used[], rule: string): number {
  return Math.max(0, ...records.map((used) => used.get(rule) ?? 0));
}

/** By how much limits would be set above the most that is known to be used. */
const FACTOR = 2;

/**
 * The share of records that would be held back if the limits were set by others, and by which rules. Where the others
 * use nothing, most often for want of the field, nothing can be learned and the limit stays.
 */
function heldBack(records: readonly Used[], others: readonly Used[]): string {
  const rules = [...new Set(records.flatMap((used) => [...used.keys()]))];
  const limits = rules.map((rule) => ({ rule, limit: FACTOR * most(others, rule) || 1 }));
  const broken = records.map((used) => limits.filter(({ rule, limit }) => (used.get(rule) ?? 0) > limit));
  const held = broken.filter((rulesBroken) => rulesBroken.length > 0).length;
  const reasons = [...new Set(broken.flat().map(({ rule }) => rule))];
  return `${((held / records.length) * 100).toFixed(1)} % ${reasons.length > 0 ? `(${reasons.join(', ')})` : ''}`;
}

/** Rules that undamaged records do break: what they do then has to last. */
const waiting = new Set(['switches', 'cells at 0 V']);

describeCorpus('undamaged records', () => {
  test('leave room in every rule, and the table says how much', () => {
    const sessions = recordedSessions().map((stream) => ({ ...stream, used: usedBy(stream) }));
    const devices = [...new Set(sessions.map(({ device }) => device))].map((device) => ({
      device,
      used: sessions.filter((session) => session.device === device).flatMap(({ used }) => used),
      others: sessions.filter((session) => session.device !== device).flatMap(({ used }) => used),
    }));
    const recorded = sessions.flatMap(({ used }) => used);
    const captured = capturedStreams().flatMap(usedBy);
    const half = (odd: number): Used[] =>
      sessions.filter((_, index) => index % 2 === odd).flatMap(({ used }) => used);
    const columns = [
      ...devices.map(({ device, used }) => ({ title: device.slice(3), used })),
      { title: 'captures', used: captured },
    ];
    const rules = [...new Set([...recorded, ...captured].flatMap((used) => [...used.keys()]))];
    const shares = rules
      .map((rule) => ({ rule, used: columns.map(({ used }) => most(used, rule)) }))
      .filter(({ used }) => Math.max(...used) > 0)
      .toSorted((one, other) => Math.max(...other.used) - Math.max(...one.used));
    const row = (cells: readonly string[]): string =>
      cells.map((cell, index) => (index === 0 ? cell.padEnd(30) : cell.padStart(13))).join('');
    console.log(
      [
        'most that undamaged records use of the room of each rule; of rules that are not listed they use nothing',
        row(['rule', ...columns.map(({ title }) => title)]),
        row(['records', ...columns.map(({ used }) => String(used.length))]),
        ...shares.map(({ rule, used }) => row([rule, ...used.map((each) => `${Math.round(each * 100)} %`)])),
        `held back, were the limits ${FACTOR} times the most that others use:`,
        ...devices.map(
          ({ device, used, others }) => `  ${device} by all other devices: ${heldBack(used, others)}`,
        ),
        `  odd sessions by even ones: ${heldBack(half(1), half(0))}`,
        `  even sessions by odd ones: ${heldBack(half(0), half(1))}`,
        `  captures by all sessions: ${heldBack(captured, recorded)}`,
      ].join('\n'),
    );
    const broken = shares.filter(({ used }) => Math.max(...used) > 1).map(({ rule }) => rule);
    expect(broken.filter((rule) => !waiting.has(rule))).toEqual([]);
  });
});
