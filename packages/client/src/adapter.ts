import { AdapterError, DeviceNotFoundError, LinkError, reasonRow, type Link } from '@ubmsc/session';
import { Battery, type BatteryOptions } from './battery.ts';
import type { Central, CentralHealth, CentralSource, ConnectOptions, Sighting } from './central/central.ts';
import { beginsWith, hasAddress, likelihood, matches, type Device } from './device.ts';
import { log, anySignal, unlessAborted, withinTime } from '@ubmsc/base';

/** Who joins a scan that runs is told at once of what was received in this time before, in milliseconds. */
const LATELY = 10_000;

/** How long nothing is received before the scan is taken to have ended by itself, in milliseconds. */
const NOTHING_RECEIVED = 30_000;

/** How long closing may take altogether, in milliseconds. */
const CLOSE_TIMEOUT = 1000;

/** How long a scan lasts when nobody says otherwise, in milliseconds. */
const SCAN_TIMEOUT = 30_000;

/** How long another battery is listened for that has the wanted name, too, in milliseconds; they advertise more often. */
const NAMESAKES = 500;

/** Most devices that one scan remembers; a room full of beacons must not fill the memory. */
const MOST_DEVICES = 10_000;

/** Why a battery may not be received. */
const UNHEARD = 'is held by another program or phone app, switched off, or out of range';

/** What `Adapter.scan` looks for, and for how long. */
export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Ends the scan, in milliseconds; 30 s when left out. */
  readonly timeout?: number | undefined;
  /** Ends the scan early, which is not an error. */
  readonly until?: AbortSignal | undefined;
}

/** How `Adapter.find` takes what it looks for. */
export interface FindOptions extends ScanOptions {
  /** The beginning of a name is not enough. */
  readonly whole?: boolean | undefined;
}

/** How `Adapter.open` finds a battery, and how it is then read. */
export interface OpenOptions extends FindOptions, BatteryOptions, Pick<ConnectOptions, 'onStep'> {
  /** How often a link that fails as it is made is tried again; once when left out. */
  readonly retries?: number | undefined;
}

/** Sees every link before it is used; returns what is used instead. */
export type ObserveLink = (link: Link) => Link;

/** Who else has to do with an adapter. */
export interface AdapterHooks {
  readonly observe?: ObserveLink | undefined;
  /** Called when the adapter is closed. */
  readonly onClose?: (() => Promise<void>) | undefined;
}

/** Finds batteries and opens links to them. Closing it closes every link that it made. */
export class Adapter implements AsyncDisposable {
  readonly #source: CentralSource;
  readonly #hooks: AdapterHooks;
  #central: Central;
  readonly #batteries = new Set<Battery>();
  /** A central connects or scans, one thing at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Whoever wants to know what is sighted, and the scan that runs for them. */
  readonly #listeners = new Set<(sighting: Sighting) => void>();
  #scan: AsyncDisposable | undefined;
  /** When anything was received last, or else when scanning began, by the monotonic clock in milliseconds. */
  #received = 0;
  /** What the scan that runs has received, and when, where the central reports a device once in a scan. */
  readonly #sightings = new Map<string, { readonly sighting: Sighting; readonly time: number }>();
  #closing: Promise<void> | undefined;

  /** `central` is one that `source` has opened; both are closed with the adapter. */
  constructor(source: CentralSource, central: Central, hooks: AdapterHooks = {}) {
    this.#source = source;
    this.#central = central;
    this.#hooks = hooks;
  }

  get title(): string {
    return this.#source.title;
  }

  /** Nothing that comes from here was measured on a real battery. */
  get simulated(): boolean {
    return this.#source.simulated;
  }

  /** How many batteries there are, where that is known. */
  get expected(): number | undefined {
    return this.#source.expected;
  }

  /** Aborts, with the reason, when the central is gone: links and scans end, until {@link reopen}. */
  get gone(): AbortSignal {
    return this.#central.gone;
  }

  /** Whether the central does what it is asked to; where it does not, {@link reopen} may help. */
  get health(): CentralHealth {
    return this.#central.health;
  }

