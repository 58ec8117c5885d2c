import { attValue } from './att-values.ts';
import { base64Tokens } from './base64.ts';
import { escapedBytes, literalBytes } from './byte-literals.ts';
import { WordDump } from './word-dump.ts';

/** Fewest bytes of a reading: a notification of a battery has at least these, a heartbeat. */
const FEWEST = 4;

/** Most groups of digits at the beginning of a run that may be something else: a time, a number of the line. */
const MOST_LEADING = 3;

/** How many letters before a run tell one kind of line from another. */
const WORDS = 24;

/** Groups of hexadecimal digits that stand side by side, whatever separates them. */
const RUN =
  /(?<![0-9a-z_])(?:0x)?[0-9a-f]+(?:(?:[ \t]{0,3}[,;:.-][ \t]{0,3}|[ \t]{1,3})(?:0x)?[0-9a-f]+)*(?![0-9a-z_])/gi;

/** Groups with the same mark between each two, whatever stands before them. */
const TIGHT =
  /(?<![0-9a-z_])(?:0x)?[0-9a-f]+([ \t]{0,3}[,;:.|/+-][ \t]{0,3}|[ \t]{1,3})(?:0x)?[0-9a-f]+(?:\1(?:0x)?[0-9a-f]+){2,}(?![0-9a-z_])/gi;

