const NULL = octetsOf('null');
const TRUE = octetsOf('true');
const FALS = octetsOf('fals');
const E = 0x65;
const COMMA = 0x2c;
const ZERO = 0x30;
const POINT = 0x2e;
const MINUS = 0x2d;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Four digits for each number below 10,000, with zeros before it, as the octets of an int32. */
const fourDigits = Int32Array.from(
  { length: 10_000 },
  (_, number) =>
    digit(number, 1000) | (digit(number, 100) << 8) | (digit(number, 10) << 16) | (digit(number, 1) << 24),
);

/** The octet of a digit: texts take ten times as long, and every start that prints JSON waits for them. */
function digit(number: number, place: number): number {
  return ZERO + (((number / place) | 0) % 10);
}

/** Thousandths as `.284`, and how many of these characters are left without the zeros at the end. */
const thousandths = fourDigits.slice(0, 1000).map((octets) => (octets & ~0xff) | POINT);
const thousandthsLengths = Uint8Array.from({ length: 1000 }, (_, number) =>
  number === 0 ? 0 : number % 100 === 0 ? 2 : number % 10 === 0 ? 3 : 4,
);

/** Most octets of a number: `-0.0000010025326968882322` is one of the longest. */
export const LONGEST_NUMBER = 25;

/** The octets of four characters of ASCII as an int32 that is written as little-endian. */
function octetsOf(text: string): number {
  return Buffer.from(text).readInt32LE();
}

/**
 * Writes a number as JSON.stringify does, at an offset, and returns the offset after it. Room for `LONGEST_NUMBER`
 * octets is needed. Most numbers of batteries have three decimals, and none more than four: their digits are put together
 * from a table, which takes a twentieth of the time.
 */
export function writeNumber(view: DataView, at: number, value: number | null): number {
  if (value === null) {
    view.setInt32(at, NULL, true);
    return at + 4;
  }
  // Also −0, which is 0 in JSON.
  if ((value | 0) === value) return writeInteger(view, at, value | 0);
  // The shortest digits that are read as this number are those of the fraction, because both have far fewer than 15.
  const parts = Math.round(value * 1000) | 0;
  if (parts / 1000 !== value) return writeTenThousandths(view, at, value);
  return writeThousandths(view, at, parts);
}

/** Writes this many thousandths, a whole number of at most 32 bits, as {@link writeNumber} writes it divided by 1000. */
export function writeThousandths(view: DataView, at: number, parts: number): number {
  if (parts < 0) {
    view.setUint8(at++, MINUS);
    parts = -parts;
  }
  const whole = (parts / 1000) | 0;
  const end = writeInteger(view, at, whole);
  const decimals = parts - whole * 1000;
  const octets = thousandths[decimals] ?? 0;
  view.setInt32(end, octets, true);
  return end + (thousandthsLengths[decimals] ?? 0);
}

/** Thousandths of 16 bits with a comma after them, as the octets of a float, and how many these are; 0 where not made yet. */
const slotTexts = new Float64Array(65_536);
const slotLengths = new Uint8Array(65_536);

function makeSlot(raw: number): number {
  const text = `${raw / 1000},`;
  slotTexts[raw] = Buffer.from(text.padEnd(8)).readDoubleLE();
  return (slotLengths[raw] = text.length);
}

/**
 * Writes a list of thousandths of 16 bits each that begin at an offset of `bytes`: up to the last slot that `mask` has, and null
 * for those that it has not. Room for eight octets each is needed.
 */
export function writeSlots(
  view: DataView,
  at: number,
  bytes: Uint8Array,
  from: number,
  count: number,
  mask: number,
): number {
  // In variables, because the compiler looks them up again for each slot otherwise.
  const [texts, lengths] = [slotTexts, slotLengths];
  const used = 32 - Math.clz32(mask);
  view.setUint8(at, OPEN);
  if (used === 0) {
    view.setUint8(at + 1, CLOSE);
    return at + 2;
  }
  let end = at + 1;
  for (let index = 0; index < used; index++) {
    if (index >= count || ((mask >>> index) & 1) === 0) {
      view.setInt32(end, NULL, true);
      view.setUint8(end + 4, COMMA);
      end += 5;
      continue;
    }
    const raw = (bytes[from + 2 * index] ?? 0) | ((bytes[from + 2 * index + 1] ?? 0) << 8);
    const length = lengths[raw] || makeSlot(raw);
    const text = texts[raw] ?? 0;
    view.setFloat64(end, text, true);
    end += length;
  }
  view.setUint8(end - 1, CLOSE);
  return end;
}

/** Of a number that has a fourth decimal, or is no such number at all. */
function writeTenThousandths(view: DataView, at: number, value: number): number {
  let parts = Math.round(value * 10_000) | 0;
  if (parts / 10_000 !== value) return writeAscii(view, at, Number.isFinite(value) ? String(value) : 'null');
  if (parts < 0) {
    view.setUint8(at++, MINUS);
    parts = -parts;
  }
  const whole = (parts / 10_000) | 0;
  const end = writeInteger(view, at, whole);
  const decimals = fourDigits[parts - whole * 10_000] ?? 0;
  view.setUint8(end, POINT);
  view.setInt32(end + 1, decimals, true);
  return end + 5;
}

/** Of a number from −2³¹ to 2³¹ − 1. */
function writeInteger(view: DataView, at: number, value: number): number {
  if (value >= 0 && value < 10) {
    view.setUint8(at, ZERO + value);
    return at + 1;
  }
  if (value < 0) {
    view.setUint8(at, MINUS);
    return writeInteger(view, at + 1, -value);
  }
  if (value >= 10_000) {
    const end = writeInteger(view, at, (value / 10_000) | 0);
    const last = fourDigits[value % 10_000] ?? 0;
    view.setInt32(end, last, true);
    return end + 4;
  }
  const digits = value < 100 ? 2 : value < 1000 ? 3 : 4;
  const octets = (fourDigits[value] ?? 0) >>> (8 * (4 - digits));
  view.setInt32(at, octets, true);
  return at + digits;
}

/** Writes `true`, `false` or `null` at an offset, and returns the offset after it. */
export function writeState(view: DataView, at: number, value: boolean | null): number {
  const octets = value === null ? NULL : value ? TRUE : FALS;
  view.setInt32(at, octets, true);
  if (value !== false) return at + 4;
  view.setUint8(at + 4, E);
  return at + 5;
}

/** Writes text of ASCII at an offset, and returns the offset after it. */
function writeAscii(view: DataView, at: number, text: string): number {
  for (let index = 0; index < text.length; index++) view.setUint8(at + index, text.charCodeAt(index));
  return at + text.length;
}
