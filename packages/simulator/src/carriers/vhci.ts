import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ControllerOptions, Ether } from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/session';
import { asError } from '@ubmsc/base';
import type { HciDevice } from './bleno-host.ts';
import { waitFor } from '../wait-for.ts';
import { openVhci, readerOf } from './vhci-device.ts';

/** The vendor packet of hci_vhci: asks for a controller, and tells its number. */
const VENDOR_PACKET = 0xff;
const PRIMARY_CONTROLLER = 0x00;

/** Time in ms that the kernel has to make a controller. */
const TIMEOUT = 5000;

/**
 * Time in ms after which the first advertisements are received. Linux drops what is reported before it has noted that it
 * scans, and each device is reported once in a scan; over a radio, advertisements are some 100 ms apart.
 */
const HEARS_AFTER = 100;

/** A controller of this machine's kernel whose air is an ether. */
export interface KernelController extends AsyncDisposable {
  /** Its name, such as `hci1`. */
  readonly device: HciDevice;
  /** Aborts, with an AdapterError, when the kernel has lost it. */
  readonly gone: AbortSignal;
}

/** The controller that the kernel gets. */
export interface KernelControllerOptions extends Pick<ControllerOptions, 'address'> {
  /** Gives up the start. */
  readonly signal?: AbortSignal;
}

/**
 * Gives the kernel of this machine a controller in `ether`: every program on it receives what advertises there, and
 * connects to it, as over a radio. The kernel takes the controller away when the process ends, however it ends.
 * @throws {AdapterError} /dev/vhci is missing or may not be used.
 * @throws the reason of `signal` when that is aborted first.
 */
export async function carryToKernel(
  ether: Pick<Ether, 'attach'>,
  { signal, address }: KernelControllerOptions = {},
): Promise<KernelController> {
  signal?.throwIfAborted();
  const stream = new KernelStream(openVhci());
  const gone = new AbortController();
  stream.once('close', () => {
    const hint = 'start the simulator again';
    gone.abort(
      new AdapterError('the kernel has lost the simulated controller', hint, { cause: stream.errored }),
    );
  });
  try {
    const late = AbortSignal.timeout(TIMEOUT);
    const device = await stream.askForController(
      AbortSignal.any([late, gone.signal, ...(signal ? [signal] : [])]),
    );
    ether.attach(stream, { hearsAfter: HEARS_AFTER, ...(address !== undefined && { address }) });
    return {
      device,
      gone: gone.signal,
      [Symbol.asyncDispose]: async () => await closed(stream),
    };
  } catch (error) {
    await closed(stream);
    throw error;
  }
}

async function closed(stream: Duplex): Promise<void> {
  if (stream.closed) return;
  await new Promise<void>((resolve) => {
    stream.once('close', resolve).destroy();
  });
}

/** The host's side of a controller: what the kernel sends and receives, as H4. One write is one packet. */
class KernelStream extends Duplex {
  readonly #descriptor: number;
  readonly #reader: Socket;
  #numbered: ((number: number) => void) | undefined;

  /** Takes the descriptor over. */
  constructor(descriptor: number) {
    super();
    this.#descriptor = descriptor;
    this.#reader = readerOf(descriptor);
    // The device hands over one packet at a time.
    this.#reader.on('data', (packet: Buffer) => this.#receive(packet));
    this.#reader.on('error', (error) => this.destroy(error)).on('close', () => this.destroy());
    this.on('error', () => undefined); // it closes; that is all there is to know
  }

  /** Resolves with the name of the controller that the kernel has made. */
  async askForController(signal: AbortSignal): Promise<HciDevice> {
    let device: HciDevice = 'hci0';
    await waitFor(signal, (resolve) => {
      this.#numbered = (number) => {
        device = `hci${number}`;
        resolve();
      };
      writeSync(this.#descriptor, Buffer.from([VENDOR_PACKET, PRIMARY_CONTROLLER]));
      return () => (this.#numbered = undefined);
    });
    return device;
  }

  override _read(): void {
    // The kernel's packets come when they come, and are few.
  }

  override _write(packet: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    try {
      writeSync(this.#descriptor, packet);
      done();
    } catch (error) {
      if (isSwitchedOff(error)) done();
      else done(asError(error));
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#reader.once('close', () => done(error)).destroy();
  }

  #receive(packet: Buffer): void {
    if (packet[0] !== VENDOR_PACKET) this.push(packet);
    else this.#numbered?.(packet.readUInt16LE(2));
  }
}

/** While the kernel has the controller switched off, it takes nothing from it: what is sent then is lost, as on a wire. */
function isSwitchedOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENXIO';
}
