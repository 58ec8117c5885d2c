import { setMaxListeners } from 'node:events';
import process, { platform } from 'node:process';
import type { Duplex } from 'node:stream';
import { log } from '@ubmsc/base';
import { openKernelChannel, startHost, tapSocket, type KernelChannel, type PacketListener } from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/session';
import { adapterErrorOf } from '../central/adapter-problems.ts';
import type { CentralHealth } from '../central/central.ts';
import type { Noble } from './noble-api.ts';
import {
  loadNobleOnStream,
  loadNobleOnSystem,
  withoutSigint,
  type Bindings,
  type LoadedNoble,
} from './noble.ts';

/** How noble is started and ended on one kind of controller. */
interface HostMethods {
  start(): void;
  /** noble does not ask for the buffer size by itself, and waits for it before its first write. */
  readonly needsBufferSize: boolean;
  end(): void;
}

/** noble on one controller, from its start until the controller is gone. */
export class NobleHost {
  readonly title: string;
  readonly noble: Noble;
  /** Aborts, with the reason, when the controller is gone: nothing of it works any more. */
  readonly gone = goneSignal();
  readonly #bindings: Bindings;
  readonly #methods: HostMethods;
  #health: CentralHealth = 'sound';

  constructor(title: string, { noble, bindings }: LoadedNoble, methods: HostMethods) {
    this.title = title;
    this.noble = noble;
    this.#bindings = bindings;
    this.#methods = methods;
  }

  get health(): CentralHealth {
    return this.#health;
  }

  /** The controller did not do what it was asked to. It never recovers by itself. */
  worsen(health: CentralHealth): void {
    if (this.#health !== 'wedged') this.#health = health;
  }

  /** Lets `listener` see what goes between noble and the controller. To be called before {@link start}. */
  tap(listener: PacketListener): void {
    const { _hci: hci } = this.#bindings;
    if (!hci) {
      throw new AdapterError(
        `what goes through ${this.title} cannot be captured on ${platform}`,
        'leave { capture } out, or use Linux',
      );
    }
    tapSocket(hci._socket, listener);
  }

  /** Opens the controller; noble's `stateChange` tells the outcome. */
  start(): void {
    this.#methods.start();
  }

  /** To be called once the controller is powered on. */
  poweredOn(): void {
    if (this.#methods.needsBufferSize) this.#bindings._hci?.readLeBufferSize();
  }

  /**
   * Calls back when a connected peripheral refuses something until it is paired with. noble tells nobody: it begins to
   * pair, which batteries refuse, and the request never ends.
   */
  onPairingWanted(peripheralId: string, wanted: () => void): void {
    this.#bindings._gatts?.[peripheralId]?._aclStream.on('data', (channel: number, pdu?: Buffer) => {
      if (channel === ATT_CHANNEL && pdu?.[0] === ATT_ERROR_RESPONSE && wantsPairing.has(pdu[4])) wanted();
    });
  }

  close(): void {
    this.#methods.end();
  }
}

/** What to do when a controller is gone. */
const virtualHint = 'see that the simulator still runs';
const kernelHint = 'see that it is plugged in and switched on';

/** noble on a virtual controller: `stream` is its host's side, `title` the adapter's name in messages. */
export function nobleOnStream(title: string, stream: Duplex): NobleHost {
  return makeHost(title, { stream, mode: 'user' }, virtualHint);
}

/** noble on a Bluetooth controller of this machine. Throws an {@link AdapterError} where there is none. */
export function nobleOnController(device: number): NobleHost {
  const title = `hci${device}`;
  const onlyUser = process.env['HCI_CHANNEL_USER'] === '1';
  try {
    if (platform !== 'linux') return systemHost(title, device);
    const channel = openKernelChannel(device, onlyUser ? { modes: ['user'] } : {});
    log('info', 'adapter', () => `${title} is used through the ${channel.mode} channel`);
    return makeHost(title, channel, kernelHint);
  } catch (cause) {
    throw adapterErrorOf(title, cause, onlyUser);
  }
}

function makeHost(title: string, { stream, mode }: KernelChannel, hint: string): NobleHost {
  let started: Disposable | undefined;
  const { noble, bindings } = loadNobleOnStream(stream, mode);
  const host = new NobleHost(
    title,
    { noble, bindings },
    {
      start: () => (started = startHost(() => withoutSigint(() => void noble.state), mode)),
      needsBufferSize: mode === 'user',
      end: () => {
        if (bindings._hci) bindings._hci.pollIsDevUp = () => {}; // in raw mode it renews a timer every second
        stream.destroy();
        started?.[Symbol.dispose]();
      },
    },
  );
  let problem: Error | undefined;
  stream.on('error', (error) => (problem = error));
  stream.once('close', () => {
    const why = problem ? `: ${problem.message}` : '';
    host.gone.abort(
      new AdapterError(`${title} is gone${why}`, hint, { cause: problem, reason: 'adapterGone' }),
    );
  });
  return host;
}

function systemHost(title: string, device: number): NobleHost {
  const loaded = loadNobleOnSystem(device);
  return new NobleHost(title, loaded, {
    start: () => withoutSigint(() => void loaded.noble.state),
    needsBufferSize: false,
    end: () => {}, // noble has no way to close it
  });
}

/** Each link listens to it: a dozen batteries on one adapter are not a leak. */
function goneSignal(): AbortController {
  const gone = new AbortController();
  setMaxListeners(0, gone.signal);
  return gone;
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
