import { log } from '@ubmsc/base';
import { liveReading, type BatteryStatus, type LogEntry } from '@ubmsc/session';
import { alarms, snakeCase, type AlarmName, type Reading } from '@ubmsc/protocol';
import { RefusedError, type OutgoingMessage } from './broker/link.ts';
import { logbookComponent, logEvent } from './home-assistant/log-events.ts';
import { batteryDiscovery } from './home-assistant/discovery.ts';
import { entitiesOf, type Components } from './home-assistant/entities.ts';
import type { BatteryId } from './identity.ts';
import { infoOf, type BatteryInfo } from './info.ts';
import { expireAfter, fullInterval, type MqttSettings } from './settings.ts';
import { BatteryStates } from './state/battery-states.ts';
import { stateOf, type State } from './state/values.ts';
import { LogbookNews } from './state/logbook-news.ts';
import type { Topics } from './topics.ts';
import { venusPayload } from './venus/venus.ts';

/** What every battery of a run has in common. */
export interface PublisherContext {
  readonly settings: MqttSettings;
  readonly topics: Topics;
  /** Version of the program. */
  readonly version: string;
  /** Is told of each message that the broker has taken. */
  readonly published: () => void;
  /** The settings of a battery as they are published, without secrets; undefined while they are not known. */
  readonly settingsOf?: ((status: BatteryStatus) => object | undefined) | undefined;
  /** Reads what the device of this name has written down; rejects when it keeps nothing. */
  readonly logbook?: ((device: string) => Promise<readonly LogEntry[]>) | undefined;
}

/** What messages go over: a connection to a broker. */
export interface Sender {
  /** The largest message that the broker takes, in bytes, when it says that. */
  readonly largest: number | undefined;
  readonly publish: (message: OutgoingMessage) => Promise<void>;
}

/** Two different discovery payloads of a device need this time between them, in ms: of the second, a part would be lost. */
const DISCOVERY_PAUSE = 10_000;

/** A battery that another run took over is taken back only by a reading that came this many ms later. */
const TAKE_BACK = 15_000;

/** After this many connections that ended while it was sent, a message is left out. */
const MOST_LOSSES = 2;

/** What is left for topic and header of a message of the largest size that a broker takes, in bytes. */
const HEADER = 256;

/** Publishes one battery: discovery, status, info, state, alarms. It outlives the connection to the broker. */
export class BatteryPublisher {
  readonly id: BatteryId;
  readonly #context: PublisherContext;
  readonly #states: BatteryStates;
  /** Entities that Home Assistant knows, with their platforms. */
  #known: Readonly<Record<string, string>> = {};
  #components: Components = {};
  #discovery = '';
  #shape = '';
  /** The payload on the broker takes entities away, and one without them must follow. */
  #hasRemoved = false;
  #discovered = -Infinity;
  /** What the status on the broker is, as far as this connection knows. */
  #online: boolean | undefined;
  /** Another run reads the battery now; since then, by the clock of the source. */
  #other: { readonly host: string; readonly since: number } | undefined;
  #alarms: readonly AlarmName[] | undefined;
  #events: { readonly event_type: string; readonly time: string }[] = [];
  /** How the device is set, as it stands on the broker, and the record that this is from. */
  #setting: { readonly frame: unknown; readonly payload: string } | undefined;
  #device = '';
  readonly #logbook: LogbookNews | undefined;
  #complained = '';
  /** Connections that ended while a message was sent, by its topic. */
  readonly #losses = new Map<string, number>();

  constructor(id: BatteryId, context: PublisherContext) {
    this.id = id;
    this.#context = context;
    const { logbook } = context;
    this.#logbook = logbook && new LogbookNews(async () => await logbook(this.#device));
    this.#states = new BatteryStates(context.settings.interval * 1000, fullInterval(context.settings) * 1000);
  }

