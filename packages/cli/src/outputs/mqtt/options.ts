import type { OptionRows, ValuesOf } from '../../command-line/option-row.ts';

/** What asks for publishing over MQTT, and how it is done. */
// A table is read by its columns:
// prettier-ignore
export const mqttOptions = {
  mqtt: { flags: '--mqtt <url>', kind: 'broker', help: 'MQTT broker to publish to, mqtt://, mqtts://, ws:// or wss://' },
  mqttUser: { flags: '--mqtt-user <name>', kind: 'text', help: 'user who publishes; UBMSC_MQTT_PASSWORD holds the password' },
  mqttPasswordFile: { flags: '--mqtt-password-file <file>', kind: 'file', help: 'file with the password of that user' },
  mqttCaFile: { flags: '--mqtt-ca-file <file>', kind: 'file', help: 'certificates that sign the one of the broker (default: those of the system)' },
  mqttCertFile: { flags: '--mqtt-cert-file <file>', kind: 'file', help: 'certificate by which the broker knows this client' },
  mqttKeyFile: { flags: '--mqtt-key-file <file>', kind: 'file', help: 'its key' },
  mqttVersion: { flags: '--mqtt-version <version>', kind: 'mqttVersion', default: 'auto', help: 'version of the protocol: 5, 3.1.1 or auto' },
  mqttFormat: { flags: '--mqtt-format <format>', kind: 'mqttFormat', default: 'home-assistant', help: 'what is published: home-assistant, json (without discovery) or venus' },
  mqttInterval: { flags: '--mqtt-interval <seconds>', kind: 'seconds', default: 10, help: 'time between two messages about a battery' },
  mqttPrefix: { flags: '--mqtt-prefix <topic>', kind: 'topic', default: 'ubmsc', help: 'what topics begin with' },
  mqttDiscoveryPrefix: { flags: '--mqtt-discovery-prefix <topic>', kind: 'topic', default: 'homeassistant', help: 'discovery prefix of Home Assistant' },
  mqttId: { flags: '--mqtt-id <name>', kind: 'topic', help: 'what tells this run from others on the broker (default: host and adapter)' },
} as const satisfies OptionRows;

export type MqttOptions = ValuesOf<typeof mqttOptions>;

/** Keys of a table `[[mqtt]]`, and the option that each stands for. */
export const mqttTable = {
  url: 'mqtt',
  user: 'mqttUser',
  'password-file': 'mqttPasswordFile',
  'ca-file': 'mqttCaFile',
  'cert-file': 'mqttCertFile',
  'key-file': 'mqttKeyFile',
  version: 'mqttVersion',
  format: 'mqttFormat',
  interval: 'mqttInterval',
  prefix: 'mqttPrefix',
  'discovery-prefix': 'mqttDiscoveryPrefix',
  id: 'mqttId',
} as const satisfies Readonly<Record<string, keyof MqttOptions>>;

/** Options that say how to publish over MQTT. */
export const mqttDetails = [
  'mqttUser',
  'mqttPasswordFile',
  'mqttCaFile',
  'mqttCertFile',
  'mqttKeyFile',
  'mqttVersion',
  'mqttFormat',
  'mqttInterval',
  'mqttPrefix',
  'mqttDiscoveryPrefix',
  'mqttId',
] as const satisfies readonly (keyof MqttOptions)[];
