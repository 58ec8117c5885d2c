import {
  alarms,
  batteryTypes,
  chargeStatuses,
  hasFlag,
  layouts,
  type AlarmName,
  type cellDataJk02_32s,
  type Frame,
  type Values,
  type Variant,
} from '@ubmsc/protocol';
import type { BatteryState } from '../model/battery-state.ts';
import type { ChemistryName } from '../model/chemistry.ts';
import type { DeviceProfile } from './device-profiles.ts';
import type { FirmwareTraits } from './firmware.ts';
import type { DeviceInfoRecord } from './device-info-record.ts';
import { flagsFromHex } from './flags.ts';
import type { Settings } from './settings.ts';
import { simulatedFrame, type NamedValues } from './simulated-frame.ts';

/** What a device measures, in units (reference, section 5.1). The fields are those of JK02_32S. */
export type CellDataRecord = Values<typeof cellDataJk02_32s>;

/** What loads look at of that which a device measures. */
export type LoadedCells = Pick<
  CellDataRecord,
  | 'cellVoltages'
  | 'cellWireResistances'
  | 'enabledCells'
  | 'temperature2'
  | 'fullChargeCapacity'
  | 'stateOfCharge'
  | 'totalRuntime'
  | 'sysRunTicks'
  | 'rtc'
>;

/** Times in s that a device keeps. */
export interface DeviceTimes {
  /** Since the device was made. */
  readonly total: number;
  /** Since it was switched on. */
  readonly boot: number;
  /** Since 2020-01-01 00:00 in its local standard time. */
  readonly clock: number;
}

/** The passcode of the settings that devices come with: while it is in use, they ask for another. */
const DEFAULT_SETTINGS_PASSCODE = '123456';

/** What goes into a 0x02 record. */
export interface CellDataSources {
  readonly frameCounter: number;
  readonly profile: DeviceProfile;
  readonly traits: FirmwareTraits;
  readonly chemistry: ChemistryName;
  readonly settings: Settings;
  readonly info: DeviceInfoRecord;
  readonly state: BatteryState;
  /** The state from which the device computes power, mean, spread, highest and lowest cell. */
  readonly statistics: BatteryState;
  readonly times: DeviceTimes;
}

/** The fields of a 0x02 record; those that are left out are 0. */
export function cellDataRecord(sources: CellDataSources): Partial<CellDataRecord> & LoadedCells {
  const { frameCounter, profile, traits, chemistry, settings, info, state, statistics, times } = sources;
  const flags = flagsFromHex(profile.cellDataFlags);
  const { cellVoltages, batteryTemperatures: probes } = state;
  const unknownProbe = traits.zeroForUnknownProbes ? 0 : null;
  const highest = Math.max(...statistics.cellVoltages);
  const lowest = Math.min(...statistics.cellVoltages);
  const cells = statistics.cellVoltages.length;
  return {
    frameCounter,
    cellVoltages,
    enabledCells: 2 ** cellVoltages.length - 1,
    averageCellVoltage: statistics.packVoltage / cells,
    deltaCellVoltage: highest - lowest,
    maxCellIndex: statistics.cellVoltages.indexOf(highest),
    minCellIndex: statistics.cellVoltages.indexOf(lowest),
    cellWireResistances: state.cellLeadResistances,
    mosTemperature: state.mosTemperature,
    packVoltage: state.packVoltage,
    packPower: statistics.packPower,
    packCurrent: state.packCurrent,
    temperature1: probes[0] ?? null,
    temperature2: probes[1] ?? null,
    alarms: alarmMask([
      ...state.protections,
      ...(cellVoltages.length === settings.cellCount ? [] : (['cellCountMismatch'] as const)),
      ...(info.settingsPasscode === DEFAULT_SETTINGS_PASSCODE ? (['changePassword'] as const) : []),
    ]),
    balanceCurrent: state.balanceCurrent,
    balanceState: state.balanceState,
    stateOfCharge: state.stateOfCharge,
    remainingCapacity: state.remainingCapacity,
    fullChargeCapacity: traits.learnsCapacity ? state.fullChargeCapacity : settings.designCapacity,
    cycleCount: state.cycleCount,
    cycleCapacity: state.cycleCapacity,
    stateOfHealth: state.stateOfHealth,
    prechargeState: 0,
    totalRuntime: Math.floor(times.total),
    chargeMosOn: Number(state.chargeMosOn),
    dischargeMosOn: Number(state.dischargeMosOn),
    temperatureSensorPresence: 0xff,
    reserved216: 1,
    batteryVoltageCorrection: 3,
    packVoltage2: state.packVoltage,
    chargerPlugged: Number(state.packCurrent > 0),
    sysRunTicks: times.boot,
    // It repeats the MOSFETs on every device without a third probe.
    temperature3: state.mosTemperature,
    temperature4: hasFlag(flags, 60) ? (probes[2] ?? null) : unknownProbe,
    temperature5: hasFlag(flags, 61) ? (probes[3] ?? null) : unknownProbe,
    rtc: Math.floor(times.clock),
    timeToSmartSleep: settings.smartSleepTime * 3600,
    batteryType: batteryTypes.indexOf(chemistry),
    chargeStatusElapsed: Math.min(0xffff, state.chargePhaseTime),
    chargeStatus: chargeStatuses.indexOf(state.chargePhase),
    enableFlags: flags,
  };
}

/** The 0x02 record of a variant that has these fields, as far as it knows them. */
export function cellDataFrame(variant: Variant, values: Partial<CellDataRecord>): Frame {
  return simulatedFrame(layouts[variant].cellData, { ...values, ...derivedFrom(values) });
}

/** What rows of layouts ask for besides the fields of JK02_32S. */
export function derivedFrom({
  cellVoltages = [],
  balanceCurrent = 0,
  sysRunTicks = 0,
}: Partial<CellDataRecord>): NamedValues {
  return {
    // JK04 adds its cells up as float32; its balance current comes in steps of 2⁻¹² A (reference, section 5.3).
    sumOfFloats: cellVoltages.reduce((sum, voltage) => sum + Math.fround(voltage), 0),
    steppedBalanceCurrent: Math.round(balanceCurrent * 4096) / 4096,
    secondsSinceBoot: Math.floor(sysRunTicks),
  };
}

function alarmMask(active: Iterable<AlarmName>): number {
  let mask = 0;
  for (const name of active) mask += 2 ** alarms[name].bit;
  return mask;
}
