import type { BrokerCredentials } from './broker/credentials.ts';
import type { ProtocolVersion } from './broker/link.ts';
import type { BrokerAddress } from './broker/parse-url.ts';

/** What is published of a battery: with discovery for Home Assistant, without, or as Venus OS wants it. */
export type MqttFormat = 'home-assistant' | 'json' | 'venus';

/** Versions of the protocol by the names of the options; `auto` begins with 5. */
export const mqttVersions = {
  auto: [5, 4],
  '5': [5],
  '3.1.1': [4],
} as const satisfies Readonly<Record<string, readonly ProtocolVersion[]>>;

/** A version of MQTT that brokers speak. */
export type MqttVersion = keyof typeof mqttVersions;

/** Where and how readings are published. */
export interface MqttSettings {
  readonly broker: BrokerAddress;
  readonly credentials: BrokerCredentials;
  readonly versions: readonly ProtocolVersion[];
  readonly format: MqttFormat;
  /** What topics begin with. */
  readonly prefix: string;
  /** What the topics of Home Assistant begin with. */
  readonly discoveryPrefix: string;
  /** Time between two messages about a battery whose values move, in seconds. */
  readonly interval: number;
  /** What tells this run from others on the broker. */
  readonly host: string;
}

/** A state is sent in full at least so often, in seconds, however little moves. */
const FULL = 30;

/** Time between two full states, in seconds. */
export function fullInterval({ interval }: Pick<MqttSettings, 'interval'>): number {
  return Math.max(interval, FULL);
}

/** Home Assistant forgets a value that is older than this, in seconds: a quiet battery sends nothing but full states. */
export function expireAfter(settings: Pick<MqttSettings, 'interval'>): number {
  return Math.ceil(3 * fullInterval(settings));
}
