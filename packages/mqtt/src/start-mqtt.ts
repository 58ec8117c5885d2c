import { elapses, log, withinTime } from '@ubmsc/base';
import type { BatteryEvent, BatterySource, BatteryStatus } from '@ubmsc/session';
import { randomBytes } from 'node:crypto';
import { BatteryPublisher, type PublisherContext } from './battery-publisher.ts';
import { readCredentials } from './broker/credentials.ts';
import { keepConnected } from './broker/keep-connected.ts';
import {
  RefusedError,
  type BrokerLink,
  type IncomingMessage,
  type LinkOptions,
  type OutgoingMessage,
} from './broker/link.ts';
import { hostDevice, hostDiscovery } from './home-assistant/discovery.ts';
import { batteryId, type BatteryId } from './identity.ts';
import { parseInfo } from './info.ts';
import { expireAfter, type MqttSettings } from './settings.ts';
import { TICK } from './state/battery-states.ts';
import { topicsWith, type Topics } from './topics.ts';

/** What publishing needs besides its settings. */
export interface MqttContext extends Pick<PublisherContext, 'settingsOf' | 'logbook'> {
  /** Version of the program. */
  readonly version: string;
  /** Whether the source has every battery that is wanted: then others that this run has published before are removed. */
  readonly isComplete: () => boolean;
}

/** How publishing goes. */
export interface MqttCounters {
  readonly connected: boolean;
  /** Messages that were sent. */
  readonly messages: number;
  /** Connections that failed or were lost. */
  readonly failures: number;
  /** Why there is no connection, for people; undefined while there is one. */
  readonly problem: string | undefined;
}

/** Batteries that are published until it is disposed of. */
export interface RunningMqtt extends AsyncDisposable {
  readonly counters: MqttCounters;
}

/** How long retained messages of an earlier run may take after the subscription, in milliseconds. */
const RETAINED_TIME = 1500;

/** The status of this run is sent again so often, in milliseconds. */
const HEARTBEAT = 60_000;

/** Messages that wait for the broker at the same time: brokers allow 20 by default. */
const AT_ONCE = 8;

/** Most batteries that are kept in mind: the broker may hold anything. */
const MOST = 1000;

/** How long the last messages may take, in milliseconds. */
const GOODBYE = 3000;

/**
 * Publishes batteries to a broker. It need not be there: it is tried until it is, and nothing waits for it but the
 * present.
 * @throws {UsageError} a file with credentials cannot be read.
 */
export async function startMqtt(
  source: BatterySource,
  settings: MqttSettings,
  context: MqttContext,
): Promise<RunningMqtt> {
  await readCredentials(settings.credentials);
  return new MqttOutput(source, settings, context);
}

class MqttOutput implements RunningMqtt {
  readonly #source: BatterySource;
  readonly #settings: MqttSettings;
  readonly #topics: Topics;
  readonly #context: MqttContext;
  readonly #shared: PublisherContext;
  readonly #publishers = new Map<BatteryId, BatteryPublisher>();
  readonly #stopping = new AbortController();
  readonly #observing: Disposable;
  readonly #running: Promise<void>;
  readonly #counters = { connected: false, messages: 0, failures: 0 };
  #problem: string | undefined;
  #repeatAt = Infinity;
  #isHostLost = false;

