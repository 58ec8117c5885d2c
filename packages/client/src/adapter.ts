import type { Duplex } from 'node:stream';
import { connectEther, Ether, EtherError, type PacketCapture } from '@ubmsc/hci';
import { AdapterError, DeviceNotFoundError, LinkError, type Link, type SessionReason } from '@ubmsc/protocol';
import { lockAdapter } from './adapter-lock.ts';
import { parseAdapterSpec, type ReplaySpec } from './adapter-spec.ts';
import { Battery, type BatteryOptions } from './battery.ts';
import { likelihood, matches, type Device } from './device.ts';
import { log } from './log.ts';
import { NobleLink, type ConnectOptions } from './noble-link.ts';
import { nobleOnController, nobleOnStream, notPermitted, type NobleHost, type Peripheral } from './noble.ts';
import { anySignal, eventWithin, withinTime } from './wait.ts';

/** How long an adapter may take to power on, in milliseconds. */
const ADAPTER_TIMEOUT = 10_000;

/** How long it may take to begin or to end scanning, in milliseconds. */
const SCAN_COMMAND_TIMEOUT = 5000;

/** When nothing at all was heard for so long, the scan may have ended by itself, in milliseconds. */
const UNHEARD = 30_000;

/** How long closing may take altogether, in milliseconds. */
const CLOSE_TIMEOUT = 1000;

/** What fails as a link is made and often passes when it is made again. */
const oftenPasses: ReadonlySet<SessionReason | undefined> = new Set([
  'setupFailed',
  'noServices',
  'discoveryTimeout',
]);

/** How long a scan lasts when nobody says otherwise, in milliseconds. */
const SCAN_TIMEOUT = 30_000;

/** Most devices that one scan remembers; a room full of beacons must not fill the memory. */
const MOST_DEVICES = 10_000;

/** Puts simulated batteries into an ether; `simulate` of `@ubmsc/simulator` is one. */
export type Simulate = (options: {
  readonly ether: Ether;
  readonly batteries: number;
  readonly signal?: AbortSignal;
}) => Promise<AsyncDisposable>;

/** Puts the battery of a recording into an ether. */
export type Replay = (options: {
  readonly ether: Ether;
  readonly spec: ReplaySpec;
  readonly signal?: AbortSignal;
}) => Promise<AsyncDisposable>;

export interface AdapterOptions {
  readonly signal?: AbortSignal | undefined;
  /** Needed for `sim` only: this package knows no simulator. */
  readonly simulate?: Simulate | undefined;
  /** Needed for `replay:FILE` and `sim:NAME` only. */
  readonly replay?: Replay | undefined;
  /** Sees every link before it is used; returns what is used instead. */
  readonly observe?: ((link: Link) => Link) | undefined;
  /** Called for each controller that is opened: what becomes of its packets. It is disposed of with the adapter. */
  readonly capture?: (() => PacketCapture) | undefined;
}

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  /** Ends the scan, in milliseconds; 30 s when left out. */
  readonly timeout?: number | undefined;
  /** Ends the scan early, which is no error. */
  readonly until?: AbortSignal | undefined;
}

export interface OpenOptions extends ScanOptions, BatteryOptions, Pick<ConnectOptions, 'onStep'> {
  /** How often a link that fails as it is made is tried again; once when left out. */
  readonly retries?: number | undefined;
}

/** Where a noble comes from, as often as one is needed, and what else there is to an adapter. */
interface AdapterSource {
  readonly title: string;
  /** Nothing that comes from here was measured on a real battery. */
  readonly simulated: boolean;
  /** How many batteries there are, where that is known. */
  readonly expected?: number;
  /** What is closed with the adapter. */
  readonly owned?: readonly AsyncDisposable[];
  readonly capture?: PacketCapture | undefined;
  readonly observe?: ((link: Link) => Link) | undefined;
  makeHost(signal?: AbortSignal): NobleHost | Promise<NobleHost>;
}

/**
 * Opens the adapter that a text names: `hci0`, `sim`, `sim:3`, `unix:/path`, `tcp:host:port`; or an ether of this
 * process. Rejects with a UsageError for a text that names none, with an AdapterError when it cannot be used.
 */
