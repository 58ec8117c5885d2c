import { toSpacedHex } from './hex.ts';
import {
  decodeField,
  fieldSize,
  hasBit,
  isNumeric,
  numberSizes,
  type Field,
  type NumberField,
} from './field.ts';
import type { Frame } from './frame.ts';
import type { Layout } from './layout.ts';
import { snakeCase } from './measurements.ts';
import {
  meaning,
  numberAt,
  offsetOf,
  shownCount,
  enableFlagOf,
  isEnabled,
  namedFields,
  unitOf,
  viewOf,
  visibleText,
  type FieldOptions,
  type Meaning,
} from './record-fields.ts';

/** How one number or text of a record comes about. */
export type ExplainedField = {
  /** Of its first byte, from the first byte of the frame. */
  readonly offset: number;
  /** Name, with the index of a list and the name of a bit: `alarms.cell_over_voltage`. */
  readonly field: string;
  /** How the value is computed from the bytes. */
  readonly formula: string;
  readonly value: Meaning;
  readonly unit: string | null;
  /** As `55 aa eb 90`; `***` for a secret. */
  readonly bytes: string;
};

/** Every field of a record: where it is, how it is computed, what it is, from which bytes. */
export function explainFields(frame: Frame, layout: Layout, options: FieldOptions): ExplainedField[] {
  return namedFields(layout, options).flatMap(([name, field]) =>
    explainField(frame, layout, [snakeCase(name), field], shownCount(layout, name, frame), options),
  );
}

function explainField(
  frame: Frame,
  layout: Layout,
  [key, field]: readonly [string, Field],
  count: number,
  { showSecrets = false }: FieldOptions,
): ExplainedField[] {
  if (field.secret && !showSecrets) {
    return [{ ...row(frame, field.at, 0, key, field.type), value: '***', bytes: '***' }];
  }
  if (isNumeric(field)) {
    const element = (index: number): string => (field.count === undefined ? key : `${key}[${index}]`);
    return Array.from({ length: count }, (_, index) =>
      explainNumber(frame, layout, [element(index), field], offsetOf(field, index)),
    ).flat();
  }
  if (field.type === 'struct') {
    return Array.from({ length: count }, (_, index) =>
      Object.entries(field.fields).flatMap(([name, each]) =>
        explainNumber(
          frame,
          layout,
          [`${key}[${index}].${snakeCase(name)}`, each],
          field.at + index * field.size + each.at,
        ),
      ),
    ).flat();
  }
  const value = decodeField(field, frame.bytes, viewOf(frame));
  const shown = typeof value === 'string' ? visibleText(value) : null;
  return [{ ...row(frame, field.at, fieldSize(field), key, field.type), value: shown }];
}

function explainNumber(
  frame: Frame,
  layout: Layout,
  [key, field]: readonly [string, NumberField],
  at: number,
): ExplainedField[] {
  const value = isEnabled(field, frame, layout) ? numberAt(field, at, frame) : null;
  const means = meaning(field, value);
  const own = {
    ...row(
      frame,
      at,
      numberSizes[field.type],
      key,
      formula(field, enableFlagOf(field, layout)),
      unitOf(field),
    ),
    value: typeof means === 'object' && means !== null ? means.join(', ') || 'none' : means,
  };
  const bits = Object.entries(field.bits ?? {}).map(([name, { bit }]) => ({
    ...row(frame, at + (bit >> 3), 1, `${key}.${snakeCase(name)}`, `bit ${bit}`),
    value: value === null ? null : hasBit(value, bit),
  }));
  return [own, ...bits];
}

/** The columns in their order. Bytes come last: a record has fields of 4 bytes and of 184. */
function row(
  { bytes }: Frame,
  offset: number,
  size: number,
  field: string,
  how: string,
  unit: string | null = null,
): ExplainedField {
  return {
    offset,
    field,
    formula: how,
    value: null,
    unit,
    bytes: toSpacedHex(bytes.subarray(offset, offset + size)),
  };
}

function formula(
  { type, divisor, absent, bits, values, unit }: NumberField,
  enableFlag: number | undefined,
): string {
  let text: string = divisor === undefined ? type : `${type} / ${divisor}`;
  if (bits) text += ' as bits';
  else if (values) text += ' as name';
  else if (unit === 'boolean') text += ' != 0';
  if (absent !== undefined) text += `, ${absent} is absent`;
  return enableFlag === undefined ? text : `${text}, if flag ${enableFlag}`;
}
