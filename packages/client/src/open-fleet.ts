import { parseDeviceSpec } from './device-spec.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import { openAdapter, type AdapterOptions } from './open-adapter.ts';

/** The adapters of a fleet, and its options. */
export interface OpenFleetOptions extends Omit<FleetOptions, 'open'>, AdapterOptions {
  /** What finds the batteries: `hci0`, `sim:3`, `unix:/path`; several with commas between them. */
  readonly adapter: string;
  /** Names or addresses, `NAME@hci1` on an adapter of its own; every JK battery that is received when left out. */
  readonly devices?: readonly string[] | undefined;
}

/**
 * Opens the adapters and watches their batteries, until it is closed. Rejects with an AdapterError when one cannot be
 * opened; once it could, it is opened again for ever.
 */
export async function openFleet({ adapter, devices, ...options }: OpenFleetOptions): Promise<Fleet> {
  const fleet = new Fleet({ ...options, open: async (text) => await openAdapter(text, options) });
  try {
    await fleet.set(
      devices?.map((text) => {
        const { device, adapter: own = adapter } = parseDeviceSpec(text);
        return { name: device, device, adapter: own };
      }) ?? { allOf: adapter },
    );
    return fleet;
  } catch (error) {
    await fleet.close();
    throw error;
  }
}