export async function openAdapter(source: string | Ether, options: AdapterOptions = {}): Promise<Adapter> {
  const found = typeof source === 'string' ? await sourceOf(source, options) : etherSource(source);
  const opened = captured(found, options);
  try {
    return new Adapter(opened, await startHost(opened, options.signal));
  } catch (error) {
    for (const owned of opened.owned ?? []) await owned[Symbol.asyncDispose]();
    throw error;
  }
}

async function sourceOf(title: string, options: AdapterOptions): Promise<AdapterSource> {
  const spec = parseAdapterSpec(title);
  switch (spec.kind) {
    case 'hci': {
      const lock = await lockAdapter(title);
      return { title, simulated: false, owned: [lock], makeHost: () => nobleOnController(spec.device) };
    }
    case 'ether':
      return {
        title,
        simulated: true,
        makeHost: async (signal) => nobleOnStream(title, await etherStream(spec.address, signal)),
      };
    case 'sim':
      return await simulationSource(
        title,
        spec.batteries,
        options,
        async ({ simulate, ether, signal }) =>
          await (simulate ?? missing(title, 'simulate'))({
            ether,
            batteries: spec.batteries,
            ...(signal && { signal }),
          }),
      );
    case 'replay':
      return await simulationSource(
        title,
        1,
        options,
        async ({ replay, ether, signal }) =>
          await (replay ?? missing(title, 'replay'))({ ether, spec, ...(signal && { signal }) }),
      );
  }
}

function etherSource(ether: Ether): AdapterSource {
  const title = 'the ether';
  return { title, simulated: true, makeHost: () => nobleOnStream(title, ether.open()) };
}

function captured(source: AdapterSource, { capture: begin, observe }: AdapterOptions): AdapterSource {
  const capture = begin?.();
  const observed = { ...source, observe };
  return capture ? { ...observed, capture, owned: [...(source.owned ?? []), capture] } : observed;
}

/** Finds batteries and opens links to them. Closing it closes every link that it made. */
export class Adapter implements AsyncDisposable {
  readonly title: string;
  /** Nothing that comes from here was measured on a real battery. */
  readonly simulated: boolean;
  /** How many batteries there are, where that is known. */
  readonly expected: number | undefined;
  readonly #source: AdapterSource;
  #host: NobleHost;
  readonly #peripherals = new Map<string, Peripheral>();
  readonly #batteries = new Set<Battery>();
  /** The controller connects or scans, one thing at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  /** How many scans want the controller to scan, and whether it does. */
  #scans = 0;
  #scanning = false;
  /** When anything at all was heard last, or else when scanning began, by the monotonic clock in milliseconds. */
  #heard = 0;
  #closing: Promise<void> | undefined;

  constructor(source: AdapterSource, host: NobleHost) {
    this.title = source.title;
    this.simulated = source.simulated;
    this.expected = source.expected;
    this.#source = source;
    this.#host = host;
  }

  /** Aborts, with the reason, when the controller is gone: links and scans end, until {@link reopen}. */
  get gone(): AbortSignal {
    return this.#host.gone.signal;
  }

  /** The controller has failed to do what it was asked to: {@link reopen} may help. */
  get wedged(): boolean {
    return this.#host.wedged;
  }

  /** The controller did not end a link when it was asked to: the battery may not be heard until {@link reopen}. */
  get holdsOn(): boolean {
    return this.#host.holdsOn;
  }

  /**
   * Lets go of the controller and opens it anew; every link of it is lost. Rejects with an AdapterError when it cannot
   * be used; then it can be tried again.
   */
  async reopen(signal?: AbortSignal): Promise<void> {
    const reason = new AdapterError(`${this.title} is opened anew`, 'wait a moment', {
      reason: 'adapterGone',
    });
    this.#host.gone.abort(reason);
    this.#host.close();
    this.#peripherals.clear();
    this.#scanning = false;
    this.#turn = Promise.resolve();
    this.#host = await startHost(this.#source, signal);
    if (this.#closing) this.#host.close();
  }

  /**
   * Starts the scan anew when nothing at all was heard for a while though somebody listens: controllers have been seen
   * to stop by themselves. Returns whether it did.
   */
  async rescan(signal?: AbortSignal): Promise<boolean> {
    if (!this.#scanning || performance.now() - this.#heard < UNHEARD) return false;
    log('info', 'adapter', () => `${this.title}: nothing was heard for a while; scanning anew`);
    await this.#inTurn(async () => {
      await this.#setScanning(false, signal);
      await this.#setScanning(this.#scans > 0, signal);
    });
    return true;
  }

