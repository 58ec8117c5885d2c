import { literalBytes } from './byte-literals.ts';

/** Fewest bytes of a reading: a notification of a battery has at least these, a heartbeat. */
const FEWEST = 4;

/** Most groups of digits at the beginning of a run that may be something else: a time, a number of the line. */
const MOST_LEADING = 3;

/** How many letters before a run tell one kind of line from another. */
const WORDS = 24;

/** Groups of hexadecimal digits that stand side by side, whatever separates them. */
const RUN =
  /(?<![0-9a-z_])(?:0x)?[0-9a-f]+(?:(?:[ \t]{0,3}[,;:.|-][ \t]{0,3}|[ \t]{1,3})(?:0x)?[0-9a-f]+)*(?![0-9a-z_])/gi;

/** Bytes as Java prints them, from -128 to 127. */
const SIGNED = /(?<![\w.-])-?\d{1,3}(?:, ?-?\d{1,3}){3,}(?![\w.])/g;

/** A line with one number, as busctl prints each byte. */
const ALONE = /^([^0-9]*)\b(0x)?([0-9a-f]{1,3})\W*$/i;

interface Group {
  readonly digits: string;
  readonly prefixed: boolean;
  /** What stands between the group before and this one. */
  readonly separator: string;
}

/**
 * Every way in which a line can be meant, by a name that stays the same from line to line of one log. A name says how
 * bytes are written, which of several runs on the line they are, and what stands before them. Which way is right is
 * told by the messages that come of it, not by the look of a line.
 */
export function readings(line: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  const add = (name: string, bytes: readonly number[]): void => {
    if (bytes.length > 0 && !found.has(name)) found.set(name, bytes);
  };
  const literal = literalBytes(line);
  if (literal) {
    add(`literal after ${wordsBefore(line, line.search(/["']/))}`, literal);
    add('literal', literal);
  }
  const [, name = '', prefix, value = ''] = ALONE.exec(line) ?? [];
  const alone = parseInt(value, prefix === undefined ? 10 : 16);
  if (alone <= 0xff) add(`alone after ${wordsBefore(line, name.length)}`, [alone]);
  const hexadecimal: number[][] = [];
  for (const { 0: text, index } of line.matchAll(RUN)) {
    const all = groupsOf(text);
    const words = wordsBefore(line, index);
    const bar = all.findIndex(({ separator }) => separator === '|');
    // Dumps show the text of the bytes behind a bar, which may have digits.
    const groups = bar > 0 ? all.slice(0, bar) : all;
    for (const part of uniform(groups)) {
      const bytes = part.flatMap(({ digits }) => hexBytes(digits));
      if (bytes.length < FEWEST) continue;
      add(`${notation(part)} after ${words}`, bytes);
      add(notation(part), bytes);
    }
    for (const part of split(groups, ({ digits }) => digits.length % 2 === 0)) {
      hexadecimal.push(part.flatMap(({ digits }) => hexBytes(digits)));
      for (let leading = 1; leading <= MOST_LEADING; leading++)
        add(
          `hexadecimal without ${leading}`,
          part.slice(leading).flatMap(({ digits }) => hexBytes(digits)),
        );
    }
    for (const part of split(groups, ({ digits }) => digits.length <= 2)) {
      if (part.length < FEWEST) continue;
      const bytes = part.map(({ digits }) => parseInt(digits, 16));
      add(`unpadded after ${words}`, bytes);
      add('unpadded', bytes);
    }
    for (const part of split(groups, isDecimal)) {
      if (part.length >= FEWEST)
        add(
          `decimal after ${words}`,
          part.map(({ digits }) => Number(digits)),
        );
      for (let leading = 0; leading <= MOST_LEADING && part.length - leading >= FEWEST; leading++)
        add(
          `decimal without ${leading}`,
          part.slice(leading).map(({ digits }) => Number(digits)),
        );
    }
  }
  for (const { 0: list } of line.matchAll(SIGNED)) {
    const numbers = list.split(',').map(Number);
    if (numbers.every((number) => number >= -128 && number <= 127))
      add(
        'signed',
        numbers.map((number) => number & 0xff),
      );
  }
  const longest = hexadecimal.toSorted((a, b) => b.length - a.length)[0];
  if (longest) add('longest', longest);
  return found;
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
    const alike = last?.digits.length === 2 && group.digits.length === 2 && last.prefixed === group.prefixed;
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
    .replaceAll(/[^a-z]+/gi, ' ')
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
