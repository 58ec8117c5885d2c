import type { Frame } from './frame.ts';
import { decode, variants, type Layout, type Values, type Variant } from './layout.ts';
import { layouts, type cellDataJk02_32s } from './layouts/index.ts';
import { specialise } from './specialise.ts';

type All = Values<typeof cellDataJk02_32s>;

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

/**
 * The fields of a cell data record of any variant: the names mean the same in all of them, and JK02_32S has them
 * all. `runtimeSincePowerOn` is what JK04 has instead of `totalRuntime`.
 */
export type CellFields = Pick<All, Common> & Partial<All> & { readonly runtimeSincePowerOn?: number };

/** The fields of a cell data record whose variant is known. */
export function cellFields(frame: Frame, variant: Variant): CellFields {
  switch (variant) {
    case 'jk04':
      return decode(layouts.jk04.cellData, frame);
    case 'jk02-24s':
      return decode(layouts['jk02-24s'].cellData, frame);
    case 'jk02-32s':
      return decode(layouts['jk02-32s'].cellData, frame);
  }
}

/** Makes a reader of some fields only, for those who look at every record and need few of them. */
export function cellFieldsReader<Name extends keyof CellFields>(
  names: readonly Name[],
): (frame: Frame, variant: Variant) => Pick<CellFields, Name> {
  const readers = Object.fromEntries(
    variants.map((variant) => {
      const layout: Layout = layouts[variant].cellData;
      const wanted = Object.entries(layout.fields).filter(([name]) => names.some((each) => each === name));
      return [variant, specialise(Object.fromEntries(wanted))];
    }),
  );
  return ({ bytes }, variant) => {
    const fields = readers[variant]?.(bytes);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the reader was made from the rows with these names
    return fields as unknown as Pick<CellFields, Name>;
  };
}
