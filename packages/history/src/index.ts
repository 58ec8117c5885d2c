export { columnInfo, columnInfos, type ColumnInfo } from './columns.ts';
export type { HistoryEvent } from './events.ts';
export { batteryFolders } from './folder.ts';
export { query, queryEvents, type Answer, type Query } from './query.ts';
export { DAY, HOUR, lengthFor, MINUTE, QUARTER, spansOf, type Span, type SpanOf } from './steps.ts';
export { DOUBT, type Column, type ColumnKind, type Table } from './table.ts';
export { HistoryError, HistoryWriter, type HistoryWriterOptions } from './writer.ts';
export { defaultLimits, type Limits } from './prune.ts';
export { startHistory, type RunningHistory } from './start-history.ts';
