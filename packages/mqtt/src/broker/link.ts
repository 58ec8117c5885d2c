import { asError, untilAborted } from '@ubmsc/base';
import type { IClientOptions, MqttClient } from 'mqtt';
import type { ReadCredentials } from './credentials.ts';

/** Protocol versions of MQTT, as they are written on the wire. */
export type ProtocolVersion = 4 | 5;

/** A message that the broker keeps or sends on. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retain?: boolean;
  /** 1 when it must arrive. */
  readonly qos?: 0 | 1;
  /** After this time the broker throws it away, in seconds; MQTT 5 only. */
  readonly expiry?: number;
}

export interface IncomingMessage {
  readonly topic: string;
  readonly payload: string;
  /** Whether the broker kept it, so that it may be old. */
  readonly retained: boolean;
}

export interface LinkOptions {
  readonly url: URL;
  readonly credentials: ReadCredentials;
  readonly version: ProtocolVersion;
  readonly clientId: string;
  readonly will?: OutgoingMessage | undefined;
  readonly onMessage: (message: IncomingMessage) => void;
}

/** Time between two signs of life, in seconds: the broker notices a lost client after one and a half of it. */
const KEEP_ALIVE = 10;

/** How long the broker may take to accept a connection, or to confirm a message, in milliseconds. */
const TIMEOUTS = { connect: 10_000, confirm: 15_000 };

/** Longer messages than this are not for us, in bytes. */
const LARGEST_INCOMING = 65_536;

/** The broker has refused something; `code` is the reason code of MQTT. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: number;

  constructor(message: string, code: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * One connection to a broker, from its start to its end. The library's own queue and its reconnecting are not used: its
 * queue has no bound, and it gives up for ever when a login was refused once.
 */
export class BrokerLink implements AsyncDisposable {
  readonly #client: MqttClient;
  readonly #closed = new AbortController();
  readonly version: ProtocolVersion;
  /** Largest message that the broker takes, in bytes, where it says so. */
  readonly largest: number | undefined;

  private constructor(client: MqttClient, version: ProtocolVersion, largest: number | undefined) {
    this.#client = client;
    this.version = version;
    this.largest = largest;
  }

  /**
   * Connects.
   * @throws {RefusedError} the broker refuses the client, or its version of the protocol.
   * @throws {Error} it cannot be reached or does not answer.
   */
  static async open(options: LinkOptions, signal: AbortSignal): Promise<BrokerLink> {
    // The library is large, and to check a URL or a setting nobody needs it.
    const { connect } = await import('./library.ts');
    signal.throwIfAborted();
    const client = connect(options.url.href, clientOptions(options));
    // Without a listener an error would end the process; those that are added later handle it.
    client.on('error', () => {});
    client.on('message', (topic, payload, { retain }) => {
      if (payload.length > LARGEST_INCOMING) return;
      options.onMessage({ topic, payload: payload.toString('utf8'), retained: retain });
    });
    try {
      const largest = await connected(client, signal);
      // Each message that waits for a slow connection adds a listener.
      client.stream.setMaxListeners(0);
      const link = new BrokerLink(client, options.version, largest);
      link.#watch();
      return link;
    } catch (error) {
      client.end(true);
      throw refusal(error);
    }
  }

  /** Aborts, with the reason, when the connection has ended. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /**
   * Sends a message; with QoS 1, resolves when the broker has it.
   * @throws {RefusedError} the broker refuses it.
   * @throws {Error} the connection has ended.
   */
  async publish({ topic, payload, retain = false, qos = 0, expiry }: OutgoingMessage): Promise<void> {
    const properties =
      this.version === 5 && expiry !== undefined ? { messageExpiryInterval: expiry } : undefined;
    await this.#confirmed(
      (done) =>
        void this.#client.publish(topic, payload, { qos, retain, ...(properties && { properties }) }, done),
    );
  }

  /** Subscribes. @throws {RefusedError} the broker refuses it. */
  async subscribe(topics: readonly string[]): Promise<void> {
    await this.#confirmed((done) => void this.#client.subscribe([...topics], { qos: 1 }, done));
  }

  /** Says goodbye, so that the broker sends no will. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const ended = new Promise<void>((resolve) => this.#client.end(false, () => resolve()));
    const timer = setTimeout(() => this.#client.end(true), TIMEOUTS.connect);
    await Promise.race([ended, untilAborted(this.#closed.signal)]);
    clearTimeout(timer);
    this.#client.end(true);
    this.#closed.abort(new Error('the connection was closed'));
  }

  #watch(): void {
    let reason: Error | undefined;
    this.#client.on('error', (error) => (reason ??= error));
    this.#client.on('disconnect', ({ reasonCode }) => {
      reason ??= new RefusedError(
        `the broker ended the connection, reason code ${reasonCode ?? 0}`,
        reasonCode ?? 0,
      );
    });
    this.#client.once('close', () => {
      this.#closed.abort(reason ?? new Error('the connection was lost'));
      this.#client.end(true);
    });
  }

  /** A callback of the library may never come: that of a message which was being written as the connection ended. */
  async #confirmed(send: (done: (error?: Error | null) => void) => void): Promise<void> {
    this.#closed.signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const signal = this.#closed.signal;
      const end = (error?: Error | null): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onClosed);
        if (error) reject(refusal(error));
        else resolve();
      };
      const onClosed = (): void => end(new Error('the connection was lost', { cause: signal.reason }));
      const timer = setTimeout(() => {
        end(new Error('the broker does not confirm a message'));
        this.#client.end(true);
      }, TIMEOUTS.confirm);
      signal.addEventListener('abort', onClosed, { once: true });
      send(end);
    });
  }
}

function clientOptions({ credentials, version, clientId, will }: LinkOptions): IClientOptions {
  return {
    ...credentials,
    protocolVersion: version,
    clientId,
    clean: true,
    keepalive: KEEP_ALIVE,
    connectTimeout: TIMEOUTS.connect,
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
    ...(version === 5 && { properties: { maximumPacketSize: LARGEST_INCOMING } }),
    ...(will && {
      will: {
        topic: will.topic,
        payload: Buffer.from(will.payload),
        qos: will.qos ?? 0,
        retain: will.retain ?? false,
      },
    }),
  };
}

/** Resolves with the largest message that the broker takes. */
async function connected(client: MqttClient, signal: AbortSignal): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    client.once('connect', ({ properties }) => {
      signal.removeEventListener('abort', onAbort);
      resolve(properties?.maximumPacketSize);
    });
    client.once('error', reject);
    client.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      reject(new Error('the broker closes the connection'));
    });
  });
}

/** What the library says of a refusal has the reason code as `code`. */
function refusal(error: unknown): Error {
  if (error instanceof Error && 'code' in error && typeof error.code === 'number') {
    return new RefusedError(error.message, error.code, { cause: error });
  }
  return asError(error);
}
