export {
  answerJson,
  flatColumns,
  tableCsv,
  valuesOf,
  type AnswerJson,
  type ColumnJson,
} from './answer-forms.ts';
export { columnInfo, columnInfos, type ColumnInfo } from './columns.ts';
export type { HistoryEvent } from './events.ts';
export { HistoryError } from './history-error.ts';
export { batteriesOf, query, queryEvents, type Answer, type Query } from './query.ts';
export { DAY, HOUR, lengthFor, MINUTE, QUARTER, spansOf, type Span, type SpanOf } from './steps.ts';
export { DOUBT, type Column, type ColumnKind, type Table } from './table.ts';
export { HistoryWriter, type HistoryCounters, type HistoryWriterOptions } from './writer.ts';
export { defaultLimits, prune, type Limits } from './prune.ts';
export { startHistory, type RunningHistory } from './start-history.ts';
export { dayIn, daysIn, weekIn, weeksIn, type DayOf } from './days.ts';
export { importEvents, type Imported } from './import.ts';
export { tableParquet } from './parquet.ts';
export { verify, type Verified } from './verify.ts';
export { daySummaries, spreadTrend, type DaySummary, type Extreme } from './day-summaries.ts';
export { median, resistances, type DayResistance } from './resistance.ts';
export { resistanceTrends, type ResistanceTrend } from './resistance-trend.ts';
