import { setMaxListeners, type EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import process, { platform } from 'node:process';
import type { Duplex } from 'node:stream';
import {
  loadWithHciSocket,
  startHost,
  tapSocket,
  type PacketListener,
  type TappableSocket,
} from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/protocol';

/*
 * The only file that loads noble. Its own types lack most of what is used here, so that part is described below;
 * names beginning with an underscore are noble's internals.
 */

/** Emits `stateChange` (state), `discover` (Peripheral), `scanStart`, `scanStop`, `warning` (text). */
export interface Noble extends EventEmitter {
  /** Reading it for the first time opens the adapter. */
  readonly state: string;
  startScanning(serviceUuids: readonly string[], allowDuplicates: boolean): void;
  stopScanning(): void;
  /** Makes `characteristics` the ones that their UUIDs mean from now on. */
  addCharacteristics(
    peripheralId: string,
    serviceUuid: string,
    characteristics: readonly RawCharacteristic[],
  ): readonly Characteristic[] | undefined;
}

/** Emits `connect` (error), `disconnect` (reason), `servicesDiscover` (Service[]), `handleNotify` (handle, data). */
export interface Peripheral extends EventEmitter {
  readonly id: string;
  readonly address: string;
  readonly rssi: number;
  /** ATT_MTU, once it was agreed to. */
  readonly mtu: number | null;
  readonly state: 'error' | 'connecting' | 'connected' | 'disconnecting' | 'disconnected';
  readonly advertisement: {
    readonly localName?: string;
    readonly manufacturerData?: Buffer;
    readonly serviceUuids?: readonly string[];
  };
  connect(): void;
  /** Emits `connect` with an error at once; another `connect` follows when the controller has cancelled. */
  cancelConnect(): void;
  disconnect(): void;
  discoverServices(serviceUuids: readonly string[]): void;
  writeHandleAsync(handle: number, data: Buffer, withoutResponse: boolean): Promise<void>;
}

/** Emits `characteristicsDiscovered` (RawCharacteristic[]). */
export interface Service extends EventEmitter {
  readonly uuid: string;
  discoverCharacteristics(characteristicUuids: readonly string[]): void;
}

/** Emits `notify` when the subscription is confirmed. */
export interface Characteristic extends EventEmitter {
  subscribe(): void;
}

/** A characteristic as it was discovered. noble's own objects are keyed by UUID, of which there can be two alike. */
export interface RawCharacteristic {
  readonly uuid: string;
  readonly valueHandle: number;
  /** Bits of the characteristic's properties (Core Specification, Vol 3, Part G, 3.3.1.1). */
  readonly rawProps: number;
}

interface Bindings extends EventEmitter {
  onStateChange?: (state: string) => void;
  readonly _gatts?: Readonly<Record<string, { readonly _aclStream: EventEmitter } | undefined>>;
  readonly _hci?: AclQueue & {
    pollIsDevUp(): void;
    readLeBufferSize(): void;
    readonly _socket: TappableSocket & { stop(): void };
  };
}

/** Where noble keeps what is to be sent: packets, and the links to which they go. */
interface AclQueue {
  _aclQueue: readonly { readonly handle: number }[];
  readonly _aclConnections: ReadonlyMap<number, unknown>;
  flushAcl(): Promise<void>;
}

/** noble, loaded for one adapter. */
export interface NobleHost {
  readonly noble: Noble;
  /** Aborts, with the reason, when the adapter is gone: nothing of it works any more. */
  readonly gone: AbortController;
  /** The controller did not do what it was asked to; only opening it anew helps. */
  wedged: boolean;
  /** It did not end a link when it was asked to, and may hold the battery still. */
  holdsOn: boolean;
  /** Lets `listener` hear what goes between noble and the controller. To be called before {@link start}. */
  tap(listener: PacketListener): void;
  /** Opens the adapter; noble's `stateChange` tells the outcome. */
  start(): void;
  /** Calls back when a connected peripheral refuses something until it is paired with. */
  onPairingWanted(peripheralId: string, wanted: () => void): void;
  /** To be called once the adapter is powered on. */
  poweredOn(): void;
  close(): void;
}

const packageName = '@abandonware/noble';

/** noble on a virtual controller: `stream` is its host's side, `title` the adapter's name in messages. */
export function nobleOnStream(title: string, stream: Duplex): NobleHost {
  const gone = goneSignal();
  let problem: Error | undefined;
  stream.on('error', (error) => (problem = error));
  stream.once('close', () => {
    const why = problem ? `: ${problem.message}` : '';
    gone.abort(
      new AdapterError(`${title} is gone${why}`, 'see that the simulator still runs', {
        cause: problem,
        reason: 'adapterGone',
      }),
    );
  });
  const [noble, bindings] = loadWithHciSocket(
    (require) => makeNoble(require, () => hciBindings(require, {})),
    { parent: import.meta.url, packageName, open: () => stream },
  );
  let started: Disposable | undefined;
  return {
    noble,
    gone,
    wedged: false,
    holdsOn: false,
    tap: (listener) => tap(title, bindings, listener),
    start: () => (started = startHost(() => withoutSigint(() => void noble.state))),
    onPairingWanted: (peripheralId, wanted) => watchSecurity(bindings, peripheralId, wanted),
    // In user-channel mode noble never asks for the buffer size, and waits for it before its first write.
    poweredOn: () => bindings._hci?.readLeBufferSize(),
    close: () => {
      stream.destroy();
      started?.[Symbol.dispose]();
    },
  };
}

/** noble on a Bluetooth controller of this machine. Throws an {@link AdapterError} where there is none. */
export function nobleOnController(device: number): NobleHost {
  const title = `hci${device}`;
  try {
    const require = createRequire(import.meta.url);
    const options = { deviceId: device };
    const [noble, bindings] = makeNoble(require, () =>
      platform === 'linux' ? hciBindings(require, options) : defaultBindings(require, options),
    );
    return {
      noble,
      gone: goneSignal(),
      wedged: false,
      holdsOn: false,
      tap: (listener) => tap(title, bindings, listener),
      start: () => {
        try {
          withoutSigint(() => void noble.state);
        } catch (cause) {
          throw noBluetooth(title, cause);
        }
      },
      onPairingWanted: (peripheralId, wanted) => watchSecurity(bindings, peripheralId, wanted),
      poweredOn: () => {
        if (process.env['HCI_CHANNEL_USER']) bindings._hci?.readLeBufferSize();
      },
      close: () => {
        if (!bindings._hci) return;
        bindings._hci.pollIsDevUp = () => {}; // ends the timer that it renews every second
        bindings._hci._socket.stop();
      },
    };
  } catch (cause) {
    throw noBluetooth(title, cause);
  }
}

/** Each link listens to it: a dozen batteries on one adapter are no leak. */
function goneSignal(): AbortController {
  const gone = new AbortController();
  setMaxListeners(0, gone.signal);
  return gone;
}

function makeNoble(require: NodeJS.Require, makeBindings: () => Bindings): [Noble, Bindings] {
  const withBindings: (bindings: Bindings) => Noble = require(`${packageName}/with-bindings`);
  const bindings = makeBindings();
  // noble's own method writes advice for some states to standard output, where data belongs.
  bindings.onStateChange = (state) => bindings.emit('stateChange', state);
  if (bindings._hci) forgetLostLinks(bindings._hci);
  const noble = withBindings(bindings);
  noble.setMaxListeners(0); // whoever looks for a battery listens
  noble.on('warning', () => {}); // with its own listener only, noble writes warnings to the console
  return [noble, bindings];
}

/** noble queues packets for links that have been lost a moment before, and throws when it sends them. */
function forgetLostLinks(hci: AclQueue): void {
  const flush = hci.flushAcl.bind(hci);
  hci.flushAcl = async () => {
    hci._aclQueue = hci._aclQueue.filter(({ handle }) => hci._aclConnections.has(handle));
    await flush();
  };
}

function tap(title: string, bindings: Bindings, listener: PacketListener): void {
  if (!bindings._hci) {
    throw new AdapterError(
      `what goes through ${title} cannot be captured on ${platform}`,
      'leave --snoop out, or use Linux',
    );
  }
  tapSocket(bindings._hci._socket, listener);
}

/** noble ends the process at SIGINT, before links are closed; what SIGINT does is the program's to say. */
function withoutSigint(run: () => void): void {
  const before = new Set(process.listeners('SIGINT'));
  run();
  for (const listener of process.listeners('SIGINT')) {
    if (!before.has(listener)) process.off('SIGINT', listener);
  }
}

function hciBindings(require: NodeJS.Require, options: object): Bindings {
  const HciBindings: new (options: object) => Bindings = require(`${packageName}/lib/hci-socket/bindings`);
  return new HciBindings(options);
}

function defaultBindings(require: NodeJS.Require, options: object): Bindings {
  const resolveBindings: (options: object) => Bindings = require(`${packageName}/lib/resolve-bindings`);
  return resolveBindings(options);
}

/** Channel of the Attribute Protocol, and its error response (Core Specification, Vol 3, Part A, 2.1, and Part F, 3.4.1.1). */
const ATT_CHANNEL = 4;
const ATT_ERROR_RESPONSE = 0x01;

/** Error codes of an Attribute Protocol that wants pairing (Core Specification, Vol 3, Part F, 3.4.1.1). */
const wantsPairing: ReadonlySet<number | undefined> = new Set([
  0x05, // Insufficient Authentication
  0x08, // Insufficient Authorization
  0x0f, // Insufficient Encryption
]);

/** noble tells nobody that it was refused: it begins to pair, which batteries refuse, and the request never ends. */
function watchSecurity(bindings: Bindings, peripheralId: string, wanted: () => void): void {
  bindings._gatts?.[peripheralId]?._aclStream.on('data', (channel: number, pdu: Buffer | undefined) => {
    if (channel === ATT_CHANNEL && pdu?.[0] === ATT_ERROR_RESPONSE && wantsPairing.has(pdu[4])) wanted();
  });
}

/** What the system says, in words; the code stands for a number that users search for. */
function noBluetooth(title: string, cause: unknown): AdapterError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const text = cause instanceof Error ? cause.message : String(cause);
  const simulated = 'or try a simulated battery with --adapter sim';
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED') {
    return new AdapterError(
      `${title} cannot be used: the native part of noble is not built`,
      `run npm rebuild with a C++ compiler installed, ${simulated}`,
      { cause },
    );
  }
  if (/EAFNOSUPPORT|not supported/i.test(text)) {
    return new AdapterError(
      `${title} cannot be used: this system has no Bluetooth`,
      `plug an adapter in and load its driver, ${simulated}`,
      { cause },
    );
  }
  if (/ENODEV|no such device/i.test(text)) {
    return new AdapterError(`there is no adapter ${title}`, `choose one that hciconfig lists, ${simulated}`, {
      cause,
    });
  }
  if (/EPERM|EACCES|not permitted/i.test(text)) return notPermitted(title, cause);
  return new AdapterError(
    `${title} cannot be used: ${text.split('\n', 1)[0]}`,
    `see ubmsc --help, ${simulated}`,
    {
      cause,
    },
  );
}

/** The process may not use raw HCI sockets. */
export function notPermitted(title: string, cause?: unknown): AdapterError {
  return new AdapterError(
    `${title} may not be used by this user`,
    'give the process CAP_NET_RAW: AmbientCapabilities=CAP_NET_RAW in a systemd unit, or run it with sudo',
    { cause },
  );
}
