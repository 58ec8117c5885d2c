import type { BankValues, EnergyTotals } from '@ubmsc/session';
import type { DeviceInfo, Frame, MeasurementGroup, Reading, RecordName, Variant } from '@ubmsc/protocol';
import type { Entry } from './entry.ts';

/** What one run of the command learned. */
export interface Result {
  readonly devices: readonly DeviceResult[];
}

export interface DeviceResult {
  /** Name or address that the user asked for, or where else the values are from. */
  readonly device: string;
  /** Name that the device advertises. */
  readonly name?: string | undefined;
  readonly address?: string | undefined;
  /** It comes from a simulated battery. Every format says so but metrics, whose series keep their names and labels. */
  readonly simulated: boolean;
  readonly deviceInfo?: DeviceInfo | undefined;
  readonly reading?: Reading | undefined;
  /** The record of a capture that the reading is of, where all else is left out: a format may print it from there. */
  readonly measured?: MeasuredRecord | undefined;
  /** Set when it is a bank of batteries. */
  readonly bank?: BankValues | undefined;
  /** What was added up from its readings. */
  readonly energy?: EnergyTotals | undefined;
  /** Records beyond measurements, such as settings, or taken apart into their fields. Metrics leave them out. */
  readonly records?: Readonly<Partial<Record<RecordName | 'request', readonly Entry[]>>> | undefined;
}

/** A 0x02 record of a capture, which has no time. */
export interface MeasuredRecord {
  readonly frame: Frame;
  readonly variant: Variant;
  /** Its place in the capture, from 1. After {@link FRAME}, it is the name of the device. */
  readonly number: number;
}

/** What stands for the device of a record whose sender a capture does not name. */
export const FRAME = 'frame ';

/** A part of a result that is shown: measurements, or a record. */
export type Group = MeasurementGroup | RecordName | 'request';

export interface FormatOptions {
  /** What to show, in this order. */
  readonly groups: readonly Group[];
  /** Passcodes are `***` without it. */
  readonly showSecrets?: boolean | undefined;
  /** Text without any other character than those of ASCII. */
  readonly ascii?: boolean | undefined;
  /** Text with colours, for a terminal. */
  readonly colour?: boolean | undefined;
  /** Put before each name of a metric. */
  readonly metricPrefix?: string | undefined;
}

/** Prints a result, ending in a newline. */
export type Renderer = (result: Result, options: FormatOptions) => string | Promise<string>;
