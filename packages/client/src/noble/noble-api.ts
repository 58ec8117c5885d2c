import type { EventEmitter } from 'node:events';

/* noble's own types lack most of what is used here, so that part is described below. */

/** Emits `stateChange` (state), `discover` (Peripheral), `scanStart`, `scanStop`, `warning` (text). */
export interface Noble extends EventEmitter {
  /** Reading it for the first time opens the adapter. */
  readonly state: string;
  /** Address of the controller in lower case, or `unknown`. */
  readonly address?: string;
  startScanning(serviceUuids: readonly string[], allowDuplicates: boolean): void;
  stopScanning(): void;
  /** Makes `characteristics` the ones that their UUIDs mean from now on. */
  addCharacteristics(
    peripheralId: string,
    serviceUuid: string,
    characteristics: readonly RawCharacteristic[],
  ): readonly Characteristic[] | undefined;
}

/** Emits `connect` (error), `disconnect` (reason), `servicesDiscover` (Service[]), `handleNotify` (handle, data). */
export interface Peripheral extends EventEmitter {
  readonly id: string;
  readonly address: string;
  readonly rssi: number;
  /** ATT_MTU, once it was agreed to. */
  readonly mtu: number | null;
  readonly state: 'error' | 'connecting' | 'connected' | 'disconnecting' | 'disconnected';
  readonly advertisement: {
    readonly localName?: string;
    readonly manufacturerData?: Buffer;
    readonly serviceUuids?: readonly string[];
  };
  connect(): void;
  /** Emits `connect` with an error at once; another `connect` follows when the controller has cancelled. */
  cancelConnect(): void;
  disconnect(): void;
  discoverServices(serviceUuids: readonly string[]): void;
  writeHandleAsync(handle: number, data: Buffer, withoutResponse: boolean): Promise<void>;
}

/** Emits `characteristicsDiscovered` (RawCharacteristic[]). */
export interface Service extends EventEmitter {
  readonly uuid: string;
  discoverCharacteristics(characteristicUuids: readonly string[]): void;
}

/** Emits `notify` when the subscription is confirmed. */
export interface Characteristic extends EventEmitter {
  subscribe(): void;
}

/** A characteristic as it was discovered. noble's own objects are keyed by UUID, of which there can be two alike. */
export interface RawCharacteristic {
  readonly uuid: string;
  readonly valueHandle: number;
  /** Bits of the characteristic's properties (Core Specification, Vol 3, Part G, 3.3.1.1). */
  readonly rawProps: number;
}
