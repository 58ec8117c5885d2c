import type { Column, Table } from './table.ts';

/** Some rows of a table, by their numbers. */
export function rowsOf({ times, counts, columns }: Table, rows: readonly number[]): Table {
  const some = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row] ?? NaN);
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
  const rows = [...table.times.keys()].filter((row) => condition(table.times[row] ?? 0, row));
  return rows.length === table.times.length ? table : rowsOf(table, rows);
}
