import type { DeviceInfo, MeasurementGroup, Reading } from '@ubmsc/protocol';

/** What one run of the command learned. */
export interface Result {
  readonly devices: readonly DeviceResult[];
}

export interface DeviceResult {
  /** Name or address that the user asked for. */
  readonly device: string;
  /** Name that the device advertises. */
  readonly name?: string | undefined;
  readonly address: string;
  /** No battery is behind it. Every format says so but metrics, whose series keep their names and labels. */
  readonly simulated: boolean;
  readonly deviceInfo?: DeviceInfo | undefined;
  readonly reading?: Reading | undefined;
}

export interface FormatOptions {
  /** What to show, in this order. */
  readonly groups: readonly MeasurementGroup[];
  /** Passcodes are `***` without it. */
  readonly showSecrets?: boolean | undefined;
  /** Text without any other character than those of ASCII. */
  readonly ascii?: boolean | undefined;
  /** Put before each name of a metric. */
  readonly metricPrefix?: string | undefined;
}

/** Prints a result, ending in a newline. */
export type Renderer = (result: Result, options: FormatOptions) => string | Promise<string>;
