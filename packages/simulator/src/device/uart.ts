import { heartbeat } from '@ubmsc/protocol';

/** The other side of a link as a device sees it. A carrier implements it. */
export interface Central {
  /** Most bytes that one notification carries now: the ATT_MTU less 3. */
  readonly notificationSize: number;
  /** Takes one notification. */
  notify(bytes: Uint8Array): void;
  /** Forgets that it has subscribed, where a carrier knows of subscriptions. */
  unsubscribe?(): void;
  /** The device has ended the link, for this reason. */
  lost(reason: Error): void;
}

/** Time in ms from the start of one burst to the next (reference, section 2.2). */
const BURST_PERIOD = 35;

/** Time in ms from the last burst to a heartbeat, and from one to the next (reference, section 3.3). */
const IDLE_TIME = 200;

/**
 * The serial line from the battery's processor through its Bluetooth module: takes bursts of bytes, sends them one
 * after the other, cut by the size of a notification, and fills silence with heartbeats where the firmware does.
 */
export class Uart {
  readonly #central: Central;
  readonly #heartbeats: () => boolean;
  readonly #queue: Uint8Array[] = [];
  #timer: NodeJS.Timeout | undefined;
  #busy = false;

  constructor(central: Central, heartbeats: () => boolean) {
    this.#central = central;
    this.#heartbeats = heartbeats;
    this.#rest(IDLE_TIME);
  }

  /** Sends the bursts of one message, after those that wait. */
  send(...bursts: readonly Uint8Array[]): void {
    this.#queue.push(...bursts);
    if (this.#busy) return;
    clearTimeout(this.#timer);
    this.#next();
  }

  /** Forgets what has not been sent; sends nothing more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #next(): void {
    const burst = this.#queue.shift();
    this.#busy = burst !== undefined;
    if (burst === undefined) {
      this.#rest(IDLE_TIME - BURST_PERIOD);
      return;
    }
    // Before the bytes, so that a central that closes the link on them stops this timer too.
    this.#timer = setTimeout(() => this.#next(), BURST_PERIOD);
    this.#transmit(burst);
  }

  #rest(time: number): void {
    if (this.#heartbeats()) this.#timer = setTimeout(() => this.send(heartbeat), time);
  }

  /** The one place where bytes leave the device. */
  #transmit(burst: Uint8Array): void {
    for (const chunk of cut(burst, this.#central.notificationSize)) this.#central.notify(chunk);
  }
}

/** The bytes in pieces of `size`; the last one is shorter. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.slice(index * size, (index + 1) * size),
  );
}
