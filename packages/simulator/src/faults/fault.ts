import type { AirFaults } from '@ubmsc/hci';
import type { RecordName, Variant } from '@ubmsc/protocol';
import type { AdvertisementName } from '../carriers/advertising-data.ts';
import type { CellDataRecord } from '../device/cell-data-record.ts';
import type { DeviceInfoRecord } from '../device/device-info-record.ts';
import type { FirmwareTraits } from '../device/firmware.ts';
import type { GattService } from '../device/gatt-layouts.ts';

/** What a fault may know of its device, and do with it. */
export interface FaultyDevice {
  /** Numbers from 0 to 1 (exclusive), the same for the same seed; not those that the firmware uses. */
  readonly random: () => number;
  /** Runs after this time in ms, unless the fault has ended. It does not keep the process alive. */
  after(milliseconds: number, run: () => void): void;
}

/** What a fault may do on one link. What it does later, it does only while link and fault last. */
export interface FaultyLink extends FaultyDevice {
  /** How the records of the device are laid out. */
  readonly variant: Variant;
  /** Sends bytes after those that wait. */
  send(bytes: Uint8Array): void;
  /** Sends one notification at once, also in the middle of a record. */
  notify(bytes: Uint8Array): void;
  /** The bytes of the next 0x02 record. */
  cellData(): Uint8Array;
  /** Forgets that the central has subscribed, and does not tell it. */
  unsubscribe(): void;
}

/** What becomes of bytes on their way: nothing, themselves, others, more. They may be changed in place. */
export type Stage<Context extends readonly unknown[] = []> = (
  bytes: Uint8Array,
  ...context: Context
) => readonly Uint8Array[];

/** What goes wrong on one link. What is left out goes well. */
export interface LinkFault {
  /** What one write brought, before the firmware sees it. */
  readonly request?: Stage;
  /** A record, before it is cut. */
  readonly record?: Stage<[name: RecordName]>;
  /** One notification, before it leaves the device. */
  readonly notification?: Stage;
}

/** What goes wrong with one device. What is left out goes well. */
export interface Fault {
  /** Other habits of the firmware. */
  readonly traits?: Partial<FirmwareTraits>;
  /** Another layout of its records. */
  readonly variant?: Variant;
  /** What the device reports about itself instead. */
  readonly info?: Partial<DeviceInfoRecord>;
  /** What the device measures instead: it means what it says. `index` counts the 0x02 records since the fault began. */
  readonly cellData?: (values: CellDataRecord, index: number, variant: Variant) => Partial<CellDataRecord>;
  /** Called for each link. Throws a LinkError to refuse it. */
  readonly link?: (link: FaultyLink) => LinkFault;
  /** What is advertised as the name instead; nothing when empty. */
  readonly advertisedName?: string | undefined;
  /** What is advertised beside it. */
  readonly advertisement?: AdvertisementName;
  /** The largest ATT_MTU that is agreed to instead of that of the GATT layout. */
  readonly maxMtu?: number;
  /** The services that are offered instead. */
  readonly services?: (services: readonly GattService[]) => readonly GattService[];
  /** How the module must not be written to: it swallows what is. */
  readonly deafTo?: 'withResponse' | 'withoutResponse';
  /** What goes wrong below GATT: in an ether only. */
  readonly air?: AirFaults;
}

/** Makes a fault for one device. */
export type MakeFault = (device: FaultyDevice) => Fault;

/** Sends bytes through all stages, the first one first. */
export function through<Context extends readonly unknown[]>(
  stages: readonly Stage<Context>[],
  bytes: Uint8Array,
  ...context: Context
): readonly Uint8Array[] {
  return stages.reduce<readonly Uint8Array[]>(
    (all, stage) => all.flatMap((each) => stage(each, ...context)),
    [bytes],
  );
}
