import type { GattService } from './gatt.ts';

/** What a link tells its user. */
export interface LinkEvents {
  /** The next bytes of the battery's stream. How they are cut has no meaning. */
  data(bytes: Uint8Array): void;
  /** The link is gone, for this reason; nothing follows. Not called for a link that its user closed. */
  lost(reason: Error): void;
}

/**
 * Bytes to and from one battery: the transparent serial stream behind characteristic FFE1
 * (reference, sections 1.3 and 2). Closing is safe at any time and more than once.
 */
export interface Link extends AsyncDisposable {
  /** Address of the battery, such as `C8:47:80:00:00:01`. */
  readonly address: string;
  /** Name that the battery advertises, or undefined when it advertises none. */
  readonly name: string | undefined;
  /** Largest size of an ATT packet on this link, or undefined while it is not known. */
  readonly mtu?: number | undefined;
  /** What the battery offers, as far as it was discovered. */
  readonly services?: readonly GattService[] | undefined;
  /** Starts delivery. May be called once; bytes that came before are delivered first. */
  listen(events: LinkEvents): void;
  /** Writes one request. Resolves when it has been handed on, not when it was answered. */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Writes the other way from now on, with or without response, where the battery's characteristic has both: some
   * modules heed only one. Called when requests stay unanswered.
   */
  changeWriteMode?(): void;
  /** Closes the link; resolves when the battery is free for the next central, or after a time-out. */
  close(): Promise<void>;
}
