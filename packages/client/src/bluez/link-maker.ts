import { log, UbmscError, type WaitOptions, withinTime } from '@ubmsc/base';
import { LinkError, reasonOf, type Link, type SessionReason } from '@ubmsc/session';
import type { CentralHealth, ConnectOptions, LinkTarget } from '../central/central.ts';
import { pairingError } from '../central/link-errors.ts';
import type { PairingAgent } from './agent.ts';
import { errorNameOf, errorTextOf, isBluezError, serviceError } from './bluez-errors.ts';
import { BluezLink } from './bluez-link.ts';
import { Connection } from './connection.ts';
import { acquiredError, isAcquired, wantsPairing } from './device-errors.ts';
import { Discovery, type DiscoveryPlace } from './discovery.ts';
import { findSerial } from './gatt.ts';
import { interfaces } from './names.ts';
import { otherPrograms } from './other-programs.ts';
import { isAdvertisement } from './sighting.ts';
import { textOf } from './properties.ts';

/** How long each step may take, in milliseconds. */
const timeouts = { find: 10_000, discover: 15_000, subscribe: 10_000 };

/** bluetoothd connects well only to what it has received lately, in milliseconds. */
const RECENT = 20_000;

/** How long a caller that has given up waits until the connection is cleaned up, in milliseconds. */
const ABANDON_TIMEOUT = 500;

/** What bluetoothd remembers of a device may be wrong when it ends for these reasons. */
const staleCache: ReadonlySet<SessionReason | undefined> = new Set(['noServices', 'noSerialService']);

/** The device has a disconnection before it, or was disconnected: the link that was shared is of no use. */
class EndingError extends Error {}

/** Makes links: finds the device, connects, resolves its services, subscribes. */
export class LinkMaker {
  readonly place: DiscoveryPlace;
  readonly #agent: PairingAgent;
  readonly #onHealth: (health: CentralHealth) => void;
  /** When each device was received last, by its path and the monotonic clock in milliseconds. */
  readonly #received = new Map<string, number>();

  constructor(place: DiscoveryPlace, agent: PairingAgent, onHealth: (health: CentralHealth) => void) {
    this.place = place;
    this.#agent = agent;
    this.#onHealth = onHealth;
    place.objects.observe(({ path, interface: name, changed }) => {
      if (name !== interfaces.device) return;
      if (!changed) this.#received.delete(path);
      else if (isAdvertisement(changed)) this.#received.set(path, performance.now());
    });
  }

  async connect(target: LinkTarget, options: ConnectOptions): Promise<Link> {
    const title = target.name ?? target.address;
    options.onStep?.('connecting');
    const device = await this.#locate(target, title, options.signal);
    const answering = this.#agent.answerFor(device);
    try {
      return await this.#connectTo(device, target, options, answering);
    } catch (error) {
      const asked = this.#agent.wasAskedBy(device);
      answering[Symbol.dispose]();
      options.signal?.throwIfAborted();
      this.place.gone.throwIfAborted();
      if (error instanceof UbmscError && !asked) throw error;
      throw asked || wantsPairing(error) ? pairingError(title, error) : serviceError(error, this.place.title);
    }
  }

