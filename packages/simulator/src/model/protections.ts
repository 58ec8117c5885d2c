import type { AlarmName } from '@ubmsc/protocol';
import type { Settings } from '../device/settings.ts';

/** What the protections watch. */
export interface Watched {
  /** Voltages in V. */
  readonly highestCell: number;
  readonly lowestCell: number;
  /** Temperatures in °C. */
  readonly battery: number;
  readonly mos: number;
}

/** Opens a MOSFET at one value and closes it again at another. */
interface Protection {
  readonly alarm: AlarmName;
  readonly opens: readonly ('charge' | 'discharge')[];
  readonly trips: (watched: Watched, settings: Settings) => boolean;
  readonly releases: (watched: Watched, settings: Settings) => boolean;
}

/** The protections that are modelled, one row each; thresholds come from the settings (reference, section 5.4). */
// A table is read by its columns:
// prettier-ignore
const protections: readonly Protection[] = [
  { alarm: 'cellOverVoltage', opens: ['charge'], trips: (w, s) => w.highestCell >= s.cellOvp, releases: (w, s) => w.highestCell <= s.cellOvpRecovery },
  { alarm: 'cellUnderVoltage', opens: ['discharge'], trips: (w, s) => w.lowestCell <= s.cellUvp, releases: (w, s) => w.lowestCell >= s.cellUvpRecovery },
  { alarm: 'chargeOverTemperature', opens: ['charge'], trips: (w, s) => w.battery >= s.chargeOtp, releases: (w, s) => w.battery <= s.chargeOtpRecovery },
  { alarm: 'chargeUnderTemperature', opens: ['charge'], trips: (w, s) => w.battery <= s.chargeUtp, releases: (w, s) => w.battery >= s.chargeUtpRecovery },
  { alarm: 'dischargeOverTemperature', opens: ['discharge'], trips: (w, s) => w.battery >= s.dischargeOtp, releases: (w, s) => w.battery <= s.dischargeOtpRecovery },
  { alarm: 'mosOverTemperature', opens: ['charge', 'discharge'], trips: (w, s) => w.mos >= s.mosOtp, releases: (w, s) => w.mos <= s.mosOtpRecovery },
];

/**
 * The alarms that are active now, given those that were active before: each protection holds until its release, and as
 * long as `holds` says, because a battery recovers as soon as its load is gone.
 */
export function activeProtections(
  before: ReadonlySet<AlarmName>,
  holds: (alarm: AlarmName) => boolean,
  watched: Watched,
  settings: Settings,
): ReadonlySet<AlarmName> {
  const active = protections.filter(
    ({ alarm, trips, releases }) =>
      trips(watched, settings) || (before.has(alarm) && (holds(alarm) || !releases(watched, settings))),
  );
  return new Set(active.map(({ alarm }) => alarm));
}

/** Whether the active protections and the user's switch leave a MOSFET closed. */
export function mosConducts(
  mos: 'charge' | 'discharge',
  active: ReadonlySet<AlarmName>,
  settings: Settings,
): boolean {
  const allowed = (mos === 'charge' ? settings.chargeSwitch : settings.dischargeSwitch) !== 0;
  return allowed && !protections.some(({ alarm, opens }) => active.has(alarm) && opens.includes(mos));
}