  constructor(source: BatterySource, settings: MqttSettings, context: MqttContext) {
    this.#source = source;
    this.#settings = settings;
    this.#context = context;
    this.#topics = topicsWith(settings.prefix, settings.discoveryPrefix);
    const published = (): void => void this.#counters.messages++;
    const { version, settingsOf, logbook } = context;
    this.#shared = { settings, topics: this.#topics, version, published, settingsOf, logbook };
    this.#observing = source.observe((event) => this.#add(event));
    const { broker, versions } = settings;
    this.#running = keepConnected(
      {
        title: broker.title,
        versions,
        link: async () => await this.#linkOptions(),
        use: async (link, signal) => await this.#use(link, signal),
        onFailure: (reason) => {
          this.#counters.failures++;
          this.#problem = `${broker.title}: ${reason}`;
        },
      },
      this.#stopping.signal,
    );
  }

  get counters(): MqttCounters {
    return { ...this.#counters, problem: this.#counters.connected ? undefined : this.#problem };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#observing[Symbol.dispose]();
    this.#stopping.abort();
    await this.#running;
  }

  async #linkOptions(): Promise<Omit<LinkOptions, 'version'>> {
    const { broker, credentials, host } = this.#settings;
    return {
      url: broker.url,
      credentials: await readCredentials({
        ...credentials,
        user: credentials.user ?? broker.user,
        password: credentials.password ?? broker.password,
      }),
      // Two clients of one name would throw each other out for ever.
      clientId: `ubmsc-${host}-${randomBytes(4).toString('hex')}`,
      will: this.#hostStatus('offline'),
      onMessage: (message) => this.#receive(message),
    };
  }

  #hostStatus(payload: 'online' | 'offline'): OutgoingMessage {
    return { topic: this.#topics.host(this.#settings.host), payload, retain: true, qos: 1 };
  }

  #add(event: BatteryEvent): void {
    if (event.kind !== 'reading') return;
    const id = batteryId(event.status);
    if (id !== undefined) this.#publisherOf(id).add(event.reading);
  }

  #publisherOf(id: BatteryId): BatteryPublisher {
    const publisher = this.#publishers.get(id) ?? new BatteryPublisher(id, this.#shared);
    this.#publishers.set(id, publisher);
    return publisher;
  }

  /** What others publish: Home Assistant that starts, another run that reads a battery, the will of a lost connection. */
  #receive({ topic, payload, retained }: IncomingMessage): void {
    const { host } = this.#settings;
    if (topic === this.#topics.homeAssistant) {
      // It takes states only a while after it says so, and many devices should not answer at the same moment.
      if (payload === 'online' && !retained)
        this.#repeatAt = this.#source.now() + 1000 + Math.random() * 4000;
      return;
    }
    if (topic === this.#topics.host(host)) {
      if (payload !== 'online') this.#isHostLost = true;
      return;
    }
    const id = topic.split('/').at(-2) ?? '';
    if (topic === this.#topics.status(id)) {
      if (payload === 'offline') this.#publishers.get(id)?.contradict();
      return;
    }
    const info = parseInfo(payload);
    if (!info || topic !== this.#topics.info(id)) return;
    // Also of a battery that is not received yet: who reads it decides who says that it is offline.
    if (this.#publishers.has(id) || this.#publishers.size < MOST)
      this.#publisherOf(id).learn(info, this.#source.now());
  }

  /** Uses one connection until it ends, or this output does. */
  async #use(link: BrokerLink, signal: AbortSignal): Promise<void> {
    const { format } = this.#settings;
    for (const publisher of this.#publishers.values()) publisher.restart();
    this.#isHostLost = false;
    this.#counters.connected = true;
    try {
      await this.#subscribe(link);
      // What is offline by now is told before this run is online: an old value would be taken for a current one.
      await elapses(RETAINED_TIME, signal);
      if (format === 'home-assistant') await this.#discoverHost(link);
      let greeted = -Infinity;
      while (!signal.aborted) {
        const now = this.#source.now();
        await this.#updateAll(link, now);
        if (this.#isHostLost || now - greeted >= HEARTBEAT) {
          this.#isHostLost = false;
          greeted = now;
          await this.#try(link, this.#hostStatus('online'));
        }
        await elapses(TICK, signal);
      }
      if (!link.closed.aborted) await withinTime(GOODBYE, this.#goodbye(link));
    } finally {
      this.#counters.connected = false;
    }
  }

  async #subscribe(link: BrokerLink): Promise<void> {
    const { allInfo, allStatus, homeAssistant } = this.#topics;
    try {
      await link.subscribe([this.#topics.host(this.#settings.host), allInfo, allStatus, homeAssistant]);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      log('warn', 'mqtt', () => `the broker refuses a subscription: ${error.message}`);
    }
  }

  async #discoverHost(link: BrokerLink): Promise<void> {
    const { host } = this.#settings;
    const options = { topics: this.#topics, host, version: this.#context.version };
    const payload = JSON.stringify(hostDiscovery({ ...options, expireAfter: expireAfter(this.#settings) }));
    await this.#try(link, { topic: this.#topics.discovery(hostDevice(host)), payload, retain: true, qos: 1 });
  }

  async #updateAll(link: BrokerLink, now: number): Promise<void> {
    if (now >= this.#repeatAt) {
      this.#repeatAt = Infinity;
      for (const publisher of this.#publishers.values()) publisher.restart();
    }
    const statuses = new Map<BatteryId, BatteryStatus>();
    let isComplete = this.#context.isComplete();
    for (const status of this.#source.statuses) {
      const id = batteryId(status);
      if (id === undefined) isComplete = false;
      else statuses.set(id, status);
    }
    for (const id of statuses.keys()) this.#publisherOf(id);
    await atOnce(AT_ONCE, [...this.#publishers.values()], async (publisher) => {
      const status = statuses.get(publisher.id);
      await publisher.update(link, status, now);
      if (!status && isComplete && statuses.size > 0) await this.#forget(link, publisher);
    });
  }

  /** A battery that was published before and is no longer wanted. */
  async #forget(link: BrokerLink, publisher: BatteryPublisher): Promise<void> {
    if (!publisher.isOurs) return;
    await publisher.remove(link);
    this.#publishers.delete(publisher.id);
    log('info', 'mqtt', () => `${publisher.id} is no longer wanted; it was removed`);
  }

  async #goodbye(link: BrokerLink): Promise<void> {
    for (const publisher of this.#publishers.values()) await publisher.leave(link);
    await this.#try(link, this.#hostStatus('offline'));
  }

  async #try(link: BrokerLink, message: OutgoingMessage): Promise<void> {
    try {
      await link.publish(message);
      this.#counters.messages++;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      log('error', 'mqtt', () => `${message.topic} is not published: ${error.message}`);
    }
  }
}

/** Does the work for all items, for this many at the same time. */
async function atOnce<T>(
  count: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: count }, worker));
}
