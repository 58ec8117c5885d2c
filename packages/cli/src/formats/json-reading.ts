import {
  measurements,
  numberSource,
  ofVariants,
  readingCode,
  snakeCase,
  type Measurement,
  type MeasurementValue,
  type Reading,
  type ReadingCode,
  type ValueCode,
  type Variant,
} from '@ubmsc/protocol';
import { printable } from './entries.ts';
import { LONGEST_NUMBER, writeNumber, writeSlots, writeState, writeThousandths } from './json-numbers.ts';
import { FRAME, type MeasuredRecord } from './result.ts';
import type { TextBuffer } from './text-buffer.ts';

/**
 * Writes `{` and the values of a reading as JSON, in the order of the vocabulary. Straight-line code made from its rows,
 * some eight times as fast as walking them (decision 3): a long capture has a million readings.
 */
export function writeReading(text: TextBuffer, reading: Reading): void {
  (readingWriter ??= makeWriter(ofReading))(text, reading);
}

/**
 * Writes the values of a 0x02 record as {@link writeReading} does of its reading, in half of the time: from its bytes. Then
 * where it was read, `}` and a comma.
 */
export function writeRecord(text: TextBuffer, { frame, variant, number }: MeasuredRecord): void {
  recordWriters[variant]()(text, frame.bytes, number);
}

let readingWriter: Writer<Reading> | undefined;

const recordWriters = ofVariants((variant) => {
  let writer: Writer<Uint8Array> | undefined;
  return () => (writer ??= makeWriter(readingCode(variant), variant));
});

/** The values of a reading that is there. */
const ofReading: ReadingCode = {
  prelude: '',
  values: Object.entries<Measurement>(measurements.cellData).map(([name, measurement]) => ({
    name,
    measurement,
    before: '',
    source: `bytes[${JSON.stringify(name)}]`,
  })),
  helpers: {},
};

type Writer<T> = (text: TextBuffer, bytes: T, number?: number) => void;

/** Room for all but lists and texts, which ask for their own. */
const ROOM = 4096;

const OPEN = 0x5b;
const COMMA = 0x2c;
const CLOSE = 0x5d;

/** `variant` is that of records of a capture. */
function makeWriter<T>({ prelude, values, helpers }: ReadingCode, variant?: Variant): Writer<T> {
  const lines = values.flatMap((value, index) => [
    ...textSource(`${index === 0 ? '{' : ','}${JSON.stringify(snakeCase(value.name))}:`),
    valueSource(value, index),
  ]);
  const origin = variant
    ? [
        ...textSource(`,"device":"${FRAME}`),
        'at = writeNumber(out, at, place);',
        ...textSource(`","variant":"${variant}"},`),
      ]
    : [];
  const called = {
    ...helpers,
    values,
    writeNumber,
    writeThousandths,
    writeState,
    writeSlots,
    writeList,
    writeOther,
  };
  // oxlint-disable-next-line typescript/no-implied-eval -- made from the program's own rows, never from a text from outside
  const make: unknown = new Function(
    ...Object.keys(called),
    `return (text, bytes, place) => {
      ${prelude}
      text.reserve(${ROOM});
      let at = text.length, out = text.view;
      ${[...lines, ...origin].join('\n')}
      text.length = at;
    };`,
  );
  if (typeof make !== 'function') throw new TypeError('a function is made');
  return make(...Object.values(called));
}

/**
 * Source that writes a text of ASCII at `at`, eight octets at a time, as a float that has them; what it writes too much is
 * overwritten.
 */
function textSource(text: string): string[] {
  const octets = Buffer.from(text.padEnd(8 * Math.ceil(text.length / 8)));
  const writes = Array.from(
    { length: octets.length / 8 },
    (_, index) => `out.setFloat64(at + ${8 * index}, ${octets.readDoubleLE(8 * index)}, true);`,
  );
  return [...writes, `at += ${text.length};`];
}

/** Source that writes a value at `at`. What is thousandths in the record is written without a division that a product undoes. */
function valueSource(
  { measurement: { kind, per }, before, source, field }: ValueCode,
  index: number,
): string {
  if (field?.divisor === 1000) {
    const { at, count, type, divisor: _, ...thousandths } = field;
    if (count === undefined)
      return `at = writeThousandths(out, at, ${numberSource({ ...thousandths, at, type }, at)});`;
    if (type === 'u16') return `at = writeSlots(out, at, bytes, ${at}, ${count}, mask);`;
  }
  if (kind === 'state') return `at = writeState(out, at, ${source});`;
  if (kind !== 'gauge' && kind !== 'counter')
    return `at = writeOther(text, at, ${source}, values[${index}].measurement); out = text.view;`;
  return per === undefined
    ? `${before} at = writeNumber(out, at, ${source});`
    : `${before} at = writeList(text, at, ${source}); out = text.view;`;
}

function writeList(text: TextBuffer, at: number, values: readonly (number | null)[]): number {
  text.length = at;
  text.reserve(ROOM + values.length * (LONGEST_NUMBER + 1));
  const { view } = text;
  let end = at;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    view.setUint8(end, index === 0 ? OPEN : COMMA);
    end = writeNumber(view, end + 1, value === undefined ? null : value);
  }
  if (values.length === 0) view.setUint8(end++, OPEN);
  view.setUint8(end, CLOSE);
  return end + 1;
}

/** Words. Most readings have none. */
function writeOther(text: TextBuffer, at: number, value: MeasurementValue, measurement: Measurement): number {
  if (value === null) return writeState(text.view, at, null);
  if (typeof value === 'object' && value.length === 0) return writeList(text, at, []);
  text.length = at;
  text.add(JSON.stringify(printable(value, measurement)));
  text.reserve(ROOM);
  return text.length;
}
