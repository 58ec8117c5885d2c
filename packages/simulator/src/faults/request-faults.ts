import { commands, decodeRequest } from '@ubmsc/protocol';
import type { FaultyLink, LinkFault } from './fault.ts';

/** The first requests of each link are lost (reference, section 1.4). */
export function loseRequests(lost: number): LinkFault {
  let count = 0;
  return { request: (bytes) => (count++ < lost ? [] : [bytes]) };
}

/** Requests with this command, or all of them, are never answered. */
export function noAnswer(unanswered: 'all' | `0x${string}`): LinkFault {
  return {
    request: (bytes) =>
      unanswered === 'all' || decodeRequest(bytes)?.command === Number(unanswered) ? [] : [bytes],
  };
}

/** The device sends back what is written, and does nothing. */
export function echo(link: FaultyLink): LinkFault {
  return {
    request: (bytes) => {
      link.send(bytes);
      return [];
    },
  };
}

/** The start of what an ANT battery management system answers, in the length of its shortest answer. */
const ANT_ANSWER = Uint8Array.from([0x7e, 0xa1, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00, 0xaa, 0x55]);

/** Another device behind the same service. */
export function impostor(kind: 'ant' | 'uart', link: FaultyLink): LinkFault {
  if (kind === 'uart') return echo(link);
  return {
    request: () => {
      link.send(ANT_ANSWER);
      return [];
    },
  };
}

/** A write while the stream runs makes it pause for this time in ms. */
export function pauseOnWrite(pause: number, link: FaultyLink): LinkFault {
  let streaming = false;
  let paused = 0;
  return {
    request: (bytes) => {
      if (streaming) {
        paused++;
        link.after(pause, () => paused--);
      }
      return [bytes];
    },
    record: (bytes, name) => {
      if (name !== 'cellData') return [bytes];
      streaming = true;
      return paused > 0 ? [] : [bytes];
    },
  };
}

/** After this many 0x02 records nothing goes through any more, in either direction; the link stays. */
export function muteAfter(records: number): LinkFault {
  let left = records;
  let mute = false;
  return {
    request: (bytes) => (mute ? [] : [bytes]),
    record: (bytes, name) => {
      if (name === 'cellData' && left-- <= 0) mute = true;
      return mute ? [] : [bytes];
    },
    notification: (bytes) => (mute ? [] : [bytes]),
  };
}

/** The first 0x02 record ends in the middle, and nothing follows until something is asked. */
export function stall(): LinkFault {
  let stalled = false;
  return {
    request: (bytes) => {
      if (decodeRequest(bytes)?.command === commands.readSettings) stalled = false;
      return [bytes];
    },
    record: (bytes, name) => {
      if (stalled) return [];
      stalled = name === 'cellData';
      return [stalled ? bytes.slice(0, 200) : bytes];
    },
    // A heartbeat would end the silence.
    notification: (bytes) => (stalled && bytes.length <= 4 ? [] : [bytes]),
  };
}