/** What languages, pages and terminals put around each byte, and what to put in its place. */
const dressings: readonly (readonly [RegExp, string])[] = [
  // oxlint-disable-next-line no-control-regex -- colours begin with ESC
  [/\u001b\[[0-9;]*[a-z]/gi, ''],
  [/&nbsp;/g, ' '],
  [/<\/?(?:span|td|tr|th|p|br|code|pre|div|font|li)\b[^<>]*>/gi, ' '],
  [/[\u2010-\u2015]/g, '-'],
  [/(['"])((?:0x)?[0-9a-f]{1,3})\1(?!\s*:)/gi, '$2'],
  [/"\d{1,3}": ?(?=\d{1,3}[,}])/g, ''],
  [/\(byte\) ?|\.toByte\(\)/g, ''],
  [/(?<=\b0x[0-9a-f]{2})_?u8\b/gi, ''],
  [/(?<!\w)([0-9a-f]{2})h\b/gi, '$1'],
  [/(?:&H|\$)(?=[0-9a-f]{2}(?![0-9a-z]))/gi, ' 0x'],
  [/[[<{]([0-9a-f]{2})[\]>}]/gi, ' $1'],
];

/** What all of them have one of. */
const DRESSED = /[^\w\s.,:;|-]|h\b|u8/i;

/** Bytes as Java prints them, from -128 to 127. */
const SIGNED = /(?<![\w.-])-?\d{1,3}(?:(?:, ?| +)-?\d{1,3}){3,}(?![\w.])/g;

/** A line that ends with a number that is not one of several, as busctl prints each byte; an index may be before it. */
const ALONE = /(?<![\w.]|\b(?:0x)?[0-9a-f]{1,3}[\s,:;.|-]{1,3})(0x)?([0-9a-f]{1,3})\W*$/i;

/** Marks that pages show as something else. */
const entities: readonly (readonly [RegExp, string])[] = [
  [/&(?:#39|#x27|apos);/gi, "'"],
  [/&(?:#34|#x22|quot);/gi, '"'],
  [/&lt;/g, '<'],
  [/&gt;/g, '>'],
  [/&amp;/g, '&'],
];

interface Group {
  readonly digits: string;
  readonly prefixed: boolean;
  /** What stands between the group before and this one. */
  readonly separator: string;
}

/** Whether a line may have data in any notation. */
export function mayHaveData(line: string): boolean {
  return DATA.test(line) || DATA.test(undress(line));
}

const DATA =
  /(?:\b(?:0x)?[0-9a-f]{1,3}\b[\s,:;.%|/+-]{0,4}){4}|[0-9a-f]{8}|\\[xu0-7]|[0-9a-z+/_-]{20}|^\W*\S{4,}\W*$|(?:^|[^\w.])(?:0x)?[0-9a-f]{1,3}\W*$|^\*$/i;

/** Without what is not of the bytes. */
function undress(line: string): string {
  return DRESSED.test(line) ? replaceAll(line, dressings) : line;
}

function replaceAll(line: string, by: typeof dressings): string {
  return by.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), line);
}

/**
 * Every way in which a line can be meant, by a name that stays the same from line to line of one log. A name says how
 * bytes are written, which of several runs on the line they are, and what stands before them. Which way is right is
 * told by the messages that come of it, not by the look of a line. The first of a name counts.
 */
export function* readings(text: string): Iterable<NamedReading> {
  const names = new Set<string>();
  for (const reading of allReadings(text)) {
    const [name, bytes] = reading;
    if (bytes.length === 0 || names.has(name)) continue;
    names.add(name);
    yield reading;
  }
}

/** Too few bytes to be told from numbers are the rest of what lines before have shown. */
export type NamedReading = readonly [name: string, bytes: readonly number[], isRest?: boolean];

function* allReadings(shown: string): Iterable<NamedReading> {
  yield* escapedBytes(shown);
  const text = shown.includes('&') ? replaceAll(shown, entities) : shown;
  yield* dumpReadings(text);
  yield* base64Readings(text);
  yield* literalReadings(text);
  const line = undress(text);
  yield* numberReadings(line);
  const hexadecimal: number[][] = [];
  const rests: NamedReading[] = [];
  for (const { run, index, kind } of runsOf(line)) {
    const groups = groupsOf(run);
    const words = wordsBefore(line, index);
    for (const part of uniform(groups)) {
      const bytes = part.flatMap(({ digits }) => hexBytes(digits));
      const name = `${kind}${notation(part)}`;
      yield* named(rests, [`${name} after ${words}`, name], bytes);
      const value = part.length === 1 ? attValue(bytes) : undefined;
      if (value) yield [`value of ${name} after ${words}`, value];
    }
    for (const part of split(groups, ({ digits }) => digits.length % 2 === 0)) {
      const bytes = part.flatMap(({ digits }) => hexBytes(digits));
      hexadecimal.push(bytes);
      for (let leading = 1, from = 0; leading <= MOST_LEADING; leading++) {
        from += (part[leading - 1]?.digits.length ?? 0) / 2;
        yield [`${kind}hexadecimal without ${leading}`, bytes.slice(from)];
      }
    }
    for (const part of split(groups, ({ digits }) => digits.length <= 2)) {
      const bytes = part.map(({ digits }) => parseInt(digits, 16));
      yield* named(rests, [`${kind}unpadded after ${words}`, `${kind}unpadded`], bytes);
    }
    for (const part of split(groups, isDecimal)) {
      const bytes = part.map(({ digits }) => Number(digits));
      yield* named(rests, [`${kind}decimal after ${words}`, `${kind}decimal without 0`], bytes);
      for (let leading = 1; leading <= MOST_LEADING && bytes.length - leading >= FEWEST; leading++)
        yield [`${kind}decimal without ${leading}`, bytes.slice(leading)];
    }
  }
  yield ['longest', longestOf(hexadecimal)];
  yield* rests;
}

/** Bytes by these names. Too few of them come behind all that other parts of the line may show by the same names. */
function* named(
  rests: NamedReading[],
  names: readonly string[],
  bytes: readonly number[],
): Iterable<NamedReading> {
  for (const name of names) {
    if (bytes.length >= FEWEST) yield [name, bytes];
    else rests.push([name, bytes, true]);
  }
}

/** Rows of dumps in words. What a row shows depends on those before it, so a `WordDump` reads it. */
function* dumpReadings(line: string): Iterable<NamedReading> {
  for (const name of WordDump.namesFor(line)) yield [name, [0]];
}

function* base64Readings(line: string): Iterable<NamedReading> {
  const tokens = base64Tokens(line);
  for (const { index, bytes } of tokens) yield [`base64 after ${wordsBefore(line, index)}`, bytes];
  const long = tokens.filter(({ isLong }) => isLong).map(({ bytes }) => bytes);
  yield ['base64', long.flat()];
  yield ['longest base64', longestOf(long)];
}

function* literalReadings(line: string): Iterable<NamedReading> {
  const literal = literalBytes(line);
  if (!literal) return;
  yield [`literal after ${wordsBefore(line, line.search(/["']/))}`, literal];
  yield ['literal', literal];
  yield ['plain literal', literalBytes(line, true) ?? []];
}

/** A byte alone, and lists of numbers with signs. */
function* numberReadings(line: string): Iterable<NamedReading> {
  const alone = ALONE.exec(line);
  if (alone) {
    const [, prefix, value = ''] = alone;
    const words = wordsBefore(line, alone.index);
    const [decimal, hexadecimal] = [Number(value), parseInt(value, 16)];
    if (!prefix && decimal <= 0xff) yield [`alone after ${words}`, [decimal]];
    if (hexadecimal <= 0xff) yield [`hexadecimal alone after ${words}`, [hexadecimal]];
  }
  for (const { 0: list } of line.matchAll(SIGNED)) {
    const numbers = list.split(/[, ]+/).map(Number);
    if (numbers.every((number) => number >= -128 && number <= 127))
      yield ['signed', numbers.map((number) => number & 0xff)];
  }
}

/** The runs of a line, and what in them has the same mark throughout where a run has more than that. */
function runsOf(line: string): { readonly run: string; readonly index: number; readonly kind: string }[] {
  const runs = Array.from(line.matchAll(RUN), ({ 0: run, index }) => ({ run, index, kind: '' }));
  const whole = new Set(runs.map(({ run }) => run));
  const tight = Array.from(line.matchAll(TIGHT), ({ 0: run, index }) => ({ run, index, kind: 'tight ' }));
  return [...runs, ...tight.filter(({ run }) => !whole.has(run))];
}

function longestOf(all: readonly (readonly number[])[]): readonly number[] {
  return all.reduce((longest, bytes) => (bytes.length > longest.length ? bytes : longest), []);
}

function groupsOf(run: string): Group[] {
  return Array.from(
    run.matchAll(/([^0-9a-z]*)(0x)?([0-9a-f]+)/gi),
    ([, separator = '', prefix, digits = '']) => ({
      digits,
      prefixed: prefix !== undefined,
      separator: separator.trim(),
    }),
  );
}

/** The parts of a run that are written alike. */
function uniform(groups: readonly Group[]): Group[][] {
  const parts: Group[][] = [];
  for (const group of groups) {
    if (group.digits.length % 2 === 1) {
      parts.push([]);
      continue;
    }
    const part = parts.at(-1);
    const last = part?.at(-1);
    const alike = last?.digits.length === group.digits.length && last.prefixed === group.prefixed;
    if (part && (alike || part.length === 0)) part.push(group);
    else parts.push([group]);
  }
  return parts;
}

/** The longest parts in which each group is of this kind. */
function split(groups: readonly Group[], fits: (group: Group) => boolean): Group[][] {
  const parts: Group[][] = [[]];
  for (const group of groups) {
    if (fits(group)) parts.at(-1)?.push(group);
    else parts.push([]);
  }
  return parts.filter(({ length }) => length > 0);
}

/** How a part is written. */
function notation(part: readonly Group[]): string {
  const size = part.length === 1 ? 'digits' : 'bytes';
  return `${part[0]?.prefixed ? 'prefixed ' : ''}${size}${part[1] ? ` with "${part[1].separator}"` : ''}`;
}

function wordsBefore(line: string, index: number): string {
  return line
    .slice(Math.max(0, index - 4 * WORDS), Math.max(0, index))
    .replaceAll(/[^a-z<>]+/gi, ' ')
    .slice(-WORDS);
}

function isDecimal({ digits, prefixed }: Group): boolean {
  return !prefixed && /^\d{1,3}$/.test(digits) && Number(digits) <= 255;
}

function hexBytes(digits: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < digits.length; at += 2) bytes.push(parseInt(digits.slice(at, at + 2), 16));
  return bytes;
}
