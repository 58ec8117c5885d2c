/** Ways in which a link damages what it carries, as they were seen in the field. */
import {
  decode,
  encode,
  judge,
  layouts,
  sealFrame,
  toFrame,
  variants,
  type Layout,
  type AnyFieldValue,
} from '@ubmsc/protocol';

/** Chooses a whole number from 0 to below `limit`. */
export type Choose = (limit: number) => number;

/** At random, repeatable from a seed (xorshift32). */
export function randomFrom(seed: number): Choose {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** All that can come of choices, one after the other: every number is chosen once with every other one. */
export function* everyOutcome<T>(of: (choose: Choose) => T): Generator<T> {
  const chosen: { value: number; limit: number }[] = [];
  do {
    let turn = 0;
    yield of((limit) => {
      const choice = (chosen[turn] ??= { value: 0, limit });
      turn++;
      return choice.value;
    });
    for (let last = chosen.at(-1); last && ++last.value >= last.limit; last = chosen.at(-1)) chosen.pop();
  } while (chosen.length > 0);
}

/** One notification, and when it came, in milliseconds. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly time: number;
}

/** A record, and when each of its bytes came, in milliseconds. */
export interface TimedRecord {
  readonly bytes: Uint8Array;
  readonly times: readonly number[];
}

/** Cuts a record into notifications of these lengths, which repeat. */
export function cut({ bytes, times }: TimedRecord, sizes: readonly number[]): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = Math.min(at + (sizes[turn % sizes.length] ?? bytes.length), bytes.length);
    pieces.push({ bytes: bytes.subarray(at, end), time: times[end - 1] ?? 0 });
    at = end;
  }
  return pieces;
}

/**
 * What arrives instead of records that were sent one after the other: of the first and the next one, the first of which
 * is damaged; or of all, where those after them are used.
 */
export type Damage = (
  record: TimedRecord,
  next: TimedRecord,
  choose: Choose,
  after: readonly TimedRecord[],
) => readonly Piece[];

const smallest = [20];
const beken = [128, 22];
const whole = [300];

/** Damages the notifications of one record, and leaves the next one alone. */
const within =
  (sizes: readonly number[], damage: (pieces: Piece[], choose: Choose) => void): Damage =>
  (record, next, choose) => {
    const pieces = cut(record, sizes);
    damage(pieces, choose);
    return [...pieces, ...cut(next, whole)];
  };

const changed =
  (count: number, change: (byte: number, choose: Choose) => number): Damage =>
  (record, next, choose) => {
    const bytes = record.bytes.slice();
    for (let index = 0; index < count; index++) {
      const at = choose(bytes.length);
      bytes[at] = change(bytes[at] ?? 0, choose);
    }
    return [...cut({ ...record, bytes }, smallest), ...cut(next, whole)];
  };

function lose(pieces: Piece[], choose: Choose): void {
  pieces.splice(choose(pieces.length), 1);
}

function double(pieces: Piece[], choose: Choose): void {
  const at = choose(pieces.length);
  pieces.splice(at, 0, ...pieces.slice(at, at + 1));
}

/** The two keep the places in time. */
function swap(pieces: Piece[], choose: Choose): void {
  const at = choose(pieces.length - 1);
  const [one, two] = pieces.slice(at, at + 2);
  if (one && two) pieces.splice(at, 2, { ...two, time: one.time }, { ...one, time: two.time });
}

/** Everything from the middle of the one record to the same place in the next is lost. */
const spliced =
  (sizes: readonly number[]): Damage =>
  (record, next, choose) => {
    const pieces = cut(record, sizes);
    const at = 1 + choose(pieces.length - 1);
    return [...pieces.slice(0, at), ...cut(next, sizes).slice(at)];
  };

/** Everything from somewhere in the one record to somewhere in the next is lost. */
const lostBetween =
  (sizes: readonly number[]): Damage =>
  (record, next, choose) => [
    ...cut(record, sizes).slice(0, choose(cut(record, sizes).length)),
    ...cut(next, sizes).slice(choose(cut(next, sizes).length)),
  ];

/** The record ends somewhere, and the next one begins at once. */
const cutOff =
  (sizes: readonly number[]): Damage =>
  (record, next, choose) => [
    ...cut(record, sizes).slice(0, choose(cut(record, sizes).length)),
    ...cut(next, sizes),
  ];

/** The first that is received is the rest of a record. */
const startedInside =
  (sizes: readonly number[]): Damage =>
  (record, next, choose) => [
    ...cut(record, sizes).slice(1 + choose(cut(record, sizes).length - 1)),
    ...cut(next, sizes),
  ];

/** Records come in notifications that hold an end and a beginning, and one of these is lost. */
const glued: Damage = (record, next, choose) => {
  const bytes = new Uint8Array(record.bytes.length + next.bytes.length);
  bytes.set(record.bytes);
  bytes.set(next.bytes, record.bytes.length);
  const [first, ...rest] = cut({ bytes, times: [...record.times, ...next.times] }, smallest);
  const at = 1 + choose(19);
  const pieces = [
    { bytes: bytes.subarray(0, at), time: first?.time ?? 0 },
    ...rest.map(({ time }, index) => ({
      bytes: bytes.subarray(at + 20 * index, at + 20 * index + 20),
      time,
    })),
    { bytes: bytes.subarray(at + 20 * rest.length), time: next.times.at(-1) ?? 0 },
  ];
  lose(pieces, choose);
  return pieces;
};

