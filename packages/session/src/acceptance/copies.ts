import {
  enabledVoltages,
  slots,
  voltagesOf,
  type Case,
  type Observed,
  type Session,
  type Verdict,
} from './observed.ts';

/** Length of the smallest notifications, taken where nobody knows how a record was cut. */
const SMALLEST = 20;

/**
 * The air takes at least half a millisecond for a notification and its acknowledge (Core Specification, volume 6, part
 * B: 20 bytes at 2 Mbit/s). One that comes in half of that, while others do not, was copied by the host.
 */
const AT_ONCE = 0.25;

/** Two neighbouring parts of a record that are equal. */
interface Pair {
  readonly start: number;
  readonly length: number;
  readonly cameAtOnce: boolean;
}

/** Whether one notification of a record may be a copy of its neighbour. Empty ones are usual. */
export function hasCopies(record: Observed, before: Observed | undefined, session: Session): boolean {
  const pairs = copies(record);
  return (
    pairs.length > 0 && !(before && pairs.every((pair) => confirms(before, record, pair, session.noise)))
  );
}

/** A battery that really sends two equal parts sends them, or nearly, in the next record or in the one before, too. */
export function judgeCopies(given: Case, session: Session): Verdict {
  const { record, next } = given;
  const noise = noiseOf(given, session);
  return copies(record).every((pair) => confirms(next, record, pair, noise)) ? 'confirmed' : 'refuted';
}

const NONE: readonly Pair[] = [];

function copies({ bytes, arrival: { parts } }: Observed): readonly Pair[] {
  if (parts === undefined) return copiesOfSmallest(bytes);
  let found = NONE;
  const [first, last] = [parts[0], parts.at(-1)];
  const isDrained = first && last && last.time - first.time < AT_ONCE * (parts.length - 1);
  for (let index = 2; index < parts.length; index++) {
    const [one, other] = [parts[index - 1], parts[index]];
    const end = index + 1 < parts.length ? parts[index + 1]?.at : bytes.length;
    if (!one || !other || end === undefined) continue;
    const [start, length] = [one.at, other.at - one.at];
    if (end - other.at !== length || !isTwice(bytes, start, length)) continue;
    found = [...found, { start, length, cameAtOnce: !isDrained && other.time - one.time < AT_ONCE }];
  }
  return found;
}

function copiesOfSmallest(bytes: Uint8Array): readonly Pair[] {
  let found = NONE;
  for (let start = SMALLEST; start + 2 * SMALLEST <= bytes.length; start += SMALLEST)
    if (isTwice(bytes, start, SMALLEST)) found = [...found, { start, length: SMALLEST, cameAtOnce: false }];
  return found;
}

/** Whether two neighbouring parts are equal, and not empty. */
function isTwice(bytes: Uint8Array, start: number, length: number): boolean {
  let any = 0;
  for (let at = start; at < start + length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== bytes[at + length]) return false;
    any |= byte;
  }
  return any !== 0;
}

/** Whether another record has these two parts equal as well, or has cells there that hardly differ. */
function confirms(
  other: Observed,
  record: Observed,
  { start, length, cameAtOnce }: Pair,
  noise: number,
): boolean {
  if (isTwice(other.bytes, start, length)) return true;
  if (cameAtOnce) return false;
  const { voltages, size, count } = slots[record.variant];
  if (start < voltages || start + 2 * length > voltages + count * size || length % size !== 0) return false;
  const { cellVoltages } = voltagesOf(other.frame, other.variant);
  const from = Math.ceil((start - voltages) / size);
  const to = Math.floor((start + length - voltages) / size);
  const differences = cellVoltages
    .slice(from, to)
    .map((cell, index) => cell - (cellVoltages[from + index + length / size] ?? 0));
  // Under less load, cells differ by less.
  return rms(differences) * Math.min(1, spreadOf(record) / spreadOf(other)) <= noise;
}

/** Volts between the highest and the lowest cell; at least a little. */
function spreadOf(record: Observed): number {
  const cells = enabledVoltages(record);
  return Math.max(0.0001, Math.max(...cells) - Math.min(...cells));
}

/** Volts by which two cells that read the same may differ in the next record: as the cells of this battery do just now. */
function noiseOf({ before, next }: Case, { noise }: Session): number {
  if (!before) return noise;
  const now = enabledVoltages(next);
  const moved = enabledVoltages(before).map((cell, index) => (now[index] ?? cell) - cell);
  const mean = moved.reduce((sum, each) => sum + each, 0) / moved.length;
  return Math.max(noise, 2 * rms(moved.map((each) => each - mean)));
}

const rms = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
