import { LinkError, type SessionReason } from '@ubmsc/session';
import { log, pause } from '@ubmsc/base';
import { isBluezError, errorNameOf, errorTextOf, serviceError } from './bluez-errors.ts';
import { connectError, lossError } from './device-errors.ts';
import type { DevicePlace } from './device-place.ts';
import { notifyingCharacteristics } from './gatt.ts';
import { interfaces } from './names.ts';
import { textOf, toProperties } from './properties.ts';
import { Turn } from './turn.ts';

/** How long each step may take, in milliseconds. bluetoothd needs two seconds for each disconnection. */
const timeouts = { connect: 25_000, disconnect: 5000, ask: 1000 };

/** Another program that has listened to what we asked for needs a moment to ask for it itself, in milliseconds. */
const ASK_PAUSE = 300;

/**
 * The connection of a device, which all programs of the machine share: bluetoothd does not count who uses it, so that a
 * disconnection would end it for everybody. It is ended only where nobody is notified by the device any more.
 */
export class Connection {
  readonly #place: DevicePlace;
  /** We have made it, or have at least begun to. */
  #isOurs = false;

  constructor(place: DevicePlace) {
    this.#place = place;
  }

  /** It was made here; otherwise it is shared with whoever has made it. */
  get isOurs(): boolean {
    return this.#isOurs;
  }

  get isConnected(): boolean {
    const { objects, device } = this.#place;
    return objects.get(device, interfaces.device)?.['Connected'] === true;
  }

  /** Why the link has ended, where BlueZ says so, and `otherwise` where it does not. */
  loss(otherwise?: SessionReason): LinkError {
    const { objects, device, title } = this.#place;
    return lossError(
      title,
      textOf(objects.get(device, interfaces.device)?.['DisconnectedReason']),
      otherwise,
    );
  }

  /**
   * Connects, or shares the connection that is there. Rejects with a LinkError; then no connection of ours is left.
   */
  async connect(signal?: AbortSignal): Promise<void> {
    const { title } = this.#place;
    if (this.isConnected) {
      log('info', 'bluez', () => `${title} is connected already: its link is shared`);
      return;
    }
    this.#isOurs = true;
    try {
      await this.#call('Connect', signal);
    } catch (error) {
      if (isBluezError(error, 'InProgress')) return await this.#awaitOthers(signal);
      if (isBluezError(error, 'AlreadyConnected')) return;
      // What we have begun must not come to be when nobody waits for it any more.
      if (!errorNameOf(error)) await this.#cancel();
      throw this.#explained(error, signal);
    }
  }

  /** Waits until a disconnection that somebody has asked for has taken place. */
  async awaitEnd(signal?: AbortSignal): Promise<void> {
    const late = (): Error => this.#late('disconnect', 'is neither usable nor disconnected');
    const options = { signal: [signal, this.#place.gone], timeout: timeouts.disconnect, late };
    await this.#place.objects.until(options, () => !this.isConnected || undefined);
  }

  /**
   * Ends the connection unless another program is notified by the device. Resolves when bluetoothd was asked to: that it
   * takes two seconds more keeps nobody, because {@link awaitEnd} waits for it. `outcome` is told whether it has ended.
   */
  async release(outcome: (hasEnded: boolean) => void = () => {}): Promise<void> {
    if (!this.isConnected || this.#place.gone.aborted) return outcome(true);
    await pause(ASK_PAUSE, this.#place.gone).catch(() => {});
    if ((await this.isListenedTo()) || (await this.#isAboutToBeListenedTo())) {
      log('info', 'bluez', () => `another program listens to ${this.#place.title}: its link stays`);
      return outcome(true);
    }
    void this.#disconnect().then(outcome);
  }

  /** Ends what {@link connect} has begun; a connection that was there before stays. */
  async abandon(): Promise<void> {
    if (this.#isOurs) await this.release();
  }

  /** Whether any program is notified by the device. Asked afresh: changes are told a moment late. */
  async isListenedTo(): Promise<boolean> {
    const { objects, device } = this.#place;
    const asked = notifyingCharacteristics(objects, device).map(
      async (path) => await this.#isNotifying(path),
    );
    return (await Promise.all(asked)).includes(true);
  }

  /** Whether another ubmsc program has taken the turn and is about to ask. */
  async #isAboutToBeListenedTo(): Promise<boolean> {
    const turn = new Turn(this.#place);
    const isFree = await turn.take();
    turn.release();
    return !isFree;
  }

  async #isNotifying(path: string): Promise<boolean> {
    const method = { path, interface: interfaces.properties, member: 'GetAll', signature: 's' };
    try {
      const [all] = await this.#place.bus.call(
        { ...method, body: [interfaces.characteristic] },
        { timeout: timeouts.ask },
      );
      const { Notifying, NotifyAcquired } = toProperties(all);
      return Notifying === true || NotifyAcquired === true;
    } catch (error) {
      log('debug', 'bluez', () => `${path}: ${errorTextOf(error)}`);
      // Where it cannot be told, nobody's link is ended; a characteristic that is gone notifies nobody.
      return errorNameOf(error) === undefined;
    }
  }

  async #awaitOthers(signal?: AbortSignal): Promise<void> {
    this.#isOurs = false;
    const late = (): Error =>
      this.#late('connect', 'is being connected by another program, which takes more than');
    const options = { signal: [signal, this.#place.gone], timeout: timeouts.connect, late };
    await this.#place.objects.until(options, () => this.isConnected || undefined);
  }

  /** Cancels a connection that is being made. */
  async #cancel(): Promise<void> {
    if (this.#place.gone.aborted) return;
    await this.#call('Disconnect', undefined, timeouts.ask).catch((error: unknown) => {
      log('debug', 'bluez', () => `Disconnect: ${errorTextOf(error)}`);
    });
  }

  async #disconnect(): Promise<boolean> {
    try {
      await this.#call('Disconnect', undefined, timeouts.disconnect);
      return true;
    } catch (error) {
      log('debug', 'bluez', () => `Disconnect: ${errorTextOf(error)}`);
      return !this.isConnected || this.#place.gone.aborted;
    }
  }

  async #call(member: string, signal?: AbortSignal, timeout = timeouts.connect): Promise<void> {
    const { bus, device, gone } = this.#place;
    const late = (): Error => this.#late('connect', 'did not accept a connection within');
    const options = { signal: [signal, gone], timeout, late };
    await bus.call({ path: device, interface: interfaces.device, member }, options);
  }

  #late(step: keyof typeof timeouts, what: string): LinkError {
    return new LinkError(
      `${this.#place.title} ${what} ${timeouts[step] / 1000} s`,
      'move closer, close other programs that use the battery, and try again',
      { reason: 'connectTimeout' },
    );
  }

  #explained(error: unknown, signal?: AbortSignal): unknown {
    if (signal?.aborted) return signal.reason;
    if (this.#place.gone.aborted) return this.#place.gone.reason;
    if (error instanceof LinkError) return error;
    const isOfService = errorNameOf(error)?.startsWith('org.freedesktop.') || isBluezError(error, 'NotReady');
    return isOfService ? serviceError(error) : connectError(this.#place.title, error);
  }
}
