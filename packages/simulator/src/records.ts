import {
  alarms,
  batteryTypes,
  chargeStatuses,
  hasFlag,
  type cellDataJk02_32s,
  type deviceInfoJk02_32s,
  type AlarmName,
  type Values,
} from '@ubmsc/protocol';
import type { BatteryState } from './battery-state.ts';
import type { ChemistryName } from './chemistry.ts';
import { firmwareTraits, type DeviceProfile } from './device-profiles.ts';
import { flagsFromHex, flagsFromRanges } from './flags.ts';
import type { Settings } from './settings.ts';

/** What a device says of itself, in units (reference, section 5.7). */
export type DeviceInfoRecord = Values<typeof deviceInfoJk02_32s>;

/** What a device measures, in units (reference, section 5.1). */
export type CellDataRecord = Values<typeof cellDataJk02_32s>;

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
  readonly profile: DeviceProfile;
  readonly chemistry: ChemistryName;
  readonly settings: Settings;
  readonly info: DeviceInfoRecord;
  readonly state: BatteryState;
  /** The state from which the device computes mean, spread, highest and lowest cell. */
  readonly statistics: BatteryState;
  readonly times: DeviceTimes;
}

/** The fields of a 0x02 record; those that are left out are 0. */
export function cellDataRecord(sources: CellDataSources): Partial<CellDataRecord> {
  const { profile, chemistry, settings, info, state, statistics, times } = sources;
  const flags = flagsFromHex(profile.cellDataFlags);
  const { cellVoltages, batteryTemperatures: probes } = state;
  const unknownProbe = firmwareTraits(profile.softwareVersion).zeroForUnknownProbes ? 0 : null;
  const highest = Math.max(...statistics.cellVoltages);
  const lowest = Math.min(...statistics.cellVoltages);
  const cells = statistics.cellVoltages.length;
  return {
    cellVoltages,
    enabledCells: 2 ** cellVoltages.length - 1,
    averageCellVoltage: statistics.packVoltage / cells,
    deltaCellVoltage: highest - lowest,
    maxCellIndex: statistics.cellVoltages.indexOf(highest),
    minCellIndex: statistics.cellVoltages.indexOf(lowest),
    cellWireResistances: state.cellLeadResistances,
    mosTemperature: state.mosTemperature,
    packVoltage: state.packVoltage,
    packPower: state.packPower,
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
    fullChargeCapacity: state.fullChargeCapacity,
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

/** What a device says of itself when it is new. */
export function deviceInfoRecord(
  profile: DeviceProfile,
  texts: Partial<DeviceInfoRecord>,
): Partial<DeviceInfoRecord> {
  return {
    model: profile.model,
    hardwareVersion: profile.hardwareVersion,
    softwareVersion: profile.softwareVersion,
    powerOnCount: 12,
    deviceName: profile.name,
    devicePasscode: 'LEAKME-DEVICE',
    manufacturingDate: '250318',
    // Real units leave three zeros of an older, longer number behind the NUL (reference, section 5.8).
    serialNumber: `${profile.serialNumber}\u0000000`,
    userData: 'JK-BMS',
    settingsPasscode: 'LEAKME-SETTINGS',
    userData2: 'JK-BMS',
    commandSupport: flagsFromRanges(profile.commandSupport, 32, 16),
    uart1Protocol: 1,
    canProtocol: 0,
    lcdBuzzerTriggerValue: 0,
    dataStoredPeriod: 3600,
    rcvTime: 1,
    rfvTime: 6,
    emergencyTime: 30,
    enableFlags: flagsFromRanges(profile.deviceInfoFlags, 11, 10),
    ...texts,
  };
}

function alarmMask(active: Iterable<AlarmName>): number {
  let mask = 0;
  for (const name of active) mask += 2 ** alarms[name].bit;
  return mask;
}
