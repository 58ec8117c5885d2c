import {
  decode,
  encode,
  layouts,
  settingsJk02_32s,
  type Frame,
  type Values,
  type Variant,
} from '@ubmsc/protocol';
import { chemistries } from '../model/chemistry.ts';
import type { DeviceProfile } from './device-profiles.ts';
import { flagsFromRanges } from './flags.ts';
import { simulatedFrame } from './simulated-frame.ts';

/** The settings of a device, in units (reference, section 5.4). JK02_32S has those of all variants. */
export type Settings = Values<typeof settingsJk02_32s>;

/** The settings that a device of this profile comes with. */
export function defaultSettings(profile: DeviceProfile): Settings {
  const { commandSupport, chemistry, maxCurrent, maxBalanceCurrent, designCapacity, cells } = profile;
  // Registers 0x01 to 0x3B are the fields of the settings, so that the record's flags repeat the command map.
  const enableFlags = flagsFromRanges(commandSupport, 32, 16).subarray(0, 9);
  enableFlags[0] = (enableFlags[0] ?? 0) & 0xfe;
  enableFlags.fill(0, 8);
  return {
    ...decode(settingsJk02_32s, encode(settingsJk02_32s, {})),
    ...chemistries[chemistry].settings,
    balanceTriggerVoltage: 0.01,
    maxChargeCurrent: maxCurrent,
    chargeOcpDelay: 30,
    chargeOcpRecoveryTime: 60,
    maxDischargeCurrent: maxCurrent,
    dischargeOcpDelay: 300,
    dischargeOcpRecoveryTime: 60,
    scpRecoveryTime: 5,
    scpDelay: 1500,
    maxBalanceCurrent,
    chargeOtp: 60,
    chargeOtpRecovery: 55,
    dischargeOtp: 65,
    dischargeOtpRecovery: 60,
    chargeUtp: -5,
    chargeUtpRecovery: 0,
    mosOtp: 90,
    mosOtpRecovery: 80,
    cellCount: cells,
    chargeSwitch: 1,
    dischargeSwitch: 1,
    balancerSwitch: 1,
    designCapacity,
    deviceAddress: 1,
    currentRange: 500,
    // Before registers 0x37 and 0x38 existed, their bytes held the over-temperature alarm (reference, section 8.7).
    heatingStartTemperature: 60,
    heatingStopTemperature: 50,
    smartSleepTime: 24,
    enableFlags,
  };
}

/** The 0x01 record of a variant. */
export function settingsFrame(variant: Variant, settings: Settings): Frame {
  return simulatedFrame(layouts[variant].settings, settings);
}
