import { flatColumns } from './answer-forms.ts';
import type { Table } from './table.ts';

/** A table as Parquet, which DuckDB, pandas and others read: `time` in UTC, then the columns. */
export async function tableParquet(table: Table): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const time = {
    name: 'time',
    data: Array.from(table.times, (each) => new Date(each)),
    type: 'TIMESTAMP',
    nullable: false,
  } as const;
  const columns = flatColumns(table).map(({ name, values, isText }) => ({
    name,
    data: [...values],
    type: isText ? ('STRING' as const) : ('DOUBLE' as const),
    nullable: true,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData: [time, ...columns] }));
}
