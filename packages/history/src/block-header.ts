import type { BlockHeader } from './block.ts';
import { MOST_ROWS } from './column-codec.ts';
import { columnKinds } from './table.ts';

/** Whether a value is the header of a block. A year has hundreds of them with dozens of columns: a schema takes too long. */
export function isHeader(value: unknown): value is BlockHeader {
  if (!isObject(value)) return false;
  const { battery, generations, rows, span, times, counts, columns, events } = value;
  return (
    (battery === undefined || typeof battery === 'string') &&
    isPair(generations, isCount) &&
    isCount(rows) &&
    rows <= MOST_ROWS &&
    isPair(span, Number.isFinite) &&
    isPair(times, isCount) &&
    (counts === undefined || isPair(counts, isCount)) &&
    isObject(columns) &&
    Object.values(columns).every(isColumn) &&
    (events === undefined || Array.isArray(events))
  );
}

function isColumn(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { kind, divisor, words, parts } = value;
  return (
    columnKinds.some((each) => each === kind) &&
    typeof divisor === 'number' &&
    divisor >= 1e-6 &&
    divisor <= 1e12 &&
    (words === undefined || (Array.isArray(words) && words.every((word) => typeof word === 'string'))) &&
    isObject(parts) &&
    isPair(parts['value'], isCount) &&
    ['min', 'max', 'last'].every((part) => parts[part] === undefined || isPair(parts[part], isCount))
  );
}

function isPair(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length === 2 && is(value[0]) && is(value[1]);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
