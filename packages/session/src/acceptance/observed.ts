import { cellFieldsReader, type Frame, type Variant, type Part, type Pause } from '@ubmsc/protocol';
import { slotsOf, type Slots } from './cell-slots.ts';

const readFields = cellFieldsReader([
  'frameCounter',
  'cellVoltages',
  'enabledCells',
  'packVoltage',
  'packVoltage2',
  'packPower',
  'packCurrent',
  'balanceCurrent',
  'temperature1',
  'temperature2',
  'temperature3',
  'temperature4',
  'temperature5',
  'mosTemperature',
  'stateOfCharge',
  'remainingCapacity',
  'fullChargeCapacity',
  'cycleCount',
  'cycleCapacity',
  'stateOfHealth',
  'chargeMosOn',
  'dischargeMosOn',
  'totalRuntime',
  'runtimeSincePowerOn',
  'sysRunTicks',
]);

/** The fields of a cell data record that acceptance looks at. */
export type WitnessFields = ReturnType<typeof readFields>;

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
  readonly bytes: Uint8Array;
  readonly variant: Variant;
  readonly fields: WitnessFields;
  readonly slots: Slots;
  readonly arrival: Arrival;
}

export function observed({ frame, variant }: { frame: Frame; variant: Variant }, arrival: Arrival): Observed {
  const { bytes } = frame;
  const fields = readFields(frame, variant);
  return { bytes, variant, fields, slots: slotsOf(bytes, variant, fields.enabledCells), arrival };
}

/** What the records accepted so far tell of the session. */
export class Session {
  /** Usual time from one record to the next, in milliseconds of arrival; at first that of most firmware (reference, section 3.3). */
  period = 540;
  /** The same by the clock of the device, in seconds. */
  step = 0.54;
  /** How often the current has ended and nothing spoke against it: then it may end at any time. */
  currentEnds = 0;
  /** Values that have gone to 0 or to their limit for one record. */
  readonly #flickering = new Set<string>();

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
