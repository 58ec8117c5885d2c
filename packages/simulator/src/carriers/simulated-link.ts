import { LinkError, type Link, type LinkEvents } from '@ubmsc/session';
import type { SerialDevice, SerialSession } from '../device/serial-device.ts';

/** How a link without Bluetooth is. */
export interface SimulatedLinkOptions {
  /** Address that the link names; `C8:47:80:00:00:01` when left out. */
  readonly address?: string;
  /** Most bytes that one notification carries: the ATT_MTU less 3; 128 when left out. */
  readonly notificationSize?: number;
}

/** Bytes per notification at the ATT_MTU of 131 that most modules ask for (reference, section 1.3). */
const NOTIFICATION_SIZE = 128;

/**
 * A link to a device in this process, without Bluetooth. It occupies the device until it is closed.
 * @throws {LinkError} another central is connected.
 */
export function simulatedLink(device: SerialDevice, options: SimulatedLinkOptions = {}): Link {
  return new SimulatedLink(device, options);
}

class SimulatedLink implements Link {
  readonly address: string;
  readonly name: string;
  readonly #session: SerialSession;
  /** What came before the user listened. */
  readonly #early: Uint8Array[] = [];
  #lost: Error | undefined;
  #closed = false;
  #events: LinkEvents | undefined;

  constructor(device: SerialDevice, options: SimulatedLinkOptions) {
    this.address = options.address ?? 'C8:47:80:00:00:01';
    this.name = device.name;
    this.#session = device.connect({
      notificationSize: options.notificationSize ?? NOTIFICATION_SIZE,
      notify: (bytes) => {
        if (this.#events) this.#events.data(bytes);
        else this.#early.push(bytes);
      },
      lost: (reason) => {
        this.#lost = reason;
        this.#events?.lost(reason);
      },
    });
    this.#session.subscribed?.();
  }

  listen(events: LinkEvents): void {
    if (this.#events) throw new LinkError('the link is listened to already', 'call listen once');
    this.#events = events;
    for (const bytes of this.#early.splice(0)) if (!this.#closed) events.data(bytes);
    if (this.#lost && !this.#closed) events.lost(this.#lost);
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#closed || this.#lost) {
      const options = this.#lost ? { cause: this.#lost } : {};
      return Promise.reject(new LinkError(`the link to ${this.name} is closed`, 'connect again', options));
    }
    this.#session.receive(bytes.slice());
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#session.close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