  /**
   * Lets go of the adapter and opens it again; every link of it is lost. Rejects with an AdapterError when it cannot
   * be used; then it can be tried again.
   */
  async reopen(signal?: AbortSignal): Promise<void> {
    const reason = new AdapterError(`${this.title} is reopened`, 'wait a moment', { reason: 'adapterGone' });
    await this.#central.close(reason);
    this.#scan = undefined;
    this.#sightings.clear();
    this.#turn = Promise.resolve();
    this.#central = await this.#source.open(signal);
    if (this.#closing) await this.#central.close(this.#closedError());
  }

  /** Resets the hardware, where that is possible. */
  async reset(signal: AbortSignal): Promise<void> {
    await this.#source.reset?.(signal);
  }

  /**
   * Starts the scan again when nothing was received for a while though somebody listens: controllers have been seen
   * to stop by themselves. Returns whether it did.
   */
  async rescan(signal?: AbortSignal): Promise<boolean> {
    if (!this.#scan || performance.now() - this.#received < NOTHING_RECEIVED) return false;
    log(
      'info',
      'adapter',
      () => `${this.title}: nothing was received for a while; the scan is started again`,
    );
    await this.#inTurn(async () => {
      await this.#endScan();
      await this.#beginScan(signal);
    }, signal);
    return true;
  }

