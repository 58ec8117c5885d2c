import { bitNames, type NumberField } from './field.ts';
import type { Layout } from './layout.ts';
import { layouts, type Variant } from './layouts/index.ts';
import type { Measurement } from './measurements.ts';
import {
  isFloat,
  numberField,
  originField,
  readingRows,
  type FieldName,
  type ReadingRow,
} from './reading-origins.ts';
import * as parts from './reading-parts.ts';
import { numberSource, usedListSource } from './specialise.ts';

/** Code that gives the values of a reading, from the `bytes` of a record of one variant. */
export interface ReadingCode {
  /** Statements that all values need. After them, `mask` has the enabled cells. */
  readonly prelude: string;
  /** In the order of the vocabulary. */
  readonly values: readonly ValueCode[];
  /** What the code calls, by name. */
  readonly helpers: Readonly<Record<string, unknown>>;
}

/** Code that gives one value. */
export interface ValueCode {
  readonly name: string;
  readonly measurement: Measurement;
  /** Statements that only this value needs. */
  readonly before: string;
  /** The expression of its value. */
  readonly source: string;
  /** The field whose number it is, or whose numbers up to the last enabled cell; left out for what is more than that. */
  readonly field?: NumberField;
}

/** The code for a variant, made from the rows of its layout and of what readings are made of. */
export function readingCode(variant: Variant): ReadingCode {
  const layout: Layout = layouts[variant].cellData;
  const { fields } = layouts[variant].cellData;
  const map = layout.fields['enableFlags'];
  const tables: unknown[] = [];
  const table = (of: unknown): string => `tables[${tables.push(of) - 1}]`;
  const fieldCode = (field: NumberField): string => {
    const value = numberSource(field, field.at);
    const shown = isFloat(field) ? `fromFloat(${value})` : value;
    const { enabledBy } = field;
    if (enabledBy === undefined) return shown;
    return map ? `(bytes[${map.at + (enabledBy >> 3)}] >> ${enabledBy & 7} & 1 ? ${shown} : null)` : 'null';
  };
  const numberCode = (name: FieldName): string => {
    const field = numberField(layout, name);
    return field ? fieldCode(field) : 'null';
  };
  const valueCode = ({
    measurement: { kind },
    origin,
  }: ReadingRow): Omit<ValueCode, 'name' | 'measurement'> => {
    const simple = (source: string) => ({ before: '', source });
    if ('each' in origin) return simple(`withoutTrailingNulls([${origin.each.map(numberCode).join(', ')}])`);
    if ('cells' in origin)
      return simple(`shownStatistic(cells.${origin.cells}, ${isFloat(fields.cellVoltages)})`);
    if ('volts' in origin) return simple(`power(${numberCode(origin.volts)}, ${numberCode(origin.amperes)})`);
    const name = originField(origin, layout);
    const field = numberField(layout, name);
    if (!name || !field) return simple('null');
    if (field.count !== undefined) {
      const before = name === 'cellVoltages' ? '' : usedListSource(name, field);
      return { before, source: `enabledSlots(${name}, mask, ${isFloat(field)})`, field };
    }
    const number = fieldCode(field);
    if (kind === 'state') return simple(`((number = ${number}) === null ? null : number !== 0)`);
    if (kind === 'text')
      return simple(`((number = ${number}) === null ? null : ${table(field.values ?? [])}[number] ?? null)`);
    if (kind === 'alarms')
      return simple(`((number = ${number}) === null ? null : bitNames(${table(field.bits ?? {})}, number))`);
    if (origin.unless !== undefined)
      return simple(`((number = ${number}) === ${origin.unless} ? null : number)`);
    const isPlain = field.absent === undefined && field.enabledBy === undefined && !isFloat(field);
    return isPlain ? { before: '', source: number, field } : simple(number);
  };
  const { cellVoltages, enabledCells, averageCellVoltage, deltaCellVoltage } = fields;
  const of = (field: NumberField): string => numberSource(field, field.at);
  return {
    prelude: `let raw, view, number;
      const mask = ${of(enabledCells)}, used = 32 - Math.clz32(mask);
      ${usedListSource('cellVoltages', cellVoltages)}
      const cells = cellStatistics(cellVoltages, mask, ${of(averageCellVoltage)}, ${of(deltaCellVoltage)});`,
    values: readingRows.map((row) => ({ name: row.name, measurement: row.measurement, ...valueCode(row) })),
    helpers: { ...parts, bitNames, tables },
  };
}
