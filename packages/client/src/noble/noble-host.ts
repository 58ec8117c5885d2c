import { setMaxListeners } from 'node:events';
import process, { platform } from 'node:process';
import type { Duplex } from 'node:stream';
import { startHost, tapSocket, type PacketListener } from '@ubmsc/hci';
import { AdapterError } from '@ubmsc/session';
import { adapterErrorOf } from '../central/adapter-problems.ts';
import type { CentralHealth } from '../central/central.ts';
import type { Noble } from './noble-api.ts';
import {
  loadNobleOnController,
  loadNobleOnStream,
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
        'leave --snoop out, or use Linux',
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

/** noble on a virtual controller: `stream` is its host's side, `title` the adapter's name in messages. */
export function nobleOnStream(title: string, stream: Duplex): NobleHost {
  let started: Disposable | undefined;
  const { noble, bindings } = loadNobleOnStream(stream);
  const host = new NobleHost(
    title,
    { noble, bindings },
    {
      start: () => (started = startHost(() => withoutSigint(() => void noble.state))),
      needsBufferSize: true,
      end: () => {
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
      new AdapterError(`${title} is gone${why}`, 'see that the simulator still runs', {
        cause: problem,
        reason: 'adapterGone',
      }),
    );
  });
  return host;
}

/** noble on a Bluetooth controller of this machine. Throws an {@link AdapterError} where there is none. */
export function nobleOnController(device: number): NobleHost {
  const title = `hci${device}`;
  const usesUserChannel = process.env['HCI_CHANNEL_USER'] !== undefined;
  try {
    const { noble, bindings } = loadNobleOnController(device);
    return new NobleHost(
      title,
      { noble, bindings },
      {
        start: () => {
          try {
            withoutSigint(() => void noble.state);
          } catch (cause) {
            throw adapterErrorOf(title, cause, usesUserChannel);
          }
        },
        needsBufferSize: usesUserChannel,
        end: () => {
          if (!bindings._hci) return;
          bindings._hci.pollIsDevUp = () => {}; // ends the timer that it renews every second
          bindings._hci._socket.stop();
        },
      },
    );
  } catch (cause) {
    throw adapterErrorOf(title, cause, usesUserChannel);
  }
}

/** Each link listens to it: a dozen batteries on one adapter are no leak. */
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
