import type { AdvertisementName } from '../carriers/advertising-data.ts';

export type GattProperty = 'read' | 'write' | 'writeWithoutResponse' | 'notify';

export interface GattCharacteristic {
  readonly uuid: string;
  readonly properties: readonly GattProperty[];
  /** Value of a characteristic that can only be read. */
  readonly value?: string;
  /** Which of the properties need a link that is encrypted; none on real modules. */
  readonly secure?: readonly GattProperty[];
}

export interface GattService {
  readonly uuid: string;
  readonly characteristics: readonly GattCharacteristic[];
}

/** What a Bluetooth module offers to a central. */
export interface GattLayout {
  /** The largest ATT_MTU that the module agrees to. */
  readonly maxMtu: number;
  /** What the module advertises; that of the classic ones when left out. */
  readonly advertisement?: AdvertisementName;
  readonly services: readonly GattService[];
}

/** The service of the serial stream. */
export const SERIAL_SERVICE = 'ffe0';

/** The characteristic of the serial stream. */
export const SERIAL_CHARACTERISTIC = 'ffe1';

/** Whether a UUID is this 16-bit UUID, in its short or its 128-bit form (Core Specification, Vol 3, Part B, 2.5.1). */
export function isShortUuid(uuid: string, short: string): boolean {
  return uuid === short || uuid === `0000${short}00001000800000805f9b34fb`;
}

/** The layouts of the modules (reference, section 1.3). */
// A table is read by its columns:
// prettier-ignore
export const gattLayouts = {
  /** Modules of the oldest firmware. */
  L1: {
    maxMtu: 23,
    services: [
      { uuid: 'ffe0', characteristics: [
        { uuid: 'ffe1', properties: ['writeWithoutResponse', 'write', 'notify'] },
        { uuid: 'ffe2', properties: ['writeWithoutResponse', 'write', 'notify'] },
        { uuid: 'ffe3', properties: ['write', 'writeWithoutResponse'] },
      ] },
    ],
  },
  /** Beken modules: FFE2 stands before FFE1. */
  L2: {
    maxMtu: 131,
    services: [
      { uuid: '180a', characteristics: [
        { uuid: '2a24', properties: ['read'], value: 'BK-BLE-1.0' },
        { uuid: '2a26', properties: ['read'], value: '1.0.0.0-LE' },
      ] },
      { uuid: '180f', characteristics: [{ uuid: '2a19', properties: ['read'], value: 'd' }] },
      { uuid: 'ffe0', characteristics: [
        { uuid: 'ffe2', properties: ['writeWithoutResponse'] },
        { uuid: 'ffe1', properties: ['writeWithoutResponse', 'write', 'notify'] },
      ] },
      { uuid: 'f000ffc004514000b000000000000000', characteristics: [
        { uuid: 'f000ffc104514000b000000000000000', properties: ['writeWithoutResponse', 'write', 'notify'] },
        { uuid: 'f000ffc204514000b000000000000000', properties: ['writeWithoutResponse', 'write', 'notify'] },
      ] },
    ],
  },
  /** The "JK" module: two characteristics FFE1, one for each direction. */
  L3: {
    maxMtu: 247,
    advertisement: '0x4B4A',
    services: [
      { uuid: 'ffe0', characteristics: [
        { uuid: 'ffe1', properties: ['write', 'writeWithoutResponse'] },
        { uuid: 'ffe1', properties: ['read', 'notify'] },
      ] },
    ],
  },
  /** The module of the later balancers, which writes its UUIDs in 128 bits. */
  L4: {
    maxMtu: 115,
    services: [
      { uuid: '0000ffe000001000800000805f9b34fb', characteristics: [
        { uuid: '0000ffe100001000800000805f9b34fb', properties: ['write', 'writeWithoutResponse', 'notify'] },
        { uuid: '0000ffe200001000800000805f9b34fb', properties: ['write', 'writeWithoutResponse', 'notify'] },
        { uuid: '0000ffe300001000800000805f9b34fb', properties: ['write', 'writeWithoutResponse'] },
      ] },
    ],
  },
  /** The module whose FFE1 can be read, too: a burst of 150 bytes comes as 100 and 50 (reference, section 2.2). */
  L5: {
    maxMtu: 103,
    services: [
      { uuid: 'ffe0', characteristics: [
        { uuid: 'ffe1', properties: ['read', 'writeWithoutResponse', 'write', 'notify'] },
        { uuid: 'ffe2', properties: ['write', 'notify'] },
        { uuid: 'ffe3', properties: ['write'] },
      ] },
    ],
  },
  /** Telink modules of the latest firmware, which stay at the default ATT_MTU. The reference has no properties of FFE2. */
  L6: {
    maxMtu: 23,
    services: [
      { uuid: 'ffe0', characteristics: [
        { uuid: 'ffe1', properties: ['writeWithoutResponse', 'write', 'notify'] },
        { uuid: 'ffe2', properties: ['writeWithoutResponse'] },
      ] },
    ],
  },
} as const satisfies Readonly<Record<string, GattLayout>>;

/** A set of services that devices have. */
export type GattLayoutName = keyof typeof gattLayouts;
