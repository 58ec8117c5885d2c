import type { PacketCapture } from '@ubmsc/hci';
import { AdapterError, DeviceNotFoundError, type Link } from '@ubmsc/session';
import type { Central, CentralHealth, ConnectOptions, LinkTarget, Sighting } from '../central/central.ts';
import { adapterError, type AdapterProblem } from '../central/adapter-problems.ts';
import { eventWithin } from '@ubmsc/base';
import type { Peripheral } from './noble-api.ts';
import type { NobleHost } from './noble-host.ts';
import { NobleLink } from './noble-link.ts';

/** How long a controller may take to power on, in milliseconds. */
const POWER_ON_TIMEOUT = 10_000;

/** How long it may take to begin or to end scanning, in milliseconds. */
const SCAN_COMMAND_TIMEOUT = 5000;

/** Most peripherals that are remembered; a room full of beacons must not fill the memory. */
const MOST_PERIPHERALS = 10_000;

export interface OpenOptions {
  readonly signal?: AbortSignal | undefined;
  readonly capture?: PacketCapture | undefined;
}

/** The central role by noble, on a controller that it drives by HCI. */
export class NobleCentral implements Central {
  /** Most controllers refuse to connect while they scan. */
  readonly capabilities = { scansWhileConnecting: false, reportsOnce: false };
  readonly #host: NobleHost;
  readonly #peripherals = new Map<string, Peripheral>();

  private constructor(host: NobleHost) {
    this.#host = host;
  }

  /** Powers the controller on. Rejects with an AdapterError when it cannot be used; then the host is closed. */
  static async open(host: NobleHost, { signal, capture }: OpenOptions = {}): Promise<NobleCentral> {
    const { noble, gone, title } = host;
    try {
      const late = (): Error =>
        new AdapterError(
          `${title} did not power on within ${POWER_ON_TIMEOUT / 1000} s`,
          'switch Bluetooth on',
        );
      if (capture) host.tap(capture.packet);
      // In this order: a listener makes noble start by itself, and then it swallows what goes wrong.
      host.start();
      const [state] = await eventWithin<[string]>(noble, 'stateChange', {
        signal: [signal, gone.signal],
        timeout: POWER_ON_TIMEOUT,
        late,
      });
      if (state !== 'poweredOn') throw notUsable(title, state);
      noble.on('stateChange', (later: string) => {
        if (later !== 'poweredOn') gone.abort(notUsable(title, later));
      });
      host.poweredOn();
      return new NobleCentral(host);
    } catch (error) {
      host.close();
      throw error;
    }
  }

  get gone(): AbortSignal {
    return this.#host.gone.signal;
  }

  get health(): CentralHealth {
    return this.#host.health;
  }

  async scan(sighted: (sighting: Sighting) => void, signal?: AbortSignal): Promise<AsyncDisposable> {
    const { noble } = this.#host;
    const onDiscover = (peripheral: Peripheral): void => {
      const sighting = sightingOf(peripheral);
      this.#remember(sighting.address, peripheral);
      sighted(sighting);
    };
    const stop = async (): Promise<void> => {
      noble.off('discover', onDiscover);
      if (this.gone.aborted) return;
      const stopped = this.#confirmed('scanStop');
      noble.stopScanning();
      await stopped;
    };
    noble.on('discover', onDiscover);
    const started = this.#confirmed('scanStart', signal);
    noble.startScanning([], true);
    try {
      await started;
    } catch (error) {
      // Whoever gave up does not wait for it.
      const stopping = stop().catch(() => {});
      if (!signal?.aborted) await stopping;
      throw error;
    }
    return { [Symbol.asyncDispose]: stop };
  }

  async connect({ address, name }: LinkTarget, options: ConnectOptions = {}): Promise<Link> {
    const peripheral = this.#peripherals.get(address);
    if (!peripheral) throw new DeviceNotFoundError(`${address} was not received`, 'scan for it first');
    return await NobleLink.connect(this.#host, peripheral, { address, name }, options);
  }

  async close(reason: Error): Promise<void> {
    this.#host.gone.abort(reason);
    this.#host.close();
    this.#peripherals.clear();
  }

  /** The map is in the order of the latest sighting. */
  #remember(address: string, peripheral: Peripheral): void {
    this.#peripherals.delete(address);
    this.#peripherals.set(address, peripheral);
    const [oldest] = this.#peripherals.keys();
    if (this.#peripherals.size > MOST_PERIPHERALS && oldest !== undefined) this.#peripherals.delete(oldest);
  }

  /** Resolves when the controller has begun, or has ended, to scan. To be called before it is asked to. */
  async #confirmed(event: 'scanStart' | 'scanStop', signal?: AbortSignal): Promise<void> {
    const { noble, title } = this.#host;
    const late = (): Error => {
      this.#host.worsen('wedged');
      return new AdapterError(
        event === 'scanStart'
          ? `${title} never began to scan`
          : `${title} did not stop scanning within ${SCAN_COMMAND_TIMEOUT / 1000} s`,
        'switch Bluetooth off and on again',
        { reason: 'adapterGone' },
      );
    };
    await eventWithin(noble, event, { signal: [signal, this.gone], timeout: SCAN_COMMAND_TIMEOUT, late });
  }
}

function sightingOf({ address, rssi, advertisement }: Peripheral): Sighting {
  return {
    address: address.toUpperCase(),
    // Both values stand for "not known" (Core Specification, Vol 4, Part E, 7.7.65.2).
    rssi: rssi === 127 || rssi === -127 ? undefined : rssi,
    localName: advertisement.localName,
    manufacturerData: advertisement.manufacturerData,
    serviceUuids: advertisement.serviceUuids,
  };
}

/** noble's states of a controller that cannot be used. */
const stateProblems: Readonly<Record<string, AdapterProblem>> = {
  poweredOff: 'down',
  unauthorized: 'notPermitted',
  unsupported: 'notLowEnergy',
};

function notUsable(title: string, state: string): AdapterError {
  const problem = stateProblems[state];
  if (problem) return adapterError(title, problem);
  return new AdapterError(`${title} is ${state}`, 'switch Bluetooth on: bluetoothctl power on', {
    reason: 'adapterGone',
  });
}
