import {
  connectionsOf,
  type RecordedConnection,
  type Recording,
  type RecordingHeader,
} from '@ubmsc/recording';
import { LinkError } from '@ubmsc/session';
import { ActiveFaults } from '../faults/active-faults.ts';
import { Activity, type DeviceReport } from '../device/activity.ts';
import {
  gattLayouts,
  isShortUuid,
  SERIAL_CHARACTERISTIC,
  SERIAL_SERVICE,
  type GattLayout,
  type GattProperty,
} from '../device/gatt-layouts.ts';
import type { SerialDevice, SerialSession } from '../device/serial-device.ts';
import type { Central } from '../device/uart.ts';
import { ReplaySession } from './replay-session.ts';

/** How a recording is played. */
export interface RecordedDeviceOptions {
  /** How much faster than it was recorded it is played; 1 when left out. */
  readonly speed?: number | undefined;
  /** Goes on with its first cell data when it is over. */
  readonly loop?: boolean | undefined;
}

/** Octets of a notification beside its value (Core Specification 5.4, Vol 3, Part F, 3.4.7.1). */
const NOTIFICATION_HEADER = 3;

/** The smallest ATT_MTU, and the largest that a value needs. */
const LEAST_MTU = 23;
const MOST_MTU = 517;

/**
 * The battery of a recording. Each central gets the connections of the recording one after the other; one that leaves
 * early, or comes after the end, gets the same again.
 */
export class RecordedDevice implements SerialDevice {
  readonly name: string;
  readonly header: RecordingHeader;
  readonly gatt: GattLayout;
  readonly faults = new ActiveFaults(() => 0);
  readonly activity = new Activity();
  readonly #connections: readonly RecordedConnection[];
  readonly #options: RecordedDeviceOptions;
  readonly #ended = new AbortController();
  #current = 0;
  #session: ReplaySession | undefined;

  constructor(recording: Recording, options: RecordedDeviceOptions = {}) {
    this.header = recording.header;
    this.name = recording.header.device.name ?? recording.header.device.model ?? 'JK-BMS';
    this.#connections = connectionsOf(recording.events);
    this.#options = options;
    this.gatt = gattOf(recording);
  }

  /** Aborts when the last connection of the recording was played to its end, the first time. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get report(): DeviceReport {
    return { name: this.name, connected: this.#session !== undefined, ...this.activity.counts };
  }

  connect(central: Central): SerialSession {
    if (this.#session) {
      throw new LinkError(`${this.name} is connected to another central`, 'close the other connection first');
    }
    const connection = this.#connections[this.#current] ?? silence;
    const session = new ReplaySession(central, {
      connection,
      connections: this.#connections,
      speed: this.#options.speed ?? 1,
      activity: this.activity,
      played: () => this.#played(),
      timeOut: () => this.faults.loseLink('Connection Timeout'),
      closed: () => {
        this.#session = undefined;
        if (session.isOver) this.#next();
      },
    });
    this.#session = session;
    this.activity.connected();
    return session;
  }

  /** The next central gets what came next; after the end, the beginning. */
  #next(): void {
    if (++this.#current < this.#connections.length) return;
    this.#current = 0;
    this.#ended.abort(new LinkError('the recording is over', 'play it again'));
  }

  #played(): RecordedConnection | undefined {
    if (this.#current < this.#connections.length - 1) return undefined;
    const [first] = this.#connections;
    if (this.#options.loop && first && first.opening < first.events.length) {
      this.#current = 0;
      return first;
    }
    this.#ended.abort(new LinkError('the recording is over', 'play it again'));
    return undefined;
  }
}

/** What is played when a recording has no connection. */
const silence: RecordedConnection = { events: [], start: 0, opening: 0, end: 0, lost: undefined };

/** The services of the recording, with a serial stream in any case, and an ATT_MTU that its notifications fit in. */
function gattOf({ header, events }: Recording): GattLayout {
  const longest = events.reduce(
    (most, event) => (event.kind === 'notify' ? Math.max(most, event.bytes.length) : most),
    0,
  );
  const maxMtu = Math.min(Math.max(header.mtu ?? LEAST_MTU, longest + NOTIFICATION_HEADER), MOST_MTU);
  const services = (header.gatt ?? [])
    .filter(({ uuid }) => !ownServices.has(uuid))
    .map(({ uuid, characteristics }) => ({
      uuid,
      characteristics: characteristics.map((row) => ({
        uuid: row.uuid,
        properties: row.properties.filter((name): name is GattProperty => carried.has(name)),
      })),
    }));
  const serial = services.find(({ uuid }) => isShortUuid(uuid, SERIAL_SERVICE));
  const isWhole = serial?.characteristics.some(
    ({ uuid, properties }) => isShortUuid(uuid, SERIAL_CHARACTERISTIC) && properties.includes('notify'),
  );
  return { maxMtu, services: isWhole ? services : gattLayouts.L2.services };
}

/** GAP and GATT, which bleno adds by itself. */
const ownServices: ReadonlySet<string> = new Set(['1800', '1801']);

/** The properties that bleno carries here. */
const carried: ReadonlySet<string> = new Set<GattProperty>([
  'read',
  'write',
  'writeWithoutResponse',
  'notify',
]);
