import type { Column, Table } from './table.ts';

/** Some rows of a table, by their numbers. */
export function rowsOf(table: Table, rows: readonly number[]): Table {
  return mapped(table, (values) => Float64Array.from(rows, (row) => values[row] ?? NaN));
}

function mapped({ times, counts, columns }: Table, some: (values: Float64Array) => Float64Array): Table {
  return {
    times: some(times),
    counts: counts && some(counts),
    columns: new Map(
      [...columns].map(([name, column]): [string, Column] => {
        const { value, min, max, last } = column;
        return [
          name,
          {
            ...column,
            value: some(value),
            min: min && some(min),
            max: max && some(max),
            last: last && some(last),
          },
        ];
      }),
    ),
  };
}

/** The rows for whose time a condition holds. */
export function rowsWhere(table: Table, condition: (time: number, row: number) => boolean): Table {
  const { times } = table;
  let first = times.length;
  let last = -1;
  let count = 0;
  for (let row = 0; row < times.length; row++) {
    if (!condition(times[row] ?? 0, row)) continue;
    first = Math.min(first, row);
    last = row;
    count++;
  }
  if (count === times.length) return table;
  // Adjacent rows need no copy.
  if (count === 0 || count === last - first + 1)
    return mapped(table, (values) => values.subarray(first, last + 1));
  return rowsOf(
    table,
    Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((row) =>
      condition(times[row] ?? 0, row),
    ),
  );
}
