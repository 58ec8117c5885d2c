import { AddressType, errorCodes, Role, type FaultyController } from '@ubmsc/hci';
import type { Fault, FaultyDevice } from './fault.ts';

/*
 * Faults of the adapters that centrals have: whoever is in the ether with a device that has one of these.
 */

const isEnabling = (parameters: Buffer): boolean => parameters[0] === 1;

/** No adapter begins to scan: what has to do with scanning is never answered. */
export function scanMute(): Fault {
  return { air: { obeys: (command) => command !== 'HCI_LE_Set_Scan_Enable' } };
}

/** Adapters stop scanning this time in ms after they began, without an event. */
export function scanStopAfter(milliseconds: number, device: FaultyDevice): Fault {
  return {
    air: {
      obeys: (command, parameters, adapter) => {
        if (command === 'HCI_LE_Set_Scan_Enable' && isEnabling(parameters)) {
          device.after(milliseconds, () => adapter.stopScanning());
        }
        return true;
      },
    },
  };
}

/** No adapter that scans stops to: the command is never answered. */
export function stopHang(): Fault {
  const scanning = new WeakSet<FaultyController>();
  return {
    air: {
      obeys: (command, parameters, adapter) => {
        if (command !== 'HCI_LE_Set_Scan_Enable') return true;
        // noble stops a scan before it begins one, too, and waits for the answer to either.
        if (!isEnabling(parameters)) return !scanning.has(adapter);
        scanning.add(adapter);
        return true;
      },
    },
  };
}

/** No adapter disconnects: the command is never answered, and the link stays. */
export function hungDisconnect(): Fault {
  return { air: { obeys: (command) => command !== 'HCI_Disconnect' } };
}

/** Where another program's link and device are that no host has heard of. */
const foreign = {
  connectionHandle: 0x0efe,
  peer: { type: AddressType.public, address: 'C8:47:80:FF:FF:FE' },
};

/** Time in ms between the beginning of another program's link and its end. */
const FOREIGN_LINK = 200;

/** Another program connects on the adapters that scan: their hosts learn of links that they did not ask for. */
export function foreignLinks(milliseconds: number, device: FaultyDevice): Fault {
  const scanning = new Set<FaultyController>();
  const connect = (): void => {
    for (const adapter of scanning) {
      adapter.tell({
        event: 'leConnectionComplete',
        status: errorCodes.Success,
        role: Role.central,
        interval: 0x18,
        latency: 0,
        supervisionTimeout: 0x2a,
        ...foreign,
      });
    }
    device.after(FOREIGN_LINK, disconnect);
    device.after(milliseconds, connect);
  };
  const disconnect = (): void => {
    const { connectionHandle } = foreign;
    const reason = errorCodes['Remote User Terminated Connection'];
    for (const adapter of scanning) {
      adapter.tell({
        event: 'disconnectionComplete',
        status: errorCodes.Success,
        connectionHandle,
        reason,
      });
    }
  };
  device.after(milliseconds, connect);
  return {
    air: {
      obeys: (command, parameters, adapter) => {
        if (command === 'HCI_LE_Set_Scan_Enable' && isEnabling(parameters)) scanning.add(adapter);
        return true;
      },
    },
  };
}

/** How long an adapter that was unplugged is gone, in ms. */
const UNPLUGGED = 5000;

/** The adapter of each central is unplugged this time in ms after it has connected; a while later it is back. */
export function vanish(milliseconds: number, device: FaultyDevice): Fault {
  let gone = 0;
  return {
    air: {
      admits: () => gone === 0,
      connected: (connection) =>
        device.after(milliseconds, () => {
          gone++;
          device.after(UNPLUGGED, () => gone--);
          connection.peer.unplug();
        }),
    },
  };
}

/** Time in ms from connecting to the moment in which the adapter loses its power. */
const POWERED = 5000;

/** In the middle of a link, the adapter of the central is without power for this time in ms. It forgets everything. */
export function powerCycle(milliseconds: number, device: FaultyDevice): Fault {
  const off = new Set<FaultyController>();
  return {
    air: {
      obeys: (_command, _parameters, adapter) => !off.has(adapter),
      admits: () => off.size === 0,
      connected: ({ peer }) =>
        device.after(POWERED, () => {
          peer.reset();
          off.add(peer);
          device.after(milliseconds, () => off.delete(peer));
        }),
    },
  };
}
