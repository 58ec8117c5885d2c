/** How a history is printed. */
export const historyForms = ['table', 'chart', 'csv', 'json', 'parquet'] as const;

export type HistoryForm = (typeof historyForms)[number];
