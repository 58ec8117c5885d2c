import type { Column, Table } from './table.ts';

/** Rows of several tables as one, in order of time. Those of one time stay in the order of the tables. */
export function joinTables(tables: readonly Table[]): Table {
  const [only] = tables;
  if (only && tables.length === 1 && isSorted(only.times)) return only;
  const starts: number[] = [];
  let rows = 0;
  for (const { times } of tables) {
    starts.push(rows);
    rows += times.length;
  }
  const times = concat(tables.map((table) => [table.times, table.times.length]));
  const order = isSorted(times)
    ? undefined
    : Uint32Array.from(times.keys()).toSorted(
        (one, other) => (times[one] ?? 0) - (times[other] ?? 0) || one - other,
      );
  const sorted = (values: Float64Array): Float64Array =>
    order ? Float64Array.from(order, (row) => values[row] ?? NaN) : values;
  const names = new Set(tables.flatMap(({ columns }) => [...columns.keys()]));
  const columns = [...names].map((name): [string, Column] => [name, joinColumn(name, tables, sorted)]);
  const hasCounts = tables.some(({ counts }) => counts);
  const counts = concat(
    tables.map((table) => [table.counts ?? ones(table.times.length), table.times.length]),
  );
  return {
    times: sorted(times),
    counts: hasCounts ? sorted(counts) : undefined,
    columns: new Map(columns),
  };
}

/** Whether times never fall. */
function isSorted(times: Float64Array): boolean {
  for (let row = 1; row < times.length; row++) if ((times[row] ?? 0) < (times[row - 1] ?? 0)) return false;
  return true;
}

function joinColumn(
  name: string,
  tables: readonly Table[],
  sorted: (values: Float64Array) => Float64Array,
): Column {
  const all = tables.map(({ columns }) => columns.get(name));
  const known = all.filter((column) => column !== undefined);
  const words = known.some((column) => column.words) ? new Map<string, number>() : undefined;
  const part = (read: (column: Column) => Float64Array | undefined): Float64Array =>
    sorted(concat(tables.map(({ times }, index) => [all[index] && read(all[index]), times.length])));
  const value = part((column) => (words ? renumbered(column, words) : column.value));
  const kind = known[0]?.kind ?? 'gauge';
  const divisor = Math.max(...known.map((column) => column.divisor));
  const hasRange = known.some(({ min, max, last }) => min ?? max ?? last);
  if (!hasRange) return { kind, divisor, words: words && [...words.keys()], value };
  return {
    kind,
    divisor,
    value,
    min: part((column) => column.min ?? column.value),
    max: part((column) => column.max ?? column.value),
    last: part((column) => column.last ?? column.value),
  };
}

/** The numbers of words, which each table has of its own, as those of all together. */
function renumbered({ value, words = [] }: Column, all: Map<string, number>): Float64Array {
  const numbers = words.map((word) => {
    const number = all.get(word) ?? all.size;
    all.set(word, number);
    return number;
  });
  return value.map((number) => numbers[number] ?? NaN);
}

function concat(parts: readonly (readonly [Float64Array | undefined, number])[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, [, length]) => sum + length, 0)).fill(NaN);
  let at = 0;
  for (const [values, length] of parts) {
    if (values) all.set(values, at);
    at += length;
  }
  return all;
}

function ones(length: number): Float64Array {
  return new Float64Array(length).fill(1);
}
