import type { Options } from '../command-line/options.ts';

/**
 * Tables of the configuration file that ask for an output, such as `[[push]]`: their keys, and the option that each
 * stands for. Every table asks for one more output of its kind.
 */
export const outputTables = {
  push: {
    url: 'pushUrl',
    protocol: 'pushProtocol',
    user: 'pushUser',
    'password-file': 'pushPasswordFile',
    'token-file': 'pushTokenFile',
    interval: 'pushInterval',
    allow: 'pushAllow',
    deny: 'pushDeny',
    label: 'pushLabel',
    header: 'pushHeader',
    order: 'pushOrder',
    share: 'pushShare',
    'ca-file': 'pushCaFile',
    'cert-file': 'pushCertFile',
    'key-file': 'pushKeyFile',
    proxy: 'pushProxy',
    buffer: 'buffer',
  },
  mqtt: {
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
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, keyof Options>>>>;

export type OutputTableName = keyof typeof outputTables;

/** The values of one table, by its keys. */
export type OutputTable = Readonly<Record<string, unknown>>;
