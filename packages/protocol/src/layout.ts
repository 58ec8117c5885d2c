import { encodeField, type AnyFieldValue, type Field, type FieldValue } from './field.ts';
import { FRAME_LENGTH, sealFrame, type Frame, type RecordName } from './frame.ts';
import { specialise, type Decoder } from './specialise.ts';

/** The families of firmware that lay their records out differently (reference, section 4). */
export const variants = ['jk04', 'jk02-24s', 'jk02-32s'] as const;

/** One of the forms that records of JK devices have. */
export type Variant = (typeof variants)[number];

/** Maps the bytes of one record of one variant to named values, both ways. */
export interface Layout {
  readonly variant: Variant;
  readonly record: RecordName;
  /** Every byte from 5 to 298 belongs to exactly one field. */
  readonly fields: Readonly<Record<string, Field>>;
}

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
  const bytes = new Uint8Array(FRAME_LENGTH);
  const view = new DataView(bytes.buffer);
  const given: Partial<Readonly<Record<string, AnyFieldValue>>> = values;
  for (const [name, field] of Object.entries(layout.fields)) {
    const value = given[name];
    if (value !== undefined) encodeField(field, value, bytes, view);
  }
  return sealFrame(layout.record, bytes);
}