  /** A reading has come. */
  add(reading: Reading): void {
    this.#states.add(reading);
    const before = this.#alarms;
    this.#alarms = reading.alarms ?? undefined;
    if (!before || !reading.alarms || this.#online !== true) return;
    const time = new Date(reading.source.time).toISOString();
    const began = reading.alarms.filter((name) => !before.includes(name)).map(snakeCase);
    const ended = before
      .filter((name) => !reading.alarms?.includes(name))
      .map((name) => `${snakeCase(name)}_ended`);
    this.#events.push(...[...began, ...ended].map((type) => ({ event_type: type, time })));
    // No more events than there are alarms: what flickers while the broker does not take it is not worth memory.
    this.#events = this.#events.slice(-2 * Object.keys(alarms).length);
  }

  /** What the broker has kept of it, from this run or from another. */
  learn(info: BatteryInfo, now: number): void {
    if (Object.keys(this.#known).length === 0) this.#known = info.components;
    const { host } = this.#context.settings;
    if (info.host === host) {
      this.#other = undefined;
    } else if (this.#other?.host !== info.host) {
      this.#other = { host: info.host, since: now };
      this.#online = undefined;
    }
  }

  /** Somebody says that the battery is offline, as another run of the same name does. While it is not, that is said again. */
  contradict(): void {
    if (this.#online === true) this.#online = undefined;
  }

  /** Whether this run has put it on the broker, and no other has taken it over. */
  get isOurs(): boolean {
    return this.#other === undefined;
  }

  /** The connection is a new one, or Home Assistant has started: everything is published again. */
  restart(): void {
    this.#online = undefined;
    this.#discovery = '';
    this.#setting = undefined;
    // What happened while nobody listened is not told as if it happened now.
    this.#events = [];
  }

  /** Publishes what is due. `status` is undefined for a battery that is no longer received. */
  async update(link: Sender, status: BatteryStatus | undefined, now: number): Promise<void> {
    const reading = status && liveReading(status, now);
    if (!status || !reading) await this.leave(link);
    else if (this.#mayTake(status)) await this.#show(link, status, reading, now);
  }

  /** The battery is not there, or this run ends: its values are no longer current. */
  async leave(link: Sender): Promise<void> {
    this.#events = [];
    if (!this.isOurs || this.#online === false) return;
    this.#online = false;
    await this.#send(link, this.#kept(this.#context.topics.status(this.id), 'offline'));
  }

  /** Home Assistant and the broker forget the battery. */
  async remove(link: Sender): Promise<void> {
    const { topics } = this.#context;
    for (const topic of [
      topics.discovery(`ubmsc_${this.id}`),
      topics.status(this.id),
      topics.settings(this.id),
      topics.info(this.id),
    ]) {
      await this.#send(link, this.#kept(topic, ''));
    }
  }

  #mayTake({ readingTime = -Infinity }: BatteryStatus): boolean {
    return this.#other === undefined || readingTime > this.#other.since + TAKE_BACK;
  }

  async #show(link: Sender, status: BatteryStatus, reading: Reading, now: number): Promise<void> {
    const { topics, settings } = this.#context;
    this.#device = status.device;
    if (!status.bank) this.#logbook?.ask(now);
    if (settings.format === 'home-assistant') await this.#discover(link, status, reading, now);
    if (this.#online !== true) {
      // Before anything is sent: what another run says while the broker confirms it must not be lost.
      this.#other = undefined;
      this.#online = true;
      await this.#send(
        link,
        this.#kept(topics.info(this.id), infoOf(status, settings.host, this.#components)),
      );
      await this.#send(link, this.#kept(topics.status(this.id), 'online'));
      this.#states.repeat(now);
    }
    for (const event of this.#events.splice(0)) {
      await this.#send(link, { topic: topics.event(this.id), payload: JSON.stringify(event), qos: 1 });
    }
    for (const entry of this.#logbook?.take() ?? []) {
      await this.#send(link, { topic: topics.logbook(this.id), payload: logEvent(entry), qos: 1 });
    }
    await this.#showSettings(link, status);
    const state = this.#states.due(status, now);
    if (state) await this.#sendState(link, state, status, reading);
  }

  /** Settings are sent when they have changed: a device sends its record again and again. */
  async #showSettings(link: Sender, status: BatteryStatus): Promise<void> {
    const frame = status.settings?.frame;
    if (frame === this.#setting?.frame) return;
    const payload = JSON.stringify(this.#context.settingsOf?.(status) ?? {});
    const isSame = payload === (this.#setting?.payload ?? '{}');
    this.#setting = { frame, payload };
    if (!isSame) await this.#send(link, this.#kept(this.#context.topics.settings(this.id), payload));
  }

  async #sendState(link: Sender, state: State, status: BatteryStatus, reading: Reading): Promise<void> {
    const { topics, settings } = this.#context;
    const isVenus = settings.format === 'venus';
    const payload = isVenus ? venusPayload(status, reading) : state;
    if (!payload) return;
    const topic = isVenus ? topics.venus(this.id) : topics.state(this.id);
    await this.#send(link, { topic, payload: JSON.stringify(payload), expiry: expireAfter(settings) });
  }

  /** Tells Home Assistant what the battery has, when that is new. */
  async #discover(link: Sender, status: BatteryStatus, reading: Reading, now: number): Promise<void> {
    const { settings, topics, version } = this.#context;
    const hasLogbook = this.#logbook?.isKept ?? false;
    const shape = `${shapeOf(status, reading)}${hasLogbook}`;
    const isSame = shape === this.#shape && !this.#hasRemoved;
    if (this.#discovery !== '' && (isSame || now - this.#discovered < DISCOVERY_PAUSE)) return;
    this.#shape = shape;
    const found = entitiesOf(stateOf(status, reading), expireAfter(settings));
    const logbook: Components = hasLogbook ? { logbook: logbookComponent } : {};
    this.#components = { ...withoutCells(this.#components), ...found, ...logbook };
    const removed = Object.fromEntries(
      Object.entries(this.#known).filter(([key]) => !Object.hasOwn(this.#components, key)),
    );
    this.#hasRemoved = Object.keys(removed).length > 0;
    const options = {
      id: this.id,
      status,
      topics,
      version,
      host: settings.host,
      expireAfter: expireAfter(settings),
    };
    const payload = JSON.stringify(batteryDiscovery({ ...options, components: this.#components, removed }));
    if (payload === this.#discovery) return;
    this.#discovery = payload;
    this.#discovered = now;
    this.#known = Object.fromEntries(
      Object.entries(this.#components).map(([key, component]) => [key, String(component['platform'])]),
    );
    await this.#send(link, this.#kept(topics.discovery(`ubmsc_${this.id}`), payload));
    // The broker's info lists the entities, for the run after this one.
    if (this.#online) {
      await this.#send(
        link,
        this.#kept(topics.info(this.id), infoOf(status, settings.host, this.#components)),
      );
    }
    this.#states.repeat(now);
  }

  #kept(topic: string, payload: string): OutgoingMessage {
    return { topic, payload, retain: true, qos: 1 };
  }

  /** What the broker refuses is logged once; other failures are those of the connection, which then ends. */
  async #send(link: Sender, message: OutgoingMessage): Promise<void> {
    const bytes = Buffer.byteLength(message.payload) + HEADER;
    if (link.largest !== undefined && bytes > link.largest) {
      this.#complain(message.topic, `it has ${bytes} bytes, and the broker takes ${link.largest}`);
      return;
    }
    const { topic } = message;
    const losses = this.#losses.get(topic) ?? 0;
    if (losses >= MOST_LOSSES) {
      // A broker of MQTT 3.1.1 says no limit: it ends the connection. With the next connection it is tried again.
      this.#losses.set(topic, losses - 1);
      this.#complain(
        topic,
        `the broker has ended the connection ${losses} times when it was sent (${bytes} bytes)`,
      );
      return;
    }
    try {
      await link.publish(message);
      this.#losses.delete(topic);
      this.#context.published();
    } catch (error) {
      if (!(error instanceof RefusedError)) {
        this.#losses.set(topic, losses + 1);
        throw error;
      }
      this.#complain(topic, error.message);
    }
  }

  #complain(topic: string, reason: string): void {
    const text = `${topic} is not published: ${reason}`;
    if (text !== this.#complained) log('error', 'mqtt', () => text);
    this.#complained = text;
  }
}

/** What decides which entities there are and how the device is called: cheaper to compare than the payload. */
function shapeOf({ device, name, deviceInfo, energy, bank }: BatteryStatus, reading: Reading): string {
  const isThere = (value: unknown): string =>
    Array.isArray(value) && typeof value[0] !== 'string'
      ? value.map(isThere).join('')
      : value === null
        ? '0'
        : '1';
  const groups = [reading, energy, bank].map((group) =>
    Object.values({ ...group })
      .map(isThere)
      .join(','),
  );
  const { deviceModel, hardwareVersion, softwareVersion } = deviceInfo ?? {};
  return JSON.stringify([device, name, deviceModel, hardwareVersion, softwareVersion, ...groups]);
}

/** How many cells there are is what the latest reading says; all else that was seen once stays. */
function withoutCells(components: Components): Components {
  return Object.fromEntries(Object.entries(components).filter(([key]) => !/^cell_\w+_\d+$/.test(key)));
}
