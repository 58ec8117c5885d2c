import { errorCodes, type AirFaults, type ErrorName } from '@ubmsc/hci';
import { LinkError } from '@ubmsc/protocol';
import type { Fault } from './fault.ts';

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

/** Runs later, without keeping the process alive for it. */
function later(milliseconds: number, run: () => void): void {
  setTimeout(run, milliseconds).unref();
}

/** Nobody hears the device while this is true. */
function unheard(hidden: () => boolean): AirFaults {
  return {
    passes: (type, direction) => direction === 'in' || !(type === 'ADV' || type === 'SCAN_RSP') || !hidden(),
  };
}

/** Another central is connected for this time in ms; 0 is for ever. */
export function heldByOther(milliseconds: number): Fault {
  let held = true;
  if (milliseconds > 0) later(milliseconds, () => (held = false));
  return {
    link: () => {
      if (held)
        throw new LinkError('the device is connected to another central', 'Close the other connection first');
      return {};
    },
    air: unheard(() => held),
  };
}

/** After a link that was not closed but lost, the device keeps it for this time in ms. */
export function staleSession(milliseconds: number): Fault {
  let stale = 0;
  return {
    air: {
      ...unheard(() => stale > 0),
      disconnected: (reason) => {
        if (!unclean.has(reason)) return;
        stale++;
        later(milliseconds, () => stale--);
      },
    },
  };
}

/** The device is heard, but never answers a central that wants to connect. */
export function connectHang(): Fault {
  return { air: { passes: (type) => type !== 'CONNECT_IND' } };
}

/** Each link ends this time in ms after it began. */
export function dropAfter(milliseconds: number, reason: keyof typeof lossReasons): Fault {
  return {
    air: {
      connected: (connection) => later(milliseconds, () => connection.lose(lossReasons[reason])),
    },
  };
}

/** The central's host does not learn that its connection began, or ended. */
export function untold(event: Parameters<NonNullable<AirFaults['tells']>>[0]): Fault {
  return { air: { tells: (each) => each !== event } };
}

/** The adapter of each central is unplugged this time in ms after it has connected. */
export function vanish(milliseconds: number): Fault {
  return { air: { connected: (connection) => later(milliseconds, () => connection.unplugPeer()) } };
}