/** The next record ends with what the one before ended with. */
const oldTail =
  (sizes: readonly number[]): Damage =>
  (record, next, choose) => {
    const at = 1 + choose(cut(record, sizes).length - 1);
    const old = cut({ bytes: record.bytes, times: next.times }, sizes);
    return [...cut(record, sizes), ...cut(next, sizes).slice(0, at), ...old.slice(at)];
  };

/** Some of the records that follow one have its content: from one of them to another. */
const frozen =
  (counterGoesOn: boolean): Damage =>
  (record, next, choose, after) => {
    const following = [next, ...after];
    const first = choose(following.length);
    const last = first + choose(following.length - first);
    return [
      ...cut(record, smallest),
      ...following.flatMap((each, index) => {
        if (index < first || index > last) return cut(each, smallest);
        const bytes = record.bytes.slice();
        if (counterGoesOn) bytes.set(each.bytes.subarray(5, 6), 5);
        return cut({ bytes: sealFrame('cellData', bytes).bytes, times: each.times }, smallest);
      }),
    ];
  };

/** One record that follows, or two, are of another layout, with the same values: a link that begins so has that layout. */
const ofAnotherLayout: Damage = (record, next, choose, after) => {
  const other = choose(variants.length - 1);
  const count = 1 + choose(2);
  return [record, next, ...after].flatMap((each, index) => {
    const isOther = index > 0 && index <= count;
    return cut(isOther ? { ...each, bytes: inAnotherLayout(each.bytes, other) } : each, smallest);
  });
};

/** What every record of a layout has, by which it is told from the others. */
function marksOf({ fields }: Layout): Readonly<Record<string, AnyFieldValue>> {
  const constants = Object.entries(fields).flatMap(([name, { simulated }]) =>
    simulated === undefined || typeof simulated === 'object' ? [] : [[name, simulated] as const],
  );
  const map = Uint8Array.of(0xfe, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  return { ...Object.fromEntries(constants), ...('enableFlags' in fields && { enableFlags: map }) };
}

function inAnotherLayout(bytes: Uint8Array, other: number): Uint8Array {
  const frame = toFrame(bytes);
  if (typeof frame === 'string') throw new Error(`this is not a record: ${frame}`);
  const [own] = judge(frame).candidates;
  const variant = variants.filter((each) => each !== own)[other];
  if (!own || !variant) return bytes;
  const layout: Layout = layouts[variant].cellData;
  const values = Object.entries(decode<Layout>(layouts[own].cellData, frame)).flatMap(([name, value]) => {
    const field = layout.fields[name];
    if (!field || /^(unknown|reserved)/.test(name)) return [];
    return [[name, Array.isArray(value) && 'count' in field ? value.slice(0, field.count) : value]];
  });
  return encode(layout, { ...Object.fromEntries(values), ...marksOf(layout) }).bytes;
}

/** A kind of damage. */
export interface DamageKind {
  readonly damage: Damage;
  /** It has been seen in the field; others are a stress test. */
  readonly seen: boolean;
  /** It says what arrives of the records after the next one, too. */
  readonly lasts: boolean;
}

const seen = (damage: Damage): DamageKind => ({ damage, seen: true, lasts: false });
const lasting = (damage: Damage): DamageKind => ({ damage, seen: true, lasts: true });
const stress = (damage: Damage): DamageKind => ({ damage, seen: false, lasts: false });

/** Ways in which records are damaged on their way. */
export const damages: Readonly<Record<string, DamageKind>> = {
  'notification lost': seen(within(smallest, lose)),
  'notification doubled': seen(within(smallest, double)),
  'one lost, another doubled': seen(
    within(smallest, (pieces, choose) => {
      double(pieces, choose);
      lose(pieces, choose);
    }),
  ),
  'cut off by the next': seen(cutOff(smallest)),
  'lost between two records': seen(lostBetween(smallest)),
  'spliced with the next, 20 bytes': seen(spliced(smallest)),
  'spliced with the next, 128 and 22 bytes': seen(spliced(beken)),
  'started inside': seen(startedInside(smallest)),
  'glued to the next, one lost': seen(glued),
  frozen: lasting(frozen(false)),
  'frozen, its counter goes on': lasting(frozen(true)),
  'of another layout': lasting(ofAnotherLayout),
  'tail of the one before, 20 bytes': stress(oldTail(smallest)),
  'tail of the one before, 128 and 22 bytes': stress(oldTail(beken)),
  'one bit flipped': stress(changed(1, (byte, choose) => byte ^ (1 << choose(8)))),
  'two random bytes': stress(changed(2, (_byte, choose) => choose(256))),
  'neighbours swapped, 20 bytes': stress(within(smallest, swap)),
  'neighbours swapped, 128 and 22 bytes': stress(within(beken, swap)),
};
