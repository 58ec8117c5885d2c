import { FRAME_HEADER, heartbeat } from '@ubmsc/protocol';
import type { FaultyDevice, FaultyLink, LinkFault } from './fault.ts';

/** A share of the notifications comes twice. */
export function duplicate(share: number, { random }: FaultyDevice): LinkFault {
  return { notification: (bytes) => (random() < share ? [bytes, bytes.slice()] : [bytes]) };
}

/** A share of the notifications is lost. */
export function drop(share: number, { random }: FaultyDevice): LinkFault {
  return { notification: (bytes) => (random() < share ? [] : [bytes]) };
}

/** A share of the notifications comes after the next one. */
export function swapNotifications(share: number, { random }: FaultyDevice): LinkFault {
  let held: Uint8Array | undefined;
  return {
    notification: (bytes) => {
      const late = held;
      held = undefined;
      if (late) return [bytes, late];
      if (random() >= share) return [bytes];
      held = bytes;
      return [];
    },
  };
}

/** After this many 0x02 records the module forgets, once a link, that its central has subscribed. */
export function resetSubscription(records: number, link: FaultyLink): LinkFault {
  let left = records;
  return {
    record: (bytes, name) => {
      if (name === 'cellData' && left-- === 0) link.unsubscribe();
      return [bytes];
    },
  };
}

/** The header of a record comes in two notifications. */
export function splitHeader(): LinkFault {
  return {
    notification: (bytes) =>
      FRAME_HEADER.every((byte, index) => bytes[index] === byte)
        ? [bytes.slice(0, 2), bytes.slice(2)]
        : [bytes],
  };
}

/**
 * Heartbeats every this many ms, whatever is under way; or after each notification; or after each record, in two
 * notifications.
 */
export function heartbeatFlood(how: number | 'inline' | 'split', link: FaultyLink): LinkFault {
  if (how === 'inline') return { notification: (bytes) => [bytes, heartbeat] };
  if (how === 'split') return { record: (bytes) => [bytes, heartbeat.slice(0, 2), heartbeat.slice(2)] };
  const beat = (): void => {
    link.notify(heartbeat);
    link.after(how, beat);
  };
  link.after(how, beat);
  return {};
}
