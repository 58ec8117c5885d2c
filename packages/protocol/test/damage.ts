/** Ways in which a link damages what it carries, as they were seen in the field. */

/** Random whole numbers from 0 to below `limit`, repeatable from a seed (xorshift32). */
export type Random = (limit: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
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

/** What arrives instead of two records that were sent one after the other, the first of which is damaged. */
export type Damage = (record: TimedRecord, next: TimedRecord, random: Random) => readonly Piece[];

const smallest = [20];
const beken = [128, 22];
const whole = [300];

/** Damages the notifications of one record, and leaves the next one alone. */
const within =
  (sizes: readonly number[], damage: (pieces: Piece[], random: Random) => void): Damage =>
  (record, next, random) => {
    const pieces = cut(record, sizes);
    damage(pieces, random);
    return [...pieces, ...cut(next, whole)];
  };

const changed =
  (count: number, change: (byte: number, random: Random) => number): Damage =>
  (record, next, random) => {
    const bytes = record.bytes.slice();
    for (let index = 0; index < count; index++) {
      const at = random(bytes.length);
      bytes[at] = change(bytes[at] ?? 0, random);
    }
    return [...cut({ ...record, bytes }, smallest), ...cut(next, whole)];
  };

function lose(pieces: Piece[], random: Random): void {
  pieces.splice(random(pieces.length), 1);
}

function double(pieces: Piece[], random: Random): void {
  const at = random(pieces.length);
  pieces.splice(at, 0, ...pieces.slice(at, at + 1));
}

/** The two keep the places in time. */
function swap(pieces: Piece[], random: Random): void {
  const at = random(pieces.length - 1);
  const [one, two] = pieces.slice(at, at + 2);
  if (one && two) pieces.splice(at, 2, { ...two, time: one.time }, { ...one, time: two.time });
}

/** Everything from the middle of the one record to the same place in the next is lost. */
const spliced =
  (sizes: readonly number[]): Damage =>
  (record, next, random) => {
    const pieces = cut(record, sizes);
    const at = 1 + random(pieces.length - 1);
    return [...pieces.slice(0, at), ...cut(next, sizes).slice(at)];
  };

export const damages: Readonly<Record<string, Damage>> = {
  'one bit flipped': changed(1, (byte, random) => byte ^ (1 << random(8))),
  'two random bytes': changed(2, (_byte, random) => random(256)),
  'notification lost': within(smallest, lose),
  'notification doubled': within(smallest, double),
  'one lost, another doubled': within(smallest, (pieces, random) => {
    double(pieces, random);
    lose(pieces, random);
  }),
  'spliced with the next, 20 bytes': spliced(smallest),
  'spliced with the next, 128 and 22 bytes': spliced(beken),
  'neighbours swapped, 20 bytes': within(smallest, swap),
  'neighbours swapped, 128 and 22 bytes': within(beken, swap),
};
