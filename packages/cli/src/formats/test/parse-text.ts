/** A page of the format `text`, taken apart at its labels and columns. */
export interface TextPage {
  readonly heading: string;
  /** The columns of the table of cells by their titles, from the first cell. */
  readonly cells: Readonly<Record<string, readonly string[]>>;
  readonly lines: readonly (readonly [label: string, value: string])[];
}

/** Parses the page of one device and one group. */
export function parseText(page: string): TextPage {
  const [heading = '', ...sections] = page.replace(/\n$/, '').split('\n\n');
  const table = sections.find((section) => section.startsWith('  Cell '));
  const lines = sections.filter((section) => section !== table).flatMap((section) => section.split('\n'));
  return {
    heading,
    cells: table === undefined ? {} : parseTable(table),
    lines: lines.map((line) => {
      const [, label = '', value = ''] = /^ {2}([^:]+): *(.*)$/s.exec(line) ?? [];
      return [label, value];
    }),
  };
}

function parseTable(table: string): Record<string, string[]> {
  const [titles = [], ...rows] = table.split('\n').map((row) => row.trim().split(/ {2,}/));
  return Object.fromEntries(titles.map((title, column) => [title, rows.map((row) => row[column] ?? '')]));
}
