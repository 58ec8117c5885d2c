import type { Link, SessionState } from '@ubmsc/session';
import type { Advertisement } from '../device.ts';

/** An advertisement that was received, and from whom. */
export interface Sighting extends Advertisement {
  /** Address in upper case, such as `C8:47:80:00:00:01`. */
  readonly address: string;
  /** Received signal strength in dBm, or undefined when it is not known. */
  readonly rssi: number | undefined;
}

/** The device to connect to. It has been sighted by the same central before. */
export interface LinkTarget {
  readonly address: string;
  readonly name: string | undefined;
}

/** The states that a session goes through while a link is made. */
export type LinkStep = Extract<SessionState, 'connecting' | 'discovering' | 'subscribing'>;

/** How a link is made. */
export interface ConnectOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called as each step begins. */
  readonly onStep?: ((step: LinkStep) => void) | undefined;
}

/** What a central can do, where centrals differ. */
export interface CentralCapabilities {
  /** It makes a link while it scans; otherwise the scan is stopped for that time. */
  readonly scansWhileConnecting: boolean;
  /** It may report a device once in a scan; otherwise it reports each advertisement. */
  readonly reportsOnce: boolean;
}

/**
 * Whether a central does what it is asked to. `holdsLink`: it did not end a link when it was asked to, so that the
 * battery may still be connected. `wedged`: it did not do something else; only a new central helps.
 */
export type CentralHealth = 'sound' | 'holdsLink' | 'wedged';

/**
 * A Bluetooth stack, as much of it as is needed here: the central role of the Generic Access Profile. Each kind has a
 * folder beside this one; nothing outside that folder knows which library it uses.
 *
 * A central is used by one {@link Adapter}, which calls `scan` and `connect` one at a time and holds at most one scan.
 * When it fails it is closed, and its {@link CentralSource} opens another.
 */
export interface Central {
  /**
   * Aborts when the central can no longer be used, with an AdapterError that says why: the adapter was unplugged,
   * switched off or blocked, the service below it went away, or it was closed. Every scan and link ends with it.
   */
  readonly gone: AbortSignal;
  readonly capabilities: CentralCapabilities;
  readonly health: CentralHealth;
  /**
   * Begins to scan. `sighted` is called for each advertisement, also for one like the last. Resolves when the
   * controller scans; disposing of the result ends the scan and resolves when it has ended. Rejects with an AdapterError
   * when the controller does not begin in time.
   */
  scan(sighted: (sighting: Sighting) => void, signal?: AbortSignal): Promise<AsyncDisposable>;
  /**
   * Connects, discovers the serial service, subscribes. Rejects with a LinkError when a step fails or takes too long,
   * with an UnknownDeviceError when there is no serial service, with the reason of `gone` or of the signal; then nothing
   * of the link remains.
   */
  connect(target: LinkTarget, options?: ConnectOptions): Promise<Link>;
  /** Aborts {@link gone} with this reason and frees everything. Safe to call more than once; never rejects. */
  close(reason: Error): Promise<void>;
}

/** Where centrals come from: it outlives them, so that an adapter that has failed can be opened again. */
export interface CentralSource extends AsyncDisposable {
  /** Name of the adapter in messages and outputs, such as `hci0` or `bluez:hci0`. It may change when one is opened. */
  readonly title: string;
  /** Nothing that comes from here was measured on a real battery. */
  readonly simulated: boolean;
  /** How many batteries there are, where that is known. */
  readonly expected?: number | undefined;
  /** Opens a central that is powered on. Rejects with an AdapterError when it cannot be used; then it can be tried again. */
  open(signal?: AbortSignal): Promise<Central>;
  /** Resets the hardware, where that is possible. Tried when opening has failed, or has not helped, several times. */
  reset?(signal: AbortSignal): Promise<void>;
}
