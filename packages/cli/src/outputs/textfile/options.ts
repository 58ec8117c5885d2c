import type { OptionRows, ValuesOf } from '../../command-line/option-row.ts';

/** What asks for the textfile. */
// A table is read by its columns:
// prettier-ignore
export const textfileOptions = {
  textfile: { flags: '--textfile <file>', kind: 'file', help: 'write metrics to a file for node_exporter' },
} as const satisfies OptionRows;

export type TextfileOptions = ValuesOf<typeof textfileOptions>;
