import { fieldSize, numberSizes, readNumber, type NumberField } from './field.ts';
import { FRAME_HEADER, FRAME_LENGTH, sealFrame, type Frame } from './frame.ts';
import type { Layout, VariantLayouts } from './layout.ts';
import { layouts } from './layouts/index.ts';
import { isTextByte, TEXT_RUN } from './redact.ts';
import { judge } from './variant.ts';

/** A number of a record: where it begins, and its row. */
interface NumberPlace {
  readonly at: number;
  readonly row: NumberField;
}

/**
 * A record without pieces of device info in it. When notifications are lost, the head of one record and the rest of
 * another pass the 8-bit checksum once in 256 times, and then a record of settings may hold a passcode.
 *
 * A run of text stays where it is made of numbers that a battery can have, in a variant that the record fits: 3.3 as a
 * float is "33S@". All other runs are blanked, and the checksum is written again. No digit and no letter is the highest
 * byte of such an integer, and of such a float only `A` to `D` are: what a passcode would have to be made of to stay.
 * Device info is left as it is.
 */
export function withoutStrayText(frame: Frame): Frame {
  if (frame.record === 'deviceInfo') return frame;
  const strays = textRuns(frame.bytes);
  if (strays.length === 0) return frame;
  const view = new DataView(frame.bytes.buffer, frame.bytes.byteOffset, FRAME_LENGTH);
  const fitting = judge(frame).candidates.flatMap((variant): (readonly (NumberPlace | undefined)[])[] => {
    const { [frame.record]: layout }: VariantLayouts = layouts[variant];
    return layout ? [numbersOf(layout)] : [];
  });
  const bytes = frame.bytes.slice();
  let isChanged = false;
  for (const [start, end] of strays) {
    if (fitting.some((numbers) => isMadeOf(numbers, view, start, end))) continue;
    bytes.fill(0, start, end);
    isChanged = true;
  }
  return isChanged ? sealFrame(frame.record, bytes) : frame;
}

/** How many bytes at the end of a record are text: what follows it may continue them. */
export function trailingText(bytes: Uint8Array): number {
  let start = bytes.length;
  while (start > 0 && isTextByte(bytes[start - 1] ?? 0)) start--;
  return bytes.length - start;
}

/** The first byte after the header and the type of a record. */
const CONTENT = FRAME_HEADER.length + 1;

/** Runs of text in a record that may be a passcode. */
function textRuns(bytes: Uint8Array): (readonly [start: number, end: number])[] {
  const runs: (readonly [number, number])[] = [];
  // Most records have none, so only the bytes are looked at of which every run has one.
  for (let at = CONTENT; at < bytes.length; at += TEXT_RUN) {
    if (!isTextByte(bytes[at] ?? 0)) continue;
    let start = at;
    let end = at + 1;
    while (start > CONTENT && isTextByte(bytes[start - 1] ?? 0)) start--;
    while (end < bytes.length && isTextByte(bytes[end] ?? 0)) end++;
    if (end - start >= TEXT_RUN) runs.push([start, end]);
    at += Math.floor((end - 1 - at) / TEXT_RUN) * TEXT_RUN;
  }
  return runs;
}

function isMadeOf(
  numbers: readonly (NumberPlace | undefined)[],
  view: DataView,
  start: number,
  end: number,
): boolean {
  let octets = 0;
  for (let at = start; at < end; at++) {
    const number = numbers[at];
    if (!number || !isPlausible(number, view)) return false;
    if (numberSizes[number.row.type] === 1) octets++;
  }
  return octets < MOST_OCTETS;
}

/** In a run of text, this many numbers of one byte are a text. */
const MOST_OCTETS = TEXT_RUN - 1;

/** A float of a battery is from the least, half a millivolt, to below the most. Any digit as its highest byte is less. */
const FLOATS = { least: 2 ** -11, most: 2 ** 10 } as const;

/** The highest byte of a plausible integer is less than this, or not text: the first digit. */
const FIRST_DIGIT = 0x30;

function isPlausible({ at, row: { type, values } }: NumberPlace, view: DataView): boolean {
  const raw = readNumber(view, type, at);
  if (values) return raw < values.length;
  if (type === 'f32' || type === 'f64') {
    return Math.abs(raw) >= FLOATS.least && Math.abs(raw) < FLOATS.most;
  }
  const size = numberSizes[type];
  const highest = view.getUint8(at + size - 1);
  return size === 1 || highest < FIRST_DIGIT || !isTextByte(highest);
}

const numbers = new WeakMap<Layout, readonly (NumberPlace | undefined)[]>();

/** The number that each byte of a record is a part of; undefined for other bytes. */
function numbersOf(layout: Layout): readonly (NumberPlace | undefined)[] {
  const known = numbers.get(layout);
  if (known) return known;
  const places = Array.from<NumberPlace | undefined>({ length: FRAME_LENGTH });
  const put = (row: NumberField, from: number): void => {
    const size = numberSizes[row.type];
    for (let index = 0; index < size * (row.count ?? 1); index++) {
      places[from + index] = { at: from + index - (index % size), row };
    }
  };
  for (const field of Object.values(layout.fields)) {
    if (field.type === 'text' || field.type === 'bytes') continue;
    if (field.type !== 'struct') put(field, field.at);
    else {
      for (let at = field.at; at < field.at + fieldSize(field); at += field.size) {
        for (const row of Object.values(field.fields)) put(row, at + row.at);
      }
    }
  }
  numbers.set(layout, places);
  return places;
}
