import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** How a column is written: its first byte. */
const modes = { steady: 0, deflated: 1, plain: 2 } as const;

/** Fewer values than this are not compressed. */
const FEW = 24;

/** A column of more values is not read. */
export const MOST_ROWS = 1_000_000;

/**
 * Writes numbers as differences: each from the one before it, or from the number in the same place of `base`. Numbers
 * are multiples of 1/divisor; NaN is a value that is absent. A symbol is 0 where a value is absent, or else the
 * zig-zag number of the difference plus 1; symbols are LEB128, compressed with deflate. Where all differences are the
 * same, only the first symbol and that difference are written.
 */
export function encodeColumn(values: Float64Array, divisor: number, base?: Float64Array): Buffer {
  const symbols = new Float64Array(values.length);
  let previous = 0;
  for (let row = 0; row < values.length; row++) {
    const value = Math.round((values[row] ?? NaN) * divisor);
    if (Number.isNaN(value)) continue;
    const from = base ? integer(base[row], divisor) : previous;
    const difference = value - from;
    symbols[row] = (difference >= 0 ? 2 * difference : -2 * difference - 1) + 1;
    previous = value;
  }
  const [first = 0, second = first] = symbols;
  if (symbols.every((symbol, row) => symbol === (row === 0 ? first : second))) {
    return Buffer.concat([Buffer.from([modes.steady]), varints(Float64Array.of(first, second))]);
  }
  const bytes = varints(symbols);
  return values.length < FEW
    ? Buffer.concat([Buffer.from([modes.plain]), bytes])
    : Buffer.concat([Buffer.from([modes.deflated]), deflateRawSync(bytes, { level: 9 })]);
}

/**
 * Reads what {@link encodeColumn} has written.
 * @throws Error it is not a column with this number of rows.
 */
export function decodeColumn(
  bytes: Uint8Array,
  rows: number,
  divisor: number,
  base?: Float64Array,
): Float64Array {
  if (rows > MOST_ROWS) throw new Error('the column has too many rows');
  const symbols = symbolsOf(bytes, rows);
  const values = new Float64Array(rows);
  let previous = 0;
  for (let row = 0; row < rows; row++) {
    const symbol = symbols[row] ?? 0;
    if (symbol === 0) {
      values[row] = NaN;
      continue;
    }
    const difference = unzigzagged(symbol - 1);
    const from = base ? integer(base[row], divisor) : previous;
    previous = from + difference;
    values[row] = previous / divisor;
  }
  return values;
}

/** Most numbers are small, and integers of 31 bits are quicker. */
function unzigzagged(zigzag: number): number {
  if (zigzag < 2 ** 31) return (zigzag >>> 1) ^ -(zigzag & 1);
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

/** An absent value counts as 0. */
function integer(value: number | undefined, divisor: number): number {
  const scaled = Math.round((value ?? NaN) * divisor);
  return Number.isNaN(scaled) ? 0 : scaled;
}

function symbolsOf(bytes: Uint8Array, rows: number): Float64Array {
  const [mode] = bytes;
  const rest = bytes.subarray(1);
  if (mode === modes.steady) {
    const [first = 0, second = 0] = parseVarints(rest, 2);
    return new Float64Array(rows).fill(second).fill(first, 0, 1);
  }
  if (mode === modes.plain) return parseVarints(rest, rows);
  if (mode === modes.deflated)
    return parseVarints(
      inflateRawSync(rest, { maxOutputLength: rows * 8, chunkSize: Math.max(64, rows * 2) }),
      rows,
    );
  throw new Error('the column is written in a way that is not known');
}

function varints(numbers: Float64Array): Buffer {
  const bytes = Buffer.allocUnsafe(numbers.length * 8);
  let length = 0;
  for (const number of numbers) {
    let rest = number;
    while (rest >= 128) {
      bytes[length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    bytes[length++] = rest;
  }
  return bytes.subarray(0, length);
}

function parseVarints(bytes: Uint8Array, count: number): Float64Array {
  const numbers = new Float64Array(count);
  let at = 0;
  for (let index = 0; index < count; index++) {
    const only = bytes[at];
    if (only !== undefined && only < 128) {
      numbers[index] = only;
      at++;
      continue;
    }
    let number = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('the column ends too soon');
      number += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
      if (scale > 2 ** 49) throw new Error('a number of the column is too large');
    }
    numbers[index] = number;
  }
  if (at !== bytes.length) throw new Error('the column is too long');
  return numbers;
}
