import { bitNames, hasFlag } from './field.ts';
import type { Frame } from './frame.ts';
import { cellFields, type CellFields } from './cell-fields.ts';
import type { Layout } from './layout.ts';
import { layouts, ofVariants, type Variant } from './layouts/index.ts';
import type { MeasurementValue, MeasurementValues } from './measurements.ts';
import { readingCode } from './reading-code.ts';
import { isFloat, numberField, originField, readingRows, type FieldName } from './reading-origins.ts';
import {
  cellStatistics,
  enabledSlots,
  fromFloat,
  power,
  shownStatistic,
  withoutTrailingNulls,
} from './reading-parts.ts';
import { madeFrom } from './specialise.ts';

/** Where and when a reading was taken. */
export interface ReadingSource {
  readonly variant: Variant;
  /** Counter of the frame that the reading was decoded from, 0 to 255. */
  readonly counter: number;
  /** When the frame was complete, in milliseconds since 1970-01-01 UTC. */
  readonly time: number;
}

/** Rules of acceptance by which something can speak against a reading that is shown all the same. */
export type Doubt = 'pace' | 'copy' | 'slots' | 'constants' | 'flicker';

/** The values of the measurements at one moment; null where the device has none. */
export type Reading = MeasurementValues<'cellData'> & {
  readonly source: ReadingSource;
  /** What speaks against it; left out when nothing does. It is shown and marked, but belongs in no sum, extreme or axis. */
  readonly doubt?: Doubt;
};

/**
 * A reading from a 0x02 record whose variant is known; `time` is when it was complete, in milliseconds since
 * 1970-01-01 UTC. What the device itself computes from its cells is computed again here, because the device's own
 * statistics lag (reference, section 8.1).
 */
export function decodeReading(frame: Frame, variant: Variant, time: number, doubt?: Doubt): Reading {
  const reading = decoders[variant](frame.bytes, { variant, counter: frame.counter, time });
  return doubt === undefined ? reading : { ...reading, doubt };
}

const decoders = ofVariants(readingDecoder);

/** Decodes readings of a variant: by straight-line code (decision 3), or by {@link toReading} where none may be made. */
export function readingDecoder(variant: Variant): (bytes: Uint8Array, source: ReadingSource) => Reading {
  const { prelude, values, helpers } = readingCode(variant);
  return madeFrom(
    'bytes, source',
    `${prelude}
    ${values.map(({ before }) => before).join('\n')}
    return {${values.map(({ name, source }) => `${JSON.stringify(name)}: ${source}`).join(',\n')}, source};`,
    helpers,
    (bytes: Uint8Array, source: ReadingSource): Reading =>
      toReading(cellFields({ record: 'cellData', counter: source.counter, bytes }, variant), source),
  );
}

const NO_FLAGS = new Uint8Array(0);

/** A reading from the fields of a 0x02 record. This is what the origins mean; faster ways must agree with it. */
export function toReading(fields: CellFields, source: ReadingSource): Reading {
  const layout: Layout = layouts[source.variant].cellData;
  const { cellVoltages, enabledCells, averageCellVoltage, deltaCellVoltage } = fields;
  const areFloats = isFloat(layouts[source.variant].cellData.fields.cellVoltages);
  const cells = cellStatistics(cellVoltages, enabledCells, averageCellVoltage, deltaCellVoltage);
  const numberOf = (name: FieldName): number | null => {
    const [field, value] = [numberField(layout, name), fields[name]];
    if (!field || typeof value !== 'number') return null;
    const { enabledBy } = field;
    if (enabledBy !== undefined && !hasFlag(fields.enableFlags ?? NO_FLAGS, enabledBy)) return null;
    return isFloat(field) ? fromFloat(value) : value;
  };
  const values = readingRows.map(({ name, measurement: { kind }, origin }): [string, MeasurementValue] => {
    if ('each' in origin) return [name, withoutTrailingNulls(origin.each.map(numberOf))];
    if ('cells' in origin) return [name, shownStatistic(cells[origin.cells], areFloats)];
    if ('volts' in origin) return [name, power(numberOf(origin.volts), numberOf(origin.amperes))];
    const from = originField(origin, layout);
    const field = numberField(layout, from);
    if (!from || !field) return [name, null];
    const slots = fields[from];
    if (isNumbers(slots)) return [name, enabledSlots(slots, enabledCells, isFloat(field))];
    const number = numberOf(from);
    if (number === null || number === origin.unless) return [name, null];
    if (kind === 'state') return [name, number !== 0];
    if (kind === 'text') return [name, field.values?.[number] ?? null];
    return [name, kind === 'alarms' ? bitNames(field.bits ?? {}, number) : number];
  });
  const reading: object = { ...Object.fromEntries(values), source };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its names and kinds are those of the rows
  return reading as Reading;
}

function isNumbers(value: CellFields[FieldName]): value is readonly number[] {
  return Array.isArray(value);
}
