import { encodeField, type AnyFieldValue, type Field, type FieldValue, type NumberField } from './field.ts';
import { FRAME_LENGTH, sealFrame, type Frame, type RecordName } from './frame.ts';
import { specialise, type Decoder } from './specialise.ts';

/** Maps the bytes of one record of one variant to named values, both ways. */
export interface Layout {
  readonly variant: string;
  readonly record: RecordName;
  /** Every byte from 5 to 298 belongs to exactly one field. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Registers that no record shows (reference, sections 7.1 to 7.3); `at` is where a request has their value. */
  readonly writeOnly?: Readonly<Record<string, NumberField>>;
  /** Why the structure of a record says that it is not of this layout; undefined when it does not say so. */
  readonly objection?: (bytes: Uint8Array) => string | undefined;
}

/** The layouts of one variant. The first three records are sent by every device. */
export type VariantLayouts = Readonly<Record<'cellData' | 'settings' | 'deviceInfo', Layout>> &
  Readonly<Partial<Record<RecordName, Layout>>>;

/** The values of a layout's fields. */
export type Values<L extends Layout> = {
  readonly [Name in keyof L['fields']]: FieldValue<L['fields'][Name]>;
};

const decoders = new WeakMap<Layout, Decoder>();

/** The values of a frame's fields. The caller has made sure that the layout is that of the frame's sender. */
export function decode<L extends Layout>(layout: L, { bytes }: Frame): Values<L> {
  let decoder = decoders.get(layout);
  if (!decoder) {
    decoder = specialise(layout.fields);
    decoders.set(layout, decoder);
  }
  const values = decoder(bytes);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the decoder was made from the rows of this layout
  return values as Values<L>;
}

/** The frame that decodes to these values, with header and checksum. Fields that are left out are 0. */
export function encode<L extends Layout>(layout: L, values: Partial<Values<L>>): Frame {
  const given: Partial<Readonly<Record<string, AnyFieldValue>>> = values;
  return encodeEach(layout, (name) => given[name]);
}

const rows = new WeakMap<Layout, readonly (readonly [name: string, field: Field])[]>();

/** The same, of the values that are asked for one by one; undefined for one that is left out. */
export function encodeEach(
  layout: Layout,
  valueOf: (name: string, field: Field) => AnyFieldValue | undefined,
): Frame {
  let fields = rows.get(layout);
  if (!fields) {
    fields = Object.entries(layout.fields);
    rows.set(layout, fields);
  }
  const bytes = new Uint8Array(FRAME_LENGTH);
  const view = new DataView(bytes.buffer);
  for (const [name, field] of fields) {
    const value = valueOf(name, field);
    if (value !== undefined) encodeField(field, value, bytes, view);
  }
  return sealFrame(layout.record, bytes);
}
