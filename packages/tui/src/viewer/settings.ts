import { decode, layouts } from '@ubmsc/protocol';
import type { WatchedStatus } from '../model/watch.ts';
import { limitsOf, type Limits } from '../model/limits.ts';
import type { DeviceSettings } from '../views/settings.ts';

const noLimits: Limits = {};

/** Settings are decoded once for each record that holds them. */
const decoded = new WeakMap<object, { readonly settings: DeviceSettings; readonly limits: Limits }>();

/** The settings that a battery has sent; undefined before. */
export function settingsOf(status: WatchedStatus | undefined): DeviceSettings | undefined {
  return knownOf(status)?.settings;
}

/** The limits among the settings of a battery. */
export function limitsOfStatus(status: WatchedStatus | undefined): Limits {
  return knownOf(status)?.limits ?? noLimits;
}

function knownOf(
  status: WatchedStatus | undefined,
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
