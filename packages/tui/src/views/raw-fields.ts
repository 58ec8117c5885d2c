import { sanitize } from '@ubmsc/base';
import { type ExplainedField, explainFields, layouts } from '@ubmsc/protocol';
import type { BatteryStatus } from '@ubmsc/session';
import { column, fit, span, type Line } from '../text/line.ts';
import { displayWidth } from '../text/width.ts';
import { extent, part } from './list.ts';
import { title } from './title.ts';
import type { Room } from './view.ts';

/** Columns of the table, as in `decode --explain`. */
const columns = [
  { name: 'offset', align: 'right', most: 6, text: ({ offset }: ExplainedField) => String(offset) },
  { name: 'field', align: 'left', most: 40, text: ({ field }: ExplainedField) => field },
  {
    name: 'value',
    align: 'right',
    most: 24,
    text: ({ value }: ExplainedField) => (value === null ? '–' : sanitize(String(value))),
  },
  { name: 'unit', align: 'left', most: 4, text: ({ unit }: ExplainedField) => unit ?? '' },
  { name: 'formula', align: 'left', most: 30, text: ({ formula }: ExplainedField) => formula },
] as const;

/** Which of the columns have the name of a field, and its unit. */
const FIELD = 1;
const UNIT = 3;

/** Every field of the record that the reading is from, with offset, formula and bytes, from line `first` on. */
export function rawFieldsView(
  { frame, reading }: BatteryStatus,
  first: number,
  { width, height }: Room,
): Line[] {
  if (!frame || !reading)
    return [title('Raw fields', width), fit([span('  no cell data yet', 'dim')], width)];
  const { variant, counter } = reading.source;
  const rows = explainFields(frame, layouts[variant].cellData, { raw: true });
  const shown = part(rows, first, Math.max(1, height - 2));
  const wanted = columns.map(({ name, most, text }) =>
    Math.min(most, Math.max(name.length, ...rows.map((row) => displayWidth(text(row))))),
  );
  // On a narrow terminal names give way: value and unit are what one looks for.
  const missing = wanted.slice(0, UNIT + 1).reduce((sum, each) => sum + each + 2, 1) - width;
  const widths = wanted.map((each, index) => (index === FIELD ? each - Math.max(0, missing) : each));
  const line = (cells: readonly string[], role: 'text' | 'dim'): Line =>
    fit(
      [
        ...columns.flatMap(({ align }, index) => [
          span('  '),
          ...column(cells[index] ?? '', widths[index] ?? 0, index === 2 ? 'text' : role, align),
        ]),
        span(`  ${cells.at(-1) ?? ''}`, 'dim'),
      ],
      width,
    );
  const note = [
    span(`${variant}, frame ${counter}`, 'dim'),
    span('  '),
    ...extent(shown.first, shown.items.length, rows.length),
  ];
  return [
    title('Raw fields of cell data', width, note),
    line([...columns.map(({ name }) => name), 'bytes'], 'dim'),
    ...shown.items.map((row) => line([...columns.map(({ text }) => text(row)), row.bytes], 'dim')),
  ];
}

/** How many lines the table has. */
export function rawFieldCount({ frame, reading }: BatteryStatus): number {
  if (!frame || !reading) return 0;
  return explainFields(frame, layouts[reading.source.variant].cellData, { raw: true }).length;
}