  async #connectTo(
    device: string,
    target: LinkTarget,
    options: ConnectOptions,
    answering: Disposable,
    mayBeEnding = true,
  ): Promise<Link> {
    const { bus, objects, gone } = this.place;
    const title = target.name ?? target.address;
    const place = { bus, objects, device, title, gone };
    const connection = new Connection(place);
    let link: BluezLink | undefined;
    try {
      await connection.connect(options.signal);
      options.onStep?.('discovering');
      await this.#resolve(device, title, connection, options.signal);
      const gatt = findSerial(objects, device, title);
      options.onStep?.('subscribing');
      const onClosed = (ended: boolean): void => {
        answering[Symbol.dispose]();
        if (!ended) this.#onHealth('holdsLink');
      };
      link = new BluezLink({ ...target, place, connection, gatt, onClosed });
      await this.#subscribe(link, title, connection, options.signal);
      return link;
    } catch (error) {
      const isEnding = error instanceof EndingError;
      if (isEnding && mayBeEnding && !connection.isOurs) {
        link?.detach();
        log('info', 'bluez', () => `${title} is being disconnected: it is connected again afterwards`);
        await connection.awaitEnd(options.signal);
        return await this.#connectTo(device, target, options, answering, false);
      }
      await this.#putAway(device, connection, link, error, options.signal);
      throw isEnding ? connection.loss('setupFailed') : error;
    }
  }

  /** Path of the device, which was received lately or is connected. */
  async #locate(target: LinkTarget, title: string, signal?: AbortSignal): Promise<string> {
    const { objects, gone } = this.place;
    const usable = (since: number): string | undefined => {
      const [path, device] =
        objects
          .having(interfaces.device)
          .find(
            ([, { Address, Adapter }]) =>
              Adapter === this.place.adapter && textOf(Address)?.toUpperCase() === target.address,
          ) ?? [];
      if (path === undefined) return undefined;
      return device?.['Connected'] === true || (this.#received.get(path) ?? -Infinity) >= since
        ? path
        : undefined;
    };
    const path = usable(performance.now() - RECENT);
    if (path !== undefined) return path;
    const began = performance.now();
    await using _ = await Discovery.start(this.place, signal);
    const late = (): Error =>
      new LinkError(
        `${title} was not received within ${timeouts.find / 1000} s`,
        'move closer, close other programs that use the battery, and try again',
        { reason: 'connectTimeout' },
      );
    const wait: WaitOptions = { signal: [signal, gone], timeout: timeouts.find, late };
    return await objects.until(wait, () => usable(began));
  }

  async #resolve(device: string, title: string, connection: Connection, signal?: AbortSignal): Promise<void> {
    const { objects, gone } = this.place;
    const late = (): Error =>
      lateError(title, 'did not name its services', timeouts.discover, 'discoveryTimeout');
    const wait: WaitOptions = { signal: [signal, gone], timeout: timeouts.discover, late };
    const outcome = await objects.until(wait, () => {
      if (!connection.isConnected) return 'lost';
      return objects.get(device, interfaces.device)?.['ServicesResolved'] === true ? 'resolved' : undefined;
    });
    if (outcome === 'lost') throw new EndingError();
  }

  async #subscribe(
    link: BluezLink,
    title: string,
    connection: Connection,
    signal?: AbortSignal,
  ): Promise<void> {
    const late = (): Error =>
      lateError(title, 'did not confirm the subscription', timeouts.subscribe, 'subscribeTimeout');
    try {
      await link.subscribe({ signal, timeout: timeouts.subscribe, late });
    } catch (error) {
      if (isAcquired(error)) {
        throw acquiredError(title, await otherPrograms(this.place.bus, signal), error);
      }
      if (wantsPairing(error)) throw pairingError(title, error);
      // bluetoothd refuses while a disconnection that somebody has asked for has not taken place yet.
      if (isBluezError(error, 'NotConnected') || !connection.isConnected) throw new EndingError();
      if (errorNameOf(error) === undefined) throw error;
      throw new LinkError(
        `${title} refused the subscription: ${errorTextOf(error)}`,
        'switch its Bluetooth off and on, and close other programs that use it',
        { cause: error, reason: 'subscribeTimeout' },
      );
    }
  }

  /** Whoever has given up does not wait for it for long. */
  async #putAway(
    device: string,
    connection: Connection,
    link: BluezLink | undefined,
    error: unknown,
    signal?: AbortSignal,
  ): Promise<void> {
    link?.detach();
    const isStale = staleCache.has(reasonOf(error));
    const left = isStale && connection.isOurs ? this.#forget(device) : connection.abandon();
    await (signal?.aborted ? withinTime(ABANDON_TIMEOUT, left) : left.catch(() => {}));
  }

  /** Has bluetoothd forget what it remembers of the services of a device, unless somebody has paired or trusted it. */
  async #forget(device: string): Promise<void> {
    const { bus, objects, adapter } = this.place;
    const { Paired, Trusted } = objects.get(device, interfaces.device) ?? {};
    if (Paired === true || Trusted === true) return;
    const method = { path: adapter, interface: interfaces.adapter, member: 'RemoveDevice', signature: 'o' };
    await bus.call({ ...method, body: [device] }).catch((error: unknown) => {
      log('debug', 'bluez', () => `RemoveDevice: ${errorTextOf(error)}`);
    });
  }
}

function lateError(title: string, what: string, timeout: number, reason: SessionReason): LinkError {
  return new LinkError(
    `${title} ${what} within ${timeout / 1000} s`,
    'move closer, close other programs that use the battery, and try again',
    { reason },
  );
}
