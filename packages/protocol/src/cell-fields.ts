import { isNumeric } from './field.ts';
import type { Frame } from './frame.ts';
import { decode, type Layout, type Values } from './layout.ts';
import { layouts, ofVariants, type Variant } from './layouts/index.ts';
import { specialise, specialiseRanges } from './specialise.ts';

type CellDataLayout = (typeof layouts)[Variant]['cellData'];

/** Fields of a cell data record that every variant has. */
type Common =
  | 'frameCounter'
  | 'cellVoltages'
  | 'enabledCells'
  | 'averageCellVoltage'
  | 'maxCellIndex'
  | 'minCellIndex'
  | 'cellWireResistances'
  | 'packVoltage'
  | 'sysRunTicks';

type NameIn<L> = L extends Layout ? keyof L['fields'] : never;
type ValueIn<L, Name> = L extends Layout ? (Name extends keyof Values<L> ? Values<L>[Name] : never) : never;

/** The fields of a cell data record of any variant: a name means the same in all of them that have it. */
export type CellFields = {
  readonly [Name in Common]: ValueIn<CellDataLayout, Name>;
} & {
  readonly [Name in Exclude<NameIn<CellDataLayout>, Common>]?: ValueIn<CellDataLayout, Name>;
};

/** The fields of a cell data record whose variant is known. */
export function cellFields(frame: Frame, variant: Variant): CellFields {
  return decode(layouts[variant].cellData, frame);
}

/** Makes a reader of some fields only, for those who look at every record and need few of them. */
export function cellFieldsReader<Name extends keyof CellFields>(
  names: readonly Name[],
): (frame: Frame, variant: Variant) => Pick<CellFields, Name> {
  const readers = ofVariants((variant) => {
    const { fields }: Layout = layouts[variant].cellData;
    const wanted = Object.entries(fields).filter(([name]) => names.some((each) => each === name));
    return specialise(Object.fromEntries(wanted));
  });
  return ({ bytes }, variant) => {
    const fields = readers[variant](bytes);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the reader was made from the rows with these names
    return fields as unknown as Pick<CellFields, Name>;
  };
}

const isOutOfRange = ofVariants((variant) => {
  const { fields }: Layout = layouts[variant].cellData;
  const numbers = Object.values(fields).filter(isNumeric);
  return specialiseRanges(numbers.flatMap((field) => (field.range ? [{ field, range: field.range }] : [])));
});

/** Whether a record has a value that is impossible, whatever the battery does: what the ranges of the layout leave out. */
export function isImpossible({ bytes }: Frame, variant: Variant): boolean {
  return isOutOfRange[variant](bytes);
}
