import type { ChemistryName } from './chemistry.ts';

/** What distinguishes one model of device from another. */
export interface DeviceProfile {
  readonly model: string;
  readonly hardwareVersion: string;
  readonly softwareVersion: string;
  /** Text of the device that it advertises, at most 16 bytes. */
  readonly name: string;
  readonly serialNumber: string;
  readonly cells: number;
  readonly chemistry: ChemistryName;
  /** A·h. */
  readonly designCapacity: number;
  /** A. */
  readonly maxCurrent: number;
  /** A. */
  readonly maxBalanceCurrent: number;
  /** Commands and registers that the device accepts, as ranges of hexadecimal numbers (reference, section 4.4). */
  readonly commandSupport: string;
  /** Enable flags of the cell data record in hexadecimal (reference, section 5.1). */
  readonly cellDataFlags: string;
  /** Enable flags of the device info record, as ranges of decimal numbers (reference, section 5.7). */
  readonly deviceInfoFlags: string;
}

/** The devices that can be simulated, one row each. */
// A table is read by its columns:
// prettier-ignore
export const deviceProfiles = {
  // The reference has no enable flags of 15.26: these are those of another 8-cell board.
  'JK_BD4A8S4P': {
    model: 'JK_BD4A8S4P', hardwareVersion: '15A', softwareVersion: '15.26', name: 'UPS_BMS', serialNumber: '50912010001',
    cells: 4, chemistry: 'LFP', designCapacity: 100, maxCurrent: 40, maxBalanceCurrent: 0.4,
    commandSupport: '01-24 28 2B 2D-30 32 39 64 67-6C 96-97 9B-9C 9E-A2 A5-AA AC-AF B2-B5 C8',
    cellDataFlags: 'FEFF7FDC2F0101810B010000', deviceInfoFlags: '1-12 15-16 19 21-22 25-28 31-33 35',
  },
  'JK_PB2A16S20P': {
    model: 'JK_PB2A16S20P', hardwareVersion: '15A', softwareVersion: '15.41', name: '512060A00001-00', serialNumber: '51206010001',
    cells: 16, chemistry: 'LFP', designCapacity: 280, maxCurrent: 200, maxBalanceCurrent: 2,
    commandSupport: '00-23 27-28 2B 2D-30 32-34 37-39 64 67-6C 96-97 9B-9C 9E-A2 A5-A7 A9-B5 C8',
    cellDataFlags: 'FEFF7FDC2F0101B0CF070000', deviceInfoFlags: '1-12 15-16 21-23 25-33 35',
  },
  'JK_B2A20S20P': {
    model: 'JK_B2A20S20P', hardwareVersion: '11.XW', softwareVersion: '11.288H', name: 'JK_B2A20S20P', serialNumber: '40815010001',
    cells: 20, chemistry: 'Li-ion', designCapacity: 50, maxCurrent: 200, maxBalanceCurrent: 2,
    commandSupport: '02-08 0B-24 27-28 2A-2B 2D 64 67-6B 96-97 9B-9C 9E-A1 C8',
    cellDataFlags: 'FEFF7FDC2F01010100000000', deviceInfoFlags: '1-12',
  },
} as const satisfies Readonly<Record<string, DeviceProfile>>;

export type DeviceProfileName = keyof typeof deviceProfiles;

/** What the firmware's version decides (reference, sections 2.2, 3.2, 3.4 and 5.1). */
export interface FirmwareTraits {
  /** Sends `AT\r\n` while idle. */
  readonly heartbeats: boolean;
  /** Answers 0x96 with a device info record behind the settings. */
  readonly deviceInfoAfterSettings: boolean;
  /** 0x96 starts the stream only when 0x97 came before on the same link. */
  readonly streamNeedsDeviceInfo: boolean;
  /** Sends 0 for probes 4 and 5 that it does not know, where later firmware says that they are absent. */
  readonly zeroForUnknownProbes: boolean;
}

export function firmwareTraits(softwareVersion: string): FirmwareTraits {
  const major = Number.parseInt(softwareVersion, 10);
  return {
    heartbeats: major >= 14,
    deviceInfoAfterSettings: major >= 14,
    streamNeedsDeviceInfo: major >= 15,
    zeroForUnknownProbes: major < 14,
  };
}
