import type { ActiveFaults } from '../faults/active-faults.ts';
import type { Activity, DeviceReport } from './activity.ts';
import type { GattLayout } from './gatt-layouts.ts';
import type { Central } from './uart.ts';

/** What a device does during one connection. Closing is safe at any time and more than once. */
export interface SerialSession {
  /** The central has subscribed: from now on notifications reach it. */
  subscribed?(): void;
  /** Takes what one write brought. */
  receive(bytes: Uint8Array): void;
  /** The central has left. */
  close(): void;
}

/** A device behind the serial stream of a Bluetooth module, as its carrier sees it: modelled or recorded. */
export interface SerialDevice {
  /** Name that it advertises. */
  readonly name: string;
  /** What its module offers. */
  readonly gatt: GattLayout;
  readonly faults: ActiveFaults;
  readonly activity: Activity;
  /** What has become of it so far. */
  readonly report: DeviceReport;
  /**
   * Connects a central. Close the session to let the next one in.
   * @throws {LinkError} another central is connected.
   */
  connect(central: Central): SerialSession;
}
