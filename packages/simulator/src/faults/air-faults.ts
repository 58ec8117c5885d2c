import { errorCodes, type AirFaults, type ErrorName } from '@ubmsc/hci';
import { LinkError } from '@ubmsc/session';
import type { Fault, FaultyDevice } from './fault.ts';

/** Error codes of the links that end by themselves. */
const lossReasons = {
  timeout: 'Connection Timeout',
  notEstablished: 'Connection Failed to be Established / Synchronization Timeout',
  kicked: 'Remote User Terminated Connection',
} as const satisfies Readonly<Record<string, ErrorName>>;

/** Why a link was lost, though its central had not left: nobody told the device. */
const unclean: ReadonlySet<number> = new Set(
  [lossReasons.timeout, lossReasons.notEstablished].map((name) => errorCodes[name]),
);

/** Nobody hears the device while this is true. */
function silent(hidden: () => boolean): AirFaults {
  return {
    passes: (type, direction) => direction === 'in' || !(type === 'ADV' || type === 'SCAN_RSP') || !hidden(),
  };
}

/** Another central is connected for this time in ms; 0 is for ever. */
export function heldByOther(milliseconds: number, device: FaultyDevice): Fault {
  let held = true;
  if (milliseconds > 0) device.after(milliseconds, () => (held = false));
  return {
    link: () => {
      if (held)
        throw new LinkError('the device is connected to another central', 'close the other connection first');
      return {};
    },
    air: silent(() => held),
  };
}

/** After a link that was not closed but lost, the device keeps it for this time in ms. */
export function staleSession(milliseconds: number, device: FaultyDevice): Fault {
  let stale = 0;
  return {
    air: {
      ...silent(() => stale > 0),
      disconnected: (reason) => {
        if (!unclean.has(reason)) return;
        stale++;
        device.after(milliseconds, () => stale--);
      },
    },
  };
}

/** When its first link has ended, the device has another name. */
export function rename(name: string): Fault {
  let isRenamed = false;
  return {
    get advertisedName() {
      return isRenamed ? name : undefined;
    },
    get info() {
      return isRenamed ? { deviceName: name.slice(0, 16) } : {};
    },
    air: { disconnected: () => (isRenamed = true) },
  };
}

/** The device is received, but never answers a central that wants to connect. */
export function connectHang(): Fault {
  return { air: { passes: (type) => type !== 'CONNECT_IND' } };
}

/** Each link ends this time in ms after it began, by up to that share sooner or later. */
export function dropAfter(
  milliseconds: number,
  reason: keyof typeof lossReasons,
  device: FaultyDevice,
  jitter = 0,
): Fault {
  const time = (): number => milliseconds * (1 + jitter * (2 * device.random() - 1));
  return {
    air: {
      connected: (connection) => device.after(time(), () => connection.lose(lossReasons[reason])),
    },
  };
}

/** Time in ms from the beginning of a link to the moment in which the device is carried away. */
const STAY = 5000;

/** In the middle of a link, the device is out of range for this time in ms; then it is near again. */
export function outOfRange(milliseconds: number, device: FaultyDevice): Fault {
  let isAway = false;
  return {
    air: {
      ...silent(() => isAway),
      connected: (connection) =>
        device.after(STAY, () => {
          isAway = true;
          device.after(milliseconds, () => (isAway = false));
          connection.lose(lossReasons.timeout);
        }),
    },
  };
}

/** The central's host does not learn that its connection began, or ended. */
export function untold(event: Parameters<NonNullable<AirFaults['tells']>>[0]): Fault {
  return { air: { tells: (each) => each !== event } };
}

/** The device is received with this strength in dBm. */
export function heardAt(rssi: number): Fault {
  return { air: { rssi: () => rssi } };
}
