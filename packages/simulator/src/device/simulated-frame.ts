import { encodeEach, type AnyFieldValue, type Frame, type Layout } from '@ubmsc/protocol';

/** Values by their names; a row of a layout may ask for any of them. */
export type NamedValues = Readonly<Partial<Record<string, AnyFieldValue>>>;

/** The record of a device that has these values, as the rows of its layout ask for them. What it does not have is 0. */
export function simulatedFrame(layout: Layout, values: NamedValues): Frame {
  return encodeEach(layout, (name, { simulated }) =>
    typeof simulated === 'object' ? values[simulated.from] : (simulated ?? values[name]),
  );
}
