import {
  cellFieldsReader,
  hasBit,
  layouts,
  numberSizes,
  ofVariants,
  type Frame,
  type Part,
  type Pause,
  type Variant,
} from '@ubmsc/protocol';

const readFields = cellFieldsReader([
  'frameCounter',
  'enabledCells',
  'packVoltage',
  'packVoltage2',
  'packPower',
  'packCurrent',
  'balanceCurrent',
  'stateOfCharge',
  'remainingCapacity',
  'fullChargeCapacity',
  'totalRuntime',
  'runtimeSincePowerOn',
  'sysRunTicks',
]);

/** How a record came. */
export interface Arrival {
  /** When it was complete, by a monotonic clock in milliseconds. */
  readonly time: number;
  /** The pauses in which it waited for its rest. */
  readonly pauses: readonly Pause[];
  /** The notifications that it came in, as far as they are known. */
  readonly parts?: readonly Part[] | undefined;
}

/** A cell data record as acceptance sees it. */
export interface Observed {
  readonly frame: Frame;
  readonly bytes: Uint8Array;
  readonly variant: Variant;
  readonly fields: ReturnType<typeof readFields>;
  /** Number of the last cell, from 1. */
  readonly cells: number;
  /** How many slots of cells after the last one are not empty. */
  readonly filledSlots: number;
  /** How many cells have a lead whose resistance reads 0, other than all, where nothing was measured. */
  readonly silentLeads: number;
  readonly arrival: Arrival;
}

export function observed({ frame, variant }: { frame: Frame; variant: Variant }, arrival: Arrival): Observed {
  const { bytes } = frame;
  const fields = readFields(frame, variant);
  const cells = 32 - Math.clz32(fields.enabledCells);
  const { voltages, leads, size, count } = slots[variant];
  const filledSlots = filled(bytes, voltages, size, cells, count) + filled(bytes, leads, size, cells, count);
  const filledLeads = filled(bytes, leads, size, 0, cells);
  const silentLeads = filledLeads === 0 ? 0 : cells - filledLeads;
  return { frame, bytes, variant, fields, cells, filledSlots, silentLeads, arrival };
}

/** How many numbers of a list are not 0, from one slot up to another. */
function filled(bytes: Uint8Array, list: number, size: number, from: number, to: number): number {
  let count = 0;
  for (let at = list + from * size; at < list + to * size; at += size)
    if (bytes[at] !== 0 || bytes[at + size - 1] !== 0) count++;
  return count;
}

/** Where the numbers of cells are: a voltage, and the resistance of a lead. */
export const slots = ofVariants((variant) => {
  const { cellVoltages, cellWireResistances: leads } = layouts[variant].cellData.fields;
  return { voltages: cellVoltages.at, leads: leads.at, size: numberSizes[leads.type], count: leads.count };
});

/** Few records are looked at so closely. */
export const voltagesOf = cellFieldsReader(['cellVoltages']);

/** Voltages of the cells in volts, in order. */
export function enabledVoltages({ frame, variant, fields: { enabledCells } }: Observed): number[] {
  return voltagesOf(frame, variant).cellVoltages.filter((_, cell) => hasBit(enabledCells, cell));
}

/**
 * How much two cells that read the same differ in the next record, in volts as a root mean square: about a step of the
 * converter. The only limit that was estimated from recordings; `limits.exhaustive.test.ts` does it again without the
 * device that is judged.
 */
export const NOISE = 0.0015;

/** What the records accepted so far tell of the session. */
export class Session {
  readonly noise: number;
  /** Usual time from one record to the next, in milliseconds of arrival; at first that of most firmware (reference, section 3.3). */
  period = 540;
  /** The same by the clock of the device, in seconds. */
  step = 0.54;
  /** Probes with a loose contact. */
  readonly loose = new Set<string>();
  /** Values that have gone to 0 or to their limit for one record. */
  readonly #flickering = new Set<string>();

  constructor(noise = NOISE) {
    this.noise = noise;
  }

  /** Whether a value that has leapt stays; where it has come back before, the next record is not enough to tell. */
  stays(name: string, isSo: boolean): boolean {
    if (!isSo) this.#flickering.add(name);
    return isSo && !this.#flickering.has(name);
  }
}

/** What a record that comes next says about a doubtful one. */
export type Verdict = 'confirmed' | 'refuted' | 'open';

/** A doubtful record with the accepted one before it, if any, and the one that comes next. */
export interface Case {
  readonly before: Observed | undefined;
  readonly record: Observed;
  readonly next: Observed;
}