  /** Devices as they are heard, each once, and once more when its name comes later. Ends when the time is up. */
  async *scan(options: ScanOptions = {}): AsyncGenerator<Device, void, undefined> {
    const { signal, timeout = SCAN_TIMEOUT, until } = options;
    const { noble, gone } = this.#host;
    const names = new Map<string, string | undefined>();
    const fresh: Device[] = [];
    let wake: (() => void) | undefined;
    const onDiscover = (peripheral: Peripheral): void => {
      this.#heard = performance.now();
      const device = toDevice(peripheral);
      if (names.has(device.address) ? names.get(device.address) === device.name : names.size >= MOST_DEVICES)
        return;
      names.set(device.address, device.name);
      this.#peripherals.set(device.address, peripheral);
      log(
        'debug',
        'adapter',
        () => `heard ${device.address} ${JSON.stringify(device.name ?? null)} at ${device.rssi} dBm`,
      );
      fresh.push(device);
      wake?.();
    };
    using end = anySignal(signal, until, gone.signal);
    const up = setTimeout(() => end.abort(), timeout);
    const ended = end.signal;
    ended.addEventListener('abort', () => wake?.(), { once: true });
    noble.on('discover', onDiscover);
    try {
      await this.#startScan(signal);
      for (;;) {
        while (fresh.length > 0) yield* fresh.splice(0);
        signal?.throwIfAborted();
        gone.signal.throwIfAborted();
        if (ended.aborted) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      clearTimeout(up);
      noble.off('discover', onDiscover);
      await this.#endScan();
    }
  }

  /**
   * The device with this address or name. Rejects with a DeviceNotFoundError when it is not heard in time; the
   * message tells what was heard instead.
   */
  async find(wanted: string, options: ScanOptions = {}): Promise<Device> {
    const { timeout = SCAN_TIMEOUT } = options;
    const others: string[] = [];
    for await (const device of this.scan(options)) {
      if (matches(device, wanted)) return device;
      if (device.likelihood !== 'unlikely') others.push(device.name ?? device.address);
    }
    const heard =
      others.length === 0 ? 'no JK battery was heard' : `heard only ${others.slice(0, 5).join(', ')}`;
    throw new DeviceNotFoundError(
      `${JSON.stringify(wanted)} was not heard within ${timeout / 1000} s (${heard})`,
      'it is held by another program or phone app, switched off, or out of range: a battery in use does not advertise',
    );
  }

  /**
   * Opens a session with a device that was heard, or that this address or name means. A link that fails as it is made
   * is tried once more: many do only now and then.
   */
  async open(wanted: string | Device, options: OpenOptions = {}): Promise<Battery> {
    const { signal, onStep, retries = 1 } = options;
    const device = typeof wanted === 'string' ? await this.find(wanted, options) : wanted;
    const peripheral = this.#peripherals.get(device.address);
    if (!peripheral) throw new DeviceNotFoundError(`${device.address} was not heard`, 'scan for it first');
    try {
      const link = await this.#alone(
        async () => await NobleLink.connect(this.#host, peripheral, device, { signal, onStep }),
      );
      const battery = new Battery(this.#source.observe?.(link) ?? link, {
        ...options,
        onClose: () => this.#batteries.delete(battery),
      });
      this.#batteries.add(battery);
      return battery;
    } catch (error) {
      const again = error instanceof LinkError && oftenPasses.has(error.reason) && retries > 0;
      if (!again || this.gone.aborted || this.wedged) throw error;
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
    const reason = new AdapterError(`${this.title} was closed`, 'open it again', { reason: 'closedByUser' });
    this.#host.gone.abort(reason);
    this.#host.close();
    for (const owned of this.#source.owned ?? []) await owned[Symbol.asyncDispose]();
  }

  /** Runs `work` while nothing else connects and the scan rests: controllers refuse to do both. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    return await this.#inTurn(async () => {
      await this.#setScanning(false);
      try {
        return await work();
      } finally {
        await this.#setScanning(this.#scans > 0);
      }
    });
  }

  async #startScan(signal?: AbortSignal): Promise<void> {
    this.#scans++;
    await this.#inTurn(async () => await this.#setScanning(this.#scans > 0, signal));
  }

  async #endScan(): Promise<void> {
    this.#scans--;
    await this.#inTurn(async () => await this.#setScanning(this.#scans > 0)).catch(() => {});
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => {});
    return await turn;
  }

  async #setScanning(scanning: boolean, signal?: AbortSignal): Promise<void> {
    if (scanning === this.#scanning || this.#closing) return;
    const { noble, gone } = this.#host;
    const late = (): Error => {
      this.#host.wedged = true;
      return new AdapterError(
        scanning
          ? `${this.title} never began to scan`
          : `${this.title} did not stop scanning within ${SCAN_COMMAND_TIMEOUT / 1000} s`,
        'switch Bluetooth off and on again',
        { reason: 'adapterGone' },
      );
    };
    const confirmed = eventWithin(noble, scanning ? 'scanStart' : 'scanStop', {
      signal: [signal, gone.signal],
      timeout: SCAN_COMMAND_TIMEOUT,
      late,
    });
    if (scanning) noble.startScanning([], true);
    else noble.stopScanning();
    this.#scanning = scanning; // also when nobody waits for the confirmation any more
    this.#heard = performance.now();
    await confirmed;
  }
}

/** A noble that is powered on. */
async function startHost(source: AdapterSource, signal?: AbortSignal): Promise<NobleHost> {
  const { title } = source;
  const host = await source.makeHost(signal);
  const { noble, gone } = host;
  try {
    const late = (): Error =>
      new AdapterError(`${title} did not power on within ${ADAPTER_TIMEOUT / 1000} s`, 'switch Bluetooth on');
    if (source.capture) host.tap(source.capture.packet);
    // In this order: a listener makes noble start by itself, and then it swallows what goes wrong.
    host.start();
    const [state] = await eventWithin<[string]>(noble, 'stateChange', {
      signal: [signal, gone.signal],
      timeout: ADAPTER_TIMEOUT,
      late,
    });
    if (state === 'unauthorized') throw notPermitted(title);
    if (state !== 'poweredOn') throw notPowered(title, state);
    noble.on('stateChange', (later: string) => {
      if (later !== 'poweredOn') gone.abort(notPowered(title, later));
    });
    host.poweredOn();
    return host;
  } catch (error) {
    host.close();
    throw error;
  }
}

function notPowered(title: string, state: string): AdapterError {
  return new AdapterError(
    `${title} is ${stateTitles[state] ?? state}`,
    'switch Bluetooth on: bluetoothctl power on',
    { reason: 'adapterGone' },
  );
}

const stateTitles: Readonly<Record<string, string>> = {
  poweredOff: 'switched off',
  unsupported: 'not able to speak Bluetooth Low Energy',
};

async function simulationSource(
  title: string,
  batteries: number,
  options: AdapterOptions,
  start: (options: AdapterOptions & { readonly ether: Ether }) => Promise<AsyncDisposable>,
): Promise<AdapterSource> {
  const ether = new Ether();
  try {
    const simulation = await start({ ...options, ether });
    return {
      title,
      simulated: true,
      expected: batteries,
      owned: [simulation, ether],
      makeHost: () => nobleOnStream(title, ether.open()),
    };
  } catch (error) {
    ether.close();
    throw error;
  }
}

function missing(title: string, name: 'simulate' | 'replay'): never {
  throw new AdapterError(`${title} needs a simulator`, `pass ${name} of @ubmsc/simulator to openAdapter`);
}

async function etherStream(address: string, signal?: AbortSignal): Promise<Duplex> {
  try {
    return await connectEther(address, signal ? { signal } : {});
  } catch (cause) {
    if (!(cause instanceof EtherError)) throw cause;
    throw new AdapterError(cause.message, cause.hint, { cause });
  }
}

function toDevice({ address, rssi, advertisement }: Peripheral): Device {
  return {
    address: address.toUpperCase(),
    name: advertisement.localName,
    // Both values stand for "not known" (Core Specification, Vol 4, Part E, 7.7.65.2).
    rssi: rssi === 127 || rssi === -127 ? undefined : rssi,
    likelihood: likelihood(address, advertisement),
  };
}
