import type { deviceInfoJk02_32s, Values, Variant } from '@ubmsc/protocol';
import type { ChemistryName } from '../model/chemistry.ts';
import type { GattLayoutName } from './gatt-layouts.ts';

/** What distinguishes one model of device from another. */
export interface DeviceProfile {
  readonly model: string;
  /** How its records are laid out. */
  readonly variant: Variant;
  /** GATT layout of its Bluetooth module (reference, section 1.3). */
  readonly gatt: GattLayoutName;
  /** The largest ATT_MTU that it agrees to, where that is less than its module's. */
  readonly maxMtu?: number;
  readonly hardwareVersion: string;
  readonly softwareVersion: string;
  /** Text of the device that it advertises, at most 16 bytes. */
  readonly name: string;
  /** 10 digits up to 11.26, later 11, and 15 digits and letters from 19.2x on (reference, section 5.8). */
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
  /** Other device info of this model. */
  readonly info?: Partial<Values<typeof deviceInfoJk02_32s>>;
}

/** Only JK02_32S has maps of what it supports (reference, section 5.8). */
const withoutMaps = { commandSupport: '', cellDataFlags: '', deviceInfoFlags: '' } as const;

/** The devices that can be simulated, one row each. A new one is added at the end: its place is the seed of its fixture. */
// A table is read by its columns:
// prettier-ignore
export const deviceProfiles = {
  // JK04 is spoken by balancers, which know neither current nor charge.
  'JK-B2A16S': {
    model: 'JK-B2A16S', variant: 'jk04', gatt: 'L1', hardwareVersion: '3.0', softwareVersion: '3.3.0', name: 'JK-B2A16S', serialNumber: '',
    cells: 16, chemistry: 'LFP', designCapacity: 100, maxCurrent: 100, maxBalanceCurrent: 2, ...withoutMaps,
  },
  'JK-B5A24S': {
    model: 'JK-B5A24S', variant: 'jk04', gatt: 'L4', hardwareVersion: '8.0', softwareVersion: '8.0.3M', name: 'JK-B5A24S', serialNumber: '',
    cells: 24, chemistry: 'LFP', designCapacity: 100, maxCurrent: 100, maxBalanceCurrent: 5, ...withoutMaps,
  },
  'JK-BD6A17S6P': {
    model: 'JK-BD6A17S6P', variant: 'jk02-24s', gatt: 'L2', hardwareVersion: '7.X', softwareVersion: '7.1.0H', name: 'JK-BD6A17S6P', serialNumber: '1010010001',
    cells: 14, chemistry: 'Li-ion', designCapacity: 40, maxCurrent: 60, maxBalanceCurrent: 0.6, ...withoutMaps,
  },
  'JK-B2A24S15P': {
    model: 'JK-B2A24S15P', variant: 'jk02-24s', gatt: 'L2', hardwareVersion: '8.X', softwareVersion: '8.0.6G', name: 'JK-B2A24S15P', serialNumber: '1052010001',
    cells: 24, chemistry: 'LFP', designCapacity: 120, maxCurrent: 150, maxBalanceCurrent: 2, ...withoutMaps,
  },
  'JK-B1A20S15P': {
    model: 'JK-B1A20S15P', variant: 'jk02-24s', gatt: 'L3', hardwareVersion: '10.XG', softwareVersion: '10.07', name: 'JK-B1A20S15P', serialNumber: '2021010001',
    cells: 16, chemistry: 'LFP', designCapacity: 105, maxCurrent: 150, maxBalanceCurrent: 1, ...withoutMaps,
  },
  'JK_B2A20S20P': {
    model: 'JK_B2A20S20P', variant: 'jk02-32s', gatt: 'L2', hardwareVersion: '11.XW', softwareVersion: '11.288H', name: 'JK_B2A20S20P', serialNumber: '40815010001',
    cells: 20, chemistry: 'Li-ion', designCapacity: 50, maxCurrent: 200, maxBalanceCurrent: 2,
    commandSupport: '02-08 0B-24 27-28 2A-2B 2D 64 67-6B 96-97 9B-9C 9E-A1 C8',
    cellDataFlags: 'FEFF7FDC2F01010100000000', deviceInfoFlags: '1-12',
  },
  'JK_PB2A16S15P': {
    model: 'JK_PB2A16S15P', variant: 'jk02-32s', gatt: 'L2', hardwareVersion: '14.XA', softwareVersion: '14.20', name: '406154A00001-00', serialNumber: '40615010001',
    cells: 16, chemistry: 'LFP', designCapacity: 280, maxCurrent: 150, maxBalanceCurrent: 2,
    commandSupport: '01-23 25 27-28 2B 2D-30 39 64 67-6C 96-97 9B-9C 9E-A2 A5-A7 A9-B4 C8',
    cellDataFlags: 'FEFF7FDD2F0101B007000000', deviceInfoFlags: '1-12 15-16 21-23 25-33',
  },
  // The reference has no enable flags of 15.26: these are those of another 8-cell board.
  'JK_BD4A8S4P': {
    model: 'JK_BD4A8S4P', variant: 'jk02-32s', gatt: 'L2', hardwareVersion: '15A', softwareVersion: '15.26', name: 'UPS_BMS', serialNumber: '50912010001',
    cells: 4, chemistry: 'LFP', designCapacity: 100, maxCurrent: 40, maxBalanceCurrent: 0.4,
    commandSupport: '01-24 28 2B 2D-30 32 39 64 67-6C 96-97 9B-9C 9E-A2 A5-AA AC-AF B2-B5 C8',
    cellDataFlags: 'FEFF7FDC2F0101810B010000', deviceInfoFlags: '1-12 15-16 19 21-22 25-28 31-33 35',
  },
  'JK_PB2A16S20P': {
    model: 'JK_PB2A16S20P', variant: 'jk02-32s', gatt: 'L2', hardwareVersion: '15A', softwareVersion: '15.41', name: '512060A00001-00', serialNumber: '51206010001',
    cells: 16, chemistry: 'LFP', designCapacity: 280, maxCurrent: 200, maxBalanceCurrent: 2,
    commandSupport: '00-23 27-28 2B 2D-30 32-34 37-39 64 67-6C 96-97 9B-9C 9E-A2 A5-A7 A9-B5 C8',
    cellDataFlags: 'FEFF7FDC2F0101B0CF070000', deviceInfoFlags: '1-12 15-16 21-23 25-33 35',
  },
  // From 19.13 on, models are written with a dash again. Its module stays at the default ATT_MTU.
  'JK-PB2A16S20P': {
    model: 'JK-PB2A16S20P', variant: 'jk02-32s', gatt: 'L2', maxMtu: 23, hardwareVersion: '19A', softwareVersion: '19.27', name: '601097A00001-00', serialNumber: '601097N46000001',
    cells: 16, chemistry: 'LFP', designCapacity: 314, maxCurrent: 200, maxBalanceCurrent: 2,
    commandSupport: '00-23 25 27-28 2B 2D-30 32-33 37-3B 64 67-6C 96-97 9B-9C 9E-A2 A4-A7 A9-B3 B5-B7',
    cellDataFlags: 'FEFF7FDD2F0101B0CF070000', deviceInfoFlags: '1-12 15-17 21-23 25-33 35-37',
    info: { maxCells: 16, hardwareOption: 'CEHMPRT', protocolVersion: 2 },
  },
  // The enable flags of its device info are those of 19.27.
  'JK-BD6A20S6P': {
    model: 'JK-BD6A20S6P', variant: 'jk02-32s', gatt: 'L6', hardwareVersion: '20A', softwareVersion: '20.20', name: 'JK-BD6A20S6P', serialNumber: '604010N46000001',
    cells: 20, chemistry: 'Li-ion', designCapacity: 60, maxCurrent: 60, maxBalanceCurrent: 0.6,
    commandSupport: '00-09 0B-24 28 2B-2D 2F 32-34 39-3B 64 67-6C 96-97 9B-9C 9E-A2 A5 A7 A9 AC-AD B2 B5 B7',
    cellDataFlags: 'FEFF7FDC0F0108800B010000', deviceInfoFlags: '1-12 15-17 21-23 25-33 35-37',
    info: { maxCells: 20, protocolVersion: 2 },
  },
  // The reference has no model of 15.38 on this module: it is a PB unit.
  'JK_PB1A16S15P': {
    model: 'JK_PB1A16S15P', variant: 'jk02-32s', gatt: 'L5', hardwareVersion: '15A', softwareVersion: '15.38', name: '511020A00001-00', serialNumber: '51102010001',
    cells: 16, chemistry: 'LFP', designCapacity: 280, maxCurrent: 150, maxBalanceCurrent: 1,
    commandSupport: '01-23 27-28 2B 2D-30 32-34 39 64 67-6C 96-97 9B-9C 9E-A2 A5-A7 A9-B5 C8',
    cellDataFlags: 'FEFF7FDC2F0101B0CF070000', deviceInfoFlags: '1-12 15-16 21-23 25-33 35',
  },
} as const satisfies Readonly<Record<string, DeviceProfile>>;

/** A model of a device, with its firmware. */
export type DeviceProfileName = keyof typeof deviceProfiles;
