import { decode, layouts, type Variant } from '@ubmsc/protocol';
import type { BatteryStatus } from '@ubmsc/session';
import { limitsOf, type Limits } from './limits.ts';

/** The settings of a device, by the names of its layout. */
export interface DeviceSettings {
  readonly variant: Variant;
  readonly values: Readonly<Record<string, unknown>>;
}

const noLimits: Limits = {};

/** Settings are decoded once for each record that holds them. */
const decoded = new WeakMap<object, { readonly settings: DeviceSettings; readonly limits: Limits }>();

/** The settings that a battery has sent; undefined before. */
export function settingsOf(status: BatteryStatus | undefined): DeviceSettings | undefined {
  return knownOf(status)?.settings;
}

/** The limits among the settings of a battery. */
export function limitsOfStatus(status: BatteryStatus | undefined): Limits {
  return knownOf(status)?.limits ?? noLimits;
}

function knownOf(
  status: BatteryStatus | undefined,
): { readonly settings: DeviceSettings; readonly limits: Limits } | undefined {
  const record = status?.settings;
  if (!record) return undefined;
  const before = decoded.get(record);
  if (before) return before;
  const { frame, variant } = record;
  const values: Readonly<Record<string, unknown>> = decode(layouts[variant].settings, frame);
  const known = { settings: { variant, values }, limits: limitsOf(values) };
  decoded.set(record, known);
  return known;
}