  /** Devices as they are received, each once, and once more when its name comes later. Ends when the time is up. */
  async *scan(options: ScanOptions = {}): AsyncGenerator<Device, void, undefined> {
    const { signal, timeout = SCAN_TIMEOUT, until } = options;
    const { gone } = this;
    const names = new Map<string, string | undefined>();
    const fresh: Device[] = [];
    let wake: (() => void) | undefined;
    const listener = (sighting: Sighting): void => {
      const device = toDevice(sighting);
      if (names.has(device.address) ? names.get(device.address) === device.name : names.size >= MOST_DEVICES)
        return;
      names.set(device.address, device.name);
      log(
        'debug',
        'adapter',
        () => `received ${device.address} ${JSON.stringify(device.name ?? null)} at ${device.rssi} dBm`,
      );
      fresh.push(device);
      wake?.();
    };
    using end = anySignal(signal, until, gone);
    const up = setTimeout(() => end.abort(), timeout);
    const ended = end.signal;
    ended.addEventListener('abort', () => wake?.(), { once: true });
    for (const sighting of this.#lately()) listener(sighting);
    this.#listeners.add(listener);
    try {
      await this.#inTurn(async () => await this.#beginScan(signal), signal);
      for (;;) {
        while (fresh.length > 0) yield* fresh.splice(0);
        signal?.throwIfAborted();
        gone.throwIfAborted();
        if (ended.aborted) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      clearTimeout(up);
      this.#listeners.delete(listener);
      const ending = this.#inTurn(async () => await this.#endScanOfNobody()).catch(() => {});
      if (!signal?.aborted) await ending; // whoever gave up does not wait for it
    }
  }

  /**
   * The device with this address or name, or at the end of the scan the only one whose name begins so,
   * unless the name has to be whole. Rejects with a
   * DeviceNotFoundError when it is not received in time, whose message tells what was received instead, or when
   * several have this name: then it tells their addresses.
   */
  async find(wanted: string, options: FindOptions = {}): Promise<Device> {
    const { timeout = SCAN_TIMEOUT, whole = false } = options;
    const named = new Map<string, Device>();
    const called = new Map<string, Device>();
    const alike = new Map<string, Device>();
    const others: string[] = [];
    using end = anySignal(options.until);
    let timer: NodeJS.Timeout | undefined;
    try {
      for await (const device of this.scan({ ...options, until: end.signal })) {
        if (hasAddress(device, wanted)) return device;
        if (device.name !== undefined) named.set(device.address, device);
        if (matches(device, wanted)) {
          called.set(device.address, device);
          timer ??= setTimeout(() => end.abort(), NAMESAKES);
        } else if (!whole && beginsWith(device, wanted)) alike.set(device.address, device);
        if (called.size > 0 && named.size === this.expected) break;
        if (device.likelihood !== 'unlikely') others.push(device.name ?? device.address);
      }
    } finally {
      clearTimeout(timer);
    }
    const meant = [...(called.size > 0 ? called : alike).values()];
    const batteries = meant.filter((device) => device.likelihood !== 'unlikely');
    const all = batteries.length > 0 ? batteries : meant;
    const [only, second] = all;
    if (only && !second) return only;
    if (only && called.size > 0) {
      const addresses = [...called.keys()].slice(0, 5).join(', ');
      throw new DeviceNotFoundError(
        `${called.size} devices are called ${JSON.stringify(wanted)}: ${addresses}`,
        'ask for one by its address',
        { reason: 'nameNotUnique' },
      );
    }
    const notReceived = `${JSON.stringify(wanted)} was not received within ${timeout / 1000} s`;
    if (second) {
      const names = all.slice(0, 5).map(({ name, address }) => `${name} (${address})`);
      throw new DeviceNotFoundError(
        `${notReceived} (the names of ${all.length} devices begin so: ${names.join(', ')})`,
        `give more of the name, or the address; if it is the whole name, the battery ${UNHEARD}`,
      );
    }
    const received =
      others.length === 0 ? 'no JK battery was received' : `received only ${others.slice(0, 5).join(', ')}`;
    throw new DeviceNotFoundError(
      `${notReceived} (${received})`,
      `it ${UNHEARD}: a battery in use does not advertise`,
    );
  }

  /**
   * Opens a session with a device that was received, or that this address or name means. A link that fails as it is made
   * is tried once more: many do only now and then.
   */
  async open(wanted: string | Device, options: OpenOptions = {}): Promise<Battery> {
    const { signal, onStep, retries = 1 } = options;
    const device = typeof wanted === 'string' ? await this.find(wanted, options) : wanted;
    try {
      const connect = async (): Promise<Link> => await this.#central.connect(device, { signal, onStep });
      const link = await this.#alone(connect, signal);
      const battery = new Battery(this.#hooks.observe?.(link) ?? link, {
        ...options,
        onClose: () => this.#batteries.delete(battery),
      });
      this.#batteries.add(battery);
      return battery;
    } catch (error) {
      const again = error instanceof LinkError && reasonRow(error.reason)?.isPassing && retries > 0;
      if (!again || this.gone.aborted || this.health === 'wedged') throw error;
      log('info', 'adapter', () => `${error.message}; trying once more`);
      return await this.open(device.address, { ...options, retries: retries - 1 });
    }
  }

  /** Closes every battery, then the adapter. Safe to call more than once. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A link that does not close in time is left behind: whoever closes wants to go. */
  async #close(): Promise<void> {
    const closed = Promise.allSettled([...this.#batteries].map(async (battery) => await battery.close()));
    await withinTime(CLOSE_TIMEOUT, Promise.all([closed, this.#turn]));
    await this.#central.close(this.#closedError());
    await this.#source[Symbol.asyncDispose]();
    await this.#hooks.onClose?.();
  }

  #closedError(): AdapterError {
    return new AdapterError(`${this.title} was closed`, 'open it again', { reason: 'closedByUser' });
  }

  /** Runs `work` while nothing else connects, and while the scan rests where the central cannot do both. */
  async #alone<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return await this.#inTurn(async () => {
      if (this.#central.capabilities.scansWhileConnecting) return await work();
      await this.#endScan();
      try {
        return await work();
      } finally {
        await this.#beginScan();
      }
    }, signal);
  }

  /** Whoever gives up while others have their turn does not wait for them. */
  async #inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#turn;
    const turn = before.then(async () => {
      signal?.throwIfAborted();
      return await work();
    });
    this.#turn = turn.catch(() => {});
    await unlessAborted(before, signal);
    return await turn;
  }

  /** Scans, while somebody wants it. */
  async #beginScan(signal?: AbortSignal): Promise<void> {
    if (this.#listeners.size === 0 || this.#scan || this.#closing) return;
    const central = this.#central;
    this.#received = performance.now();
    const sighted = (sighting: Sighting): void => {
      this.#received = performance.now();
      this.#remember(sighting);
      for (const listener of this.#listeners) listener(sighting);
    };
    const scan = await central.scan(sighted, signal);
    if (central === this.#central) this.#scan = scan;
  }

  #remember(sighting: Sighting): void {
    if (!this.#central.capabilities.reportsOnce) return;
    const before = this.#sightings.get(sighting.address);
    if (!before && this.#sightings.size >= MOST_DEVICES) return;
    const localName = sighting.localName ?? before?.sighting.localName;
    this.#sightings.set(sighting.address, { sighting: { ...sighting, localName }, time: this.#received });
  }

  /** What the scan that runs has received lately. */
  #lately(): readonly Sighting[] {
    const since = performance.now() - LATELY;
    return [...this.#sightings.values()].filter(({ time }) => time >= since).map(({ sighting }) => sighting);
  }

  async #endScan(): Promise<void> {
    const scan = this.#scan;
    this.#scan = undefined;
    this.#sightings.clear();
    if (!this.#closing) await scan?.[Symbol.asyncDispose]();
  }

  async #endScanOfNobody(): Promise<void> {
    if (this.#listeners.size === 0) await this.#endScan();
  }
}

function toDevice(sighting: Sighting): Device {
  const { address, localName: name, rssi } = sighting;
  return { address, name, rssi, likelihood: likelihood(address, sighting) };
}
