import {
  GattTrace,
  shortUuid,
  type TracedCharacteristic,
  type TracedService,
  type TracedValue,
} from '../capture/gatt-trace.ts';
import { FRAME_HEADER, REQUEST_HEADER } from '@ubmsc/protocol';
import type { CapturedValue } from './captured-session.ts';

/** UUIDs of the service and of the characteristic of the serial stream (reference, section 1.3). */
const SERIAL_SERVICE = 'ffe0';
const SERIAL_CHARACTERISTIC = 'ffe1';

/** Most bytes of values that wait until it is known whether they belong to a battery, and most values. */
const MOST_WAITING = 16_384;
const MOST_VALUES = 256;

/** Most handles whose last bytes are remembered. */
const MOST_HANDLES = 64;

/**
 * One side of a connection of a capture: tells whether it is a battery, and which of the values that go to and from it
 * are its serial stream. By the discovery, or else by the headers of records and of requests in the values.
 */
export class SerialServer {
  readonly #gatt = new GattTrace();
  #foundBy: 'discovery' | 'records' | undefined;
  /** The values before it is known, and how many bytes they have. */
  #waiting: CapturedValue[] = [];
  #waitingBytes = 0;
  /** Handles whose values have had the header of a record or of a request. */
  readonly #handles = new Set<number>();
  /** The last bytes of each handle: a header may be cut in two. */
  readonly #ends = new Map<number, Uint8Array>();

  /** How the serial stream was told; undefined while it is not known to be a battery. */
  get foundBy(): 'discovery' | 'records' | undefined {
    return this.#foundBy;
  }

  get services(): readonly TracedService[] {
    return this.#gatt.services;
  }

  get characteristics(): readonly TracedCharacteristic[] {
    return this.#gatt.characteristics;
  }

  get mtu(): number {
    return this.#gatt.mtu;
  }

  /** Takes a PDU of either side, and returns the values of the serial stream that are known now. */
  push(pdu: Buffer, time: number): readonly CapturedValue[] {
    const found = this.#gatt.push(pdu);
    if (!found) return [];
    const { kind, handle, confirmed } = found;
    // A copy, and no more: what waits must not keep a piece of the file alive.
    const value = { kind, time, handle, bytes: new Uint8Array(found.value), confirmed };
    const isSerial = this.#isSerial(handle);
    if (isSerial) {
      this.#foundBy ??= 'discovery';
      return [value];
    }
    if (this.#foundBy === 'discovery' || isSerial === false) return [];
    return this.#judge(value, found);
  }

  /** What waited for a record that did not come: a battery that was asked and never answered is one, too. */
  end(): readonly CapturedValue[] {
    return this.#foundBy === undefined && this.#handles.size > 0 ? this.#release() : [];
  }

  /** Whether this is a handle of the serial stream; undefined when the discovery has not named it. */
  #isSerial(handle: number): boolean | undefined {
    const characteristic = this.#gatt.characteristicAt(handle);
    if (!characteristic) return undefined;
    if (shortUuid(characteristic.uuid) !== SERIAL_CHARACTERISTIC) return false;
    // Where its service was not named, that of the serial stream is the only one with such a characteristic.
    return this.#gatt.isWithin(handle, (uuid) => shortUuid(uuid) === SERIAL_SERVICE) ?? true;
  }

  #judge(value: CapturedValue, { kind, handle }: TracedValue): readonly CapturedValue[] {
    const header = Buffer.from(kind === 'notification' ? FRAME_HEADER : REQUEST_HEADER);
    const bytes = Buffer.concat([this.#ends.get(handle) ?? Buffer.alloc(0), value.bytes]);
    const isSerial = bytes.includes(header);
    if (isSerial && this.#handles.size < MOST_HANDLES) this.#handles.add(handle);
    if (this.#foundBy) return this.#handles.has(handle) ? [value] : [];
    if (this.#ends.size < MOST_HANDLES || this.#ends.has(handle))
      this.#ends.set(handle, new Uint8Array(bytes.subarray(1 - header.length)));
    this.#waiting.push(value);
    this.#waitingBytes += value.bytes.length;
    if (isSerial && kind === 'notification') return this.#release();
    while (this.#waitingBytes > MOST_WAITING || this.#waiting.length > MOST_VALUES)
      this.#waitingBytes -= this.#waiting.shift()?.bytes.length ?? 0;
    return [];
  }

  #release(): readonly CapturedValue[] {
    this.#foundBy = 'records';
    const released = this.#waiting.filter(({ handle }) => this.#handles.has(handle));
    this.#waiting = [];
    this.#ends.clear();
    return released;
  }
}
