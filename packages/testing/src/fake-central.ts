import { setMaxListeners } from 'node:events';
import type {
  Central,
  CentralHealth,
  CentralSource,
  ConnectOptions,
  LinkTarget,
  Sighting,
} from '@ubmsc/client';
import { AdapterError, LinkError, type Link, type SessionReason } from '@ubmsc/session';

/** A battery that a fake central sights and connects to. */
export interface FakeBattery {
  readonly address: string;
  /** Undefined: it never tells its name. */
  readonly name?: string | undefined;
  /** Makes the link that the central returns. */
  readonly connect: (signal?: AbortSignal) => Promise<Link>;
}

/** The manufacturer data of a JK battery (reference, section 1.1). */
function manufacturerData(address: string): Uint8Array {
  return Buffer.from(`0b6588a0${address.replaceAll(':', '')}`, 'hex');
}

/**
 * A central without Bluetooth whose user decides what happens: a test says what it sights, and what fails. It uses no
 * timers of its own, so that any clock will do.
 */
export class FakeCentral implements Central {
  readonly capabilities: { readonly scansWhileConnecting: boolean; readonly reportsOnce: boolean };
  health: CentralHealth = 'sound';
  /** What was asked of it, in order: `scan`, `stop`, `connect ADDRESS`, `close`. */
  readonly calls: string[] = [];
  /** Thrown by the next scan, once. */
  failNextScan: Error | undefined;
  readonly #gone = new AbortController();
  readonly #batteries: readonly FakeBattery[];
  #sighted: ((sighting: Sighting) => void) | undefined;

  constructor(batteries: readonly FakeBattery[] = [], scansWhileConnecting = false, reportsOnce = true) {
    this.#batteries = batteries;
    this.capabilities = { scansWhileConnecting, reportsOnce };
    setMaxListeners(0, this.#gone.signal);
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get isScanning(): boolean {
    return this.#sighted !== undefined;
  }

  /** It sights a device: its first packet has no name, as on the air. */
  sight(address: string, name?: string, isBattery = true): void {
    this.#sighted?.({
      address,
      rssi: -60,
      ...(name !== undefined && { localName: name }),
      ...(isBattery && { manufacturerData: manufacturerData(address) }),
    });
  }

  /** Each of its batteries advertises once: its address, then its name. */
  advertise(): void {
    for (const { address, name } of this.#batteries) {
      this.sight(address);
      if (name !== undefined) this.sight(address, name);
    }
  }

  /** The adapter is gone: unplugged, switched off, blocked. */
  vanish(message = 'the adapter was unplugged'): void {
    this.#gone.abort(new AdapterError(message, 'plug it in', { reason: 'adapterGone' }));
    this.#sighted = undefined;
  }

  async scan(sighted: (sighting: Sighting) => void, signal?: AbortSignal): Promise<AsyncDisposable> {
    this.calls.push('scan');
    signal?.throwIfAborted();
    this.gone.throwIfAborted();
    const failure = this.failNextScan;
    this.failNextScan = undefined;
    if (failure) throw failure;
    if (this.#sighted) throw new Error('it scans already');
    this.#sighted = sighted;
    queueMicrotask(() => this.advertise());
    return {
      [Symbol.asyncDispose]: async () => {
        this.calls.push('stop');
        this.#sighted = undefined;
      },
    };
  }

  async connect({ address }: LinkTarget, { signal, onStep }: ConnectOptions = {}): Promise<Link> {
    this.calls.push(`connect ${address}`);
    if (this.#sighted && !this.capabilities.scansWhileConnecting) throw new Error('it still scans');
    signal?.throwIfAborted();
    this.gone.throwIfAborted();
    const battery = this.#batteries.find((each) => each.address === address);
    if (!battery)
      throw new LinkError(`${address} does not answer`, 'try again', { reason: 'connectTimeout' });
    for (const step of ['connecting', 'discovering', 'subscribing'] as const) onStep?.(step);
    const link = await battery.connect(signal);
    const listen = link.listen.bind(link);
    link.listen = (events) => {
      listen(events);
      const onGone = (): void => events.lost(this.gone.reason);
      this.gone.addEventListener('abort', onGone, { once: true });
    };
    return link;
  }

  async close(reason: Error): Promise<void> {
    this.calls.push('close');
    this.#gone.abort(reason);
    this.#sighted = undefined;
  }
}

/** Where fake centrals come from: each that is opened is kept in `opened`. */
export class FakeSource implements CentralSource {
  readonly title: string;
  readonly simulated = true;
  readonly opened: FakeCentral[] = [];
  /** Thrown by the next openings, one each. */
  readonly failures: Error[] = [];
  expected: number | undefined;
  resets = 0;
  isClosed = false;
  readonly #make: () => FakeCentral;

  constructor(title = 'fake', make: () => FakeCentral = () => new FakeCentral()) {
    this.title = title;
    this.#make = make;
  }

  /** The central that was opened last. */
  get central(): FakeCentral {
    const central = this.opened.at(-1);
    if (!central) throw new Error('nothing was opened');
    return central;
  }

  async open(signal?: AbortSignal): Promise<FakeCentral> {
    signal?.throwIfAborted();
    const failure = this.failures.shift();
    if (failure) throw failure;
    const central = this.#make();
    this.opened.push(central);
    return central;
  }

  async reset(): Promise<void> {
    this.resets++;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
  }
}

/** A battery whose links cannot be made, for this reason. */
export function unreachableBattery(address: string, reason: SessionReason, name?: string): FakeBattery {
  return {
    address,
    name,
    connect: async () =>
      await Promise.reject(new LinkError(`${address}: ${reason}`, 'try again', { reason })),
  };
}
