import type { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Duplex } from 'node:stream';
import { processEnd } from '@ubmsc/base';

/** How a program reaches a controller of the kernel: for itself alone, or beside the kernel, which uses it, too. */
export type ChannelMode = 'user' | 'raw';

/** What is used of the native HCI socket. It is `@stoprocent/bluetooth-hci-socket` where nothing else is given. */
export interface NativeSocket extends EventEmitter {
  bindUser(device: number): unknown;
  bindRaw(device: number): unknown;
  /** Binds to the management interface of the kernel instead of a controller. */
  bindControl?(): unknown;
  /** Whether the controller is switched on. Only a raw socket can tell. */
  isDevUp(): boolean;
  setFilter(filter: Buffer): void;
  start(): void;
  stop(): void;
  write(packet: Buffer): void;
}

export type NativeSocketClass = new () => NativeSocket;

export interface KernelChannelOptions {
  /** What to try, in this order; `user`, then `raw` when left out. */
  readonly modes?: readonly [ChannelMode, ...ChannelMode[]];
  readonly socketClass?: NativeSocketClass;
  /** Where the kernel lists its controllers. */
  readonly folder?: string;
}

/** A controller of this machine's kernel. */
export interface KernelChannel {
  readonly mode: ChannelMode;
  /** Speaks H4. It closes with an error when the controller is unplugged or switched off. */
  readonly stream: Duplex;
}

/**
 * Opens the controller hci`device`. The user channel is the better one: the whole controller is ours and the kernel has
 * no opinion about links, but it must be down, and needs CAP_NET_ADMIN. The raw channel needs CAP_NET_RAW.
 * @throws what the native part throws, about the last mode that was tried.
 */
export function openKernelChannel(device: number, options: KernelChannelOptions = {}): KernelChannel {
  const { modes = ['user', 'raw'], socketClass = loadNativeSocket() } = options;
  const { folder = '/sys/class/bluetooth' } = options;
  let failure: unknown;
  for (const mode of modes) {
    try {
      const socket = boundSocket(socketClass, device, mode);
      const isThere = mode === 'raw' ? () => socket.isDevUp() : () => existsSync(`${folder}/hci${device}`);
      return { mode, stream: new ChannelStream(socket, isThere) };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/**
 * The raw mode lets the kernel connect, and waits for it in native code, where nothing else can happen. Since Linux 6.12
 * that waits for a scan that does not come; after this time in ms the controller is asked directly.
 */
const CONNECT_TIMEOUT = '500';

/** Loads the native part. Throws what Node throws where it is missing or was made for another system. */
export function loadNativeSocket(): NativeSocketClass {
  process.env['BLUETOOTH_HCI_L2CAP_CONNECT_TIMEOUT_MS'] ??= CONNECT_TIMEOUT;
  return createRequire(import.meta.url)('@stoprocent/bluetooth-hci-socket/lib/native.js');
}

/** What the kernel says of a controller that is not there any more, too. */
const DOWN = 'ENETDOWN: Network is down';

/** All packet types and events, as the kernel's `struct hci_ufilter`: type mask, two event masks, opcode. */
const EVERYTHING = Buffer.from('ffffffffffffffffffffffff00000000', 'hex');

function boundSocket(socketClass: NativeSocketClass, device: number, mode: ChannelMode): NativeSocket {
  const socket = new socketClass();
  // It throws when it cannot bind, but only tells when there is no socket at all.
  let problem: Error | undefined;
  const failed = (error: Error): void => void (problem ??= error);
  socket.on('error', failed);
  if (mode === 'user') socket.bindUser(device);
  else socket.bindRaw(device);
  if (problem) throw problem;
  if (mode === 'raw') {
    if (!socket.isDevUp()) throw new Error(DOWN);
    socket.setFilter(EVERYTHING);
  }
  socket.off('error', failed);
  return socket;
}

/** Time in ms between two looks at whether the controller is there: the native part does not tell. */
const LOOK_EVERY = 1000;

/** Read BD_ADDR: what any controller answers. */
const HARMLESS_COMMAND = Buffer.from([0x01, 0x09, 0x10, 0x00]);

/** So often something that is answered is sent before a socket is closed. */
const FAREWELLS = 8;

/** Sockets that are closed. Their native part closes its descriptor a second time when it is collected. */
const closedSockets = new Set<NativeSocket>();

/**
 * Closes a native socket for good. The native part ends with the first packet after it was told to, or after a second, in
 * which nothing else happens; so `answered` is sent before, if anything is there that answers. Of several answers one comes
 * late enough. A process that ends does not wait for it: the system closes the socket.
 */
export function closeSocket(socket: NativeSocket, answered?: Buffer): void {
  socket
    .removeAllListeners('data')
    .removeAllListeners('error')
    .on('error', () => undefined);
  closedSockets.add(socket);
  if (processEnd.isNear) return;
  if (answered) for (let count = 0; count < FAREWELLS; count++) socket.write(answered);
  socket.stop();
}

class ChannelStream extends Duplex {
  readonly #socket: NativeSocket;
  readonly #isThere: () => boolean;
  readonly #looking: NodeJS.Timeout;

  constructor(socket: NativeSocket, isThere: () => boolean) {
    super();
    this.#socket = socket;
    this.#isThere = isThere;
    socket.on('data', (packet: Buffer) => this.push(packet));
    socket.on('error', (error: Error) => this.destroy(error));
    socket.start();
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY).unref();
  }

  override _read(): void {
    // The controller's packets come when they come.
  }

  override _write(packet: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#socket.write(packet);
    done();
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#looking);
    closeSocket(this.#socket, this.#isThere() ? HARMLESS_COMMAND : undefined);
    done(error);
  }

  #look(): void {
    if (!this.#isThere()) this.destroy(new Error(DOWN));
  }
}
