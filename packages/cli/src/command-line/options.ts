import { adapterExamples, transports } from '@ubmsc/client';
import { variants, type Variant } from '@ubmsc/protocol';
import type { MqttFormat, MqttVersion } from '@ubmsc/mqtt';
import type { PushOrder, PushProtocol } from '@ubmsc/exporter';
import type { GraphStyle, Look } from '@ubmsc/tui';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { findFormat, formats } from '../formats/index.ts';
import { logFormats, type LogFormat } from '../log-format.ts';

/** One option of the command line. What a value must look like is said by its kind; a flag has no value. */
interface OptionRow {
  readonly flags: string;
  readonly help: string;
  readonly kind?: keyof Kinds;
  readonly default?: string | number;
  /** Says what this run does, so it is not a setting: neither the environment nor a configuration file can have it. */
  readonly once?: true;
}

/** The options of every command. All up to `protobuf` are those of the Rust tool. */
// A table is read by its columns:
// prettier-ignore
const rows = {
  log: { flags: '-l, --log <filter>', kind: 'filter', default: 'warn', help: 'what to log: level or target=level, comma-separated (ubmsc=debug)' },
  logFormat: { flags: '--log-format <format>', kind: 'logFormat', default: 'text', help: 'how lines on standard error are written, text or json' },
  journal: { flags: '-j, --journal', help: 'log to journald instead of standard error' },
  scanTimeout: { flags: '-t, --scan-timeout <seconds>', kind: 'seconds', default: 30, help: 'how long to listen for devices' },
  requestTimeout: { flags: '-r, --request-timeout <seconds>', kind: 'seconds', default: 5, help: 'how long to wait for an answer' },
  devices: { flags: '-d, --devices <address>', kind: 'list', once: true, help: 'address or name of a device, may be repeated (default: all found)' },
  format: { flags: '-f, --format <format>', kind: 'format', default: 'text', help: 'output format' },
  deviceInfo: { flags: '-i, --device-info', once: true, help: 'show device info' },
  cellData: { flags: '-c, --cell-data', once: true, help: 'show cell data' },
  exporter: { flags: '-e, --exporter', once: true, help: 'run the Prometheus exporter' },
  push: { flags: '-p, --push', once: true, help: 'push metrics' },
  url: { flags: '-u, --url <url>', kind: 'url', default: 'http://127.0.0.1:9889/metrics', help: 'where to listen or to push to' },
  scrapeInterval: { flags: '-s, --scrape-interval <seconds>', kind: 'seconds', default: 60, help: 'metrics interval' },
  protobuf: { flags: '-b, --protobuf', help: 'prefer protobuf metrics' },
  adapter: { flags: '--adapter <spec>', kind: 'adapter', default: 'auto', help: adapterExamples() },
  resetAdapter: { flags: '--reset-adapter', help: 'reset a Bluetooth controller that fails, when opening it again has not helped' },
  giveUpAfter: { flags: '--give-up-after <seconds>', kind: 'seconds', help: 'end with exit code 3 when the adapter was gone for this time (default: never)' },
  variant: { flags: '--variant <variant>', kind: 'variant', help: `what layout the records have, ${variants.join(', ')} (default: told from them)` },
  webConfigFile: { flags: '--web.config.file <file>', kind: 'file', help: 'TLS and users of the exporter, as in Prometheus’s exporter-toolkit' },
  web: { flags: '--web', help: 'show a page with the batteries and their history at the address of --url' },
  webHost: { flags: '--web-host <name>', kind: 'list', help: 'name by which browsers may reach the page, may be repeated (default: those of this machine)' },
  webFrame: { flags: '--web-frame <origin>', kind: 'list', help: 'origin that may show the page in a frame, such as that of Home Assistant; may be repeated' },
  webOpen: { flags: '--web-open', help: 'show the page without a password also to other machines' },
  onDemand: { flags: '--on-demand <address>', kind: 'list', help: 'battery that the exporter reads only when /probe asks for it, may be repeated' },
  label: { flags: '--label <name=value>', kind: 'list', once: true, help: 'label of every metric that is served, pushed or written, such as site=marina-7; may be repeated' },
  pushUrl: { flags: '--push-url <url>', kind: 'urls', help: 'where the exporter pushes to besides listening at --url, may be repeated' },
  pushProtocol: { flags: '--push-protocol <name>', kind: 'protocol', help: 'what is at that URL (default: told from its path)' },
  pushUser: { flags: '--push-user <name>', kind: 'text', help: 'user who pushes; UBMSC_PUSH_PASSWORD or UBMSC_PUSH_TOKEN hold the secret' },
  pushPasswordFile: { flags: '--push-password-file <file>', kind: 'file', help: 'file with the password of that user' },
  pushTokenFile: { flags: '--push-token-file <file>', kind: 'file', help: 'file with a bearer token for pushing' },
  pushInterval: { flags: '--push-interval <seconds>', kind: 'seconds', help: 'interval of pushing (default: that of --scrape-interval)' },
  pushAllow: { flags: '--push-allow <metric>', kind: 'list', help: 'push this metric alone; * stands for anything, may be repeated' },
  pushDeny: { flags: '--push-deny <metric>', kind: 'list', help: 'do not push this metric; * stands for anything, may be repeated' },
  pushLabel: { flags: '--push-label <name=value>', kind: 'list', help: 'label of every metric that is pushed there, may be repeated' },
  pushHeader: { flags: '--push-header <name: value>', kind: 'list', help: 'header of every request to push, may be repeated' },
  pushOrder: { flags: '--push-order <order>', kind: 'order', help: 'what is pushed first after an outage, oldest or newest (default: oldest)' },
  pushShare: { flags: '--push-share <percent>', kind: 'percent', help: 'part of the time in which samples of an outage may be sent (default: 100)' },
  pushCaFile: { flags: '--push-ca-file <file>', kind: 'file', help: 'certificates that vouch for the server, in PEM' },
  pushCertFile: { flags: '--push-cert-file <file>', kind: 'file', help: 'certificate with which it is shown who pushes, in PEM' },
  pushKeyFile: { flags: '--push-key-file <file>', kind: 'file', help: 'the key of that certificate, in PEM' },
  pushProxy: { flags: '--push-proxy <url>', kind: 'text', help: 'proxy: http://, https:// or socks5h:// (default: that of the environment)' },
  buffer: { flags: '--buffer <folder>', kind: 'file', help: 'where samples wait while they cannot be pushed (default: in memory)' },
  textfile: { flags: '--textfile <file>', kind: 'file', help: 'write metrics to a file for node_exporter' },
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
  maxDevices: { flags: '--max-devices <n>', kind: 'count', default: 64, help: 'most devices that the exporter tells of' },
  disableProcessMetrics: { flags: '--disable-process-metrics', help: 'tell nothing of the exporter process' },
  metricPrefix: { flags: '--metric-prefix <prefix>', kind: 'prefix', default: '', help: 'what the names of metrics begin with' },
  bank: { flags: '--bank <name=batteries>', kind: 'list', once: true, help: 'batteries shown as one, too: NAME=A,B in parallel, NAME=A+B in series; may be repeated' },
  bankPartial: { flags: '--bank-partial', once: true, help: 'show sums of a bank while one of its batteries is missing' },
  state: { flags: '--state <folder>', kind: 'file', help: 'where energy totals and history are kept (default: $STATE_DIRECTORY, or ~/.local/state/ubmsc where that exists)' },
  disableEnergy: { flags: '--disable-energy', help: 'add up no energy' },
  disableHistory: { flags: '--disable-history', help: 'keep no history' },
  historyDays: { flags: '--history-days <n>', kind: 'count', default: 7, help: 'days of which the history keeps every reading' },
  historyYears: { flags: '--history-years <n>', kind: 'count', default: 10, help: 'years of which it keeps minutes; quarters of an hour stay for ever' },
  historyBudget: { flags: '--history-budget <MB>', kind: 'count', help: 'most that it may take; the oldest readings go first, then minutes (default: no limit)' },
  snoop: { flags: '--snoop <file>', kind: 'text', once: true, help: 'write what goes over Bluetooth to a file, as btsnoop for Wireshark' },
  theme: { flags: '--theme <theme>', kind: 'theme', help: 'colours of the terminal UI: dark, light or none (default: told by the terminal)' },
  graph: { flags: '--graph <style>', kind: 'graph', help: 'its graphs: braille, block or ascii (default: told by the terminal)' },
  noColor: { flags: '--no-color', once: true, help: 'print text without colours, on a terminal, too' },
  showSecrets: { flags: '--show-secrets', once: true, help: 'print passcodes instead of ***' },
  config: { flags: '--config <file>', kind: 'text', once: true, help: 'configuration file (default: ~/.config/ubmsc/config.toml, or else /etc/ubmsc/config.toml)' },
  checkConfig: { flags: '--check-config', once: true, help: 'say what is wrong with the configuration file, and do nothing' },
} as const satisfies Readonly<Record<string, OptionRow>>;

/** The kinds of values, by the type that they have. What is wrong with a filter, URL or adapter is said when it is used. */
export interface Kinds {
  logFormat: LogFormat;
  text: string;
  file: string;
  filter: string;
  url: string;
  urls: string | readonly string[];
  protocol: PushProtocol;
  order: PushOrder;
  percent: number;
  adapter: string;
  seconds: number;
  count: number;
  format: string;
  list: readonly string[];
  variant: Variant;
  prefix: string;
  broker: string;
  mqttVersion: MqttVersion;
  mqttFormat: MqttFormat;
  topic: string;
  theme: Look;
  graph: GraphStyle;
}

type ValueOf<Row> = Row extends { kind: infer Kind extends keyof Kinds }
  ? Row extends { default: unknown }
    ? Kinds[Kind]
    : Kinds[Kind] | undefined
  : boolean | undefined;

/** The values of {@link rows}; times in seconds. */
export type Options = { readonly [Name in keyof typeof rows]: ValueOf<(typeof rows)[Name]> };

/** Options that say what the history keeps. */
export const historyOptions = [
  'historyDays',
  'historyYears',
  'historyBudget',
] as const satisfies readonly (keyof Options)[];

/** Options that say how to push. */
export const pushOptions = [
  'pushProtocol',
  'pushUser',
  'pushPasswordFile',
  'pushTokenFile',
  'pushInterval',
  'pushAllow',
  'pushDeny',
  'pushLabel',
  'pushHeader',
  'pushOrder',
  'pushShare',
  'pushCaFile',
  'pushCertFile',
  'pushKeyFile',
  'pushProxy',
  'buffer',
] as const satisfies readonly (keyof Options)[];

/** Options that say how to publish over MQTT. */
export const mqttOptions = [
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
] as const satisfies readonly (keyof Options)[];

/** Shortest time that an option accepts, in seconds: timers count milliseconds. */
export const SHORTEST = 0.001;

/** Longest time that an option accepts, in seconds: what a timer of Node can wait for. */
export const LONGEST = 2_000_000;

/** Colours of the terminal UI. */
export const themes = ['dark', 'light', 'none'] as const satisfies readonly Look[];

/** What the terminal UI draws graphs with. */
export const graphStyles = ['braille', 'block', 'ascii'] as const satisfies readonly GraphStyle[];

/** What is published over MQTT. */
export const mqttFormats = ['home-assistant', 'json', 'venus'] as const satisfies readonly MqttFormat[];

/** Versions of MQTT; `auto` takes 5 and, where a broker does not know it, 3.1.1. */
export const mqttVersions = ['auto', '5', '3.1.1'] as const satisfies readonly MqttVersion[];
/** What may be pushed first. */
export const pushOrders = ['oldest', 'newest'] as const satisfies readonly PushOrder[];

/** What can be pushed to. */
export const pushProtocols = [
  'victoriametrics',
  'pushgateway',
  'remote-write',
  'remote-write-2',
  'influxdb-1',
  'influxdb-2',
  'influxdb-3',
  'text',
] as const satisfies readonly PushProtocol[];

/** https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels; or none. */
export const metricPrefix = /^([a-zA-Z_:][a-zA-Z0-9_:]*)?$/;

/** A part of a topic: without wildcards, and without / at its ends. */
export const topicPrefix = /^[\w.-]+(\/[\w.-]+)*$/;

/** A setting: an option that can be given in the environment and in a configuration file, too. */
export interface Setting {
  readonly name: keyof Options;
  /** What it is called in a configuration file: the long name of the option. */
  readonly key: string;
  /** What it is called in the environment. */
  readonly variable: string;
  readonly kind: keyof Kinds | 'flag';
  readonly help: string;
  readonly default: string | number | undefined;
}

/** The settings among the options, in the order of the help. */
export const settings: readonly Setting[] = Object.entries<OptionRow>(rows).flatMap(([name, row]) => {
  if (row.once || !isOption(name)) return [];
  const key = longName(row);
  const { kind = 'flag', help, default: standard } = row;
  return { name, key, variable: variableOf(key), kind, help, default: standard };
});

const formatNames = Object.entries(formats).map(([name, { alias }]) => (alias ? `${name}(${alias})` : name));

/** Kinds whose values are among some words. */
const choices: Readonly<Partial<Record<keyof Kinds, readonly string[]>>> = {
  format: Object.keys(formats),
  protocol: pushProtocols,
  order: pushOrders,
  variant: variants,
  theme: themes,
  graph: graphStyles,
  mqttVersion: mqttVersions,
  mqttFormat: mqttFormats,
  // Only those that are complete without more can be completed.
  adapter: transports.flatMap(({ examples: [first] }) => (first && !first.includes(':') ? [first] : [])),
};

const parsers: Readonly<Record<keyof Kinds, ((value: string, before: unknown) => unknown) | undefined>> = {
  text: undefined,
  file: undefined,
  filter: undefined,
  logFormat: oneOf('Formats', logFormats),
  url: undefined,
  urls: (value, before) => [...(Array.isArray(before) ? before : []), value],
  protocol: oneOf('Protocols', pushProtocols),
  order: oneOf('Orders', pushOrders),
  percent: (value) => {
    const percent = Number(value);
    if (percent > 0 && percent <= 100) return percent;
    throw new InvalidArgumentError('It is not a percentage.');
  },
  adapter: undefined,
  seconds: (value) => {
    const seconds = Number(value);
    if (value.trim() === '' || !(seconds > 0 && seconds <= LONGEST))
      throw new InvalidArgumentError('It is not a number of seconds above 0.');
    if (seconds < SHORTEST)
      throw new InvalidArgumentError(`It is less than a millisecond: give at least ${SHORTEST}.`);
    return seconds;
  },
  count: (value) => {
    const count = Number(value);
    if (Number.isSafeInteger(count) && count > 0) return count;
    throw new InvalidArgumentError('It is not a whole number from 1.');
  },
  format: (value) => {
    if (findFormat(value)) return value;
    throw new InvalidArgumentError(`Formats are ${formatNames.join(', ')}.`);
  },
  variant: oneOf('Variants', variants),
  theme: oneOf('Themes', themes),
  graph: oneOf('Styles', graphStyles),
  prefix: (value) => {
    if (metricPrefix.test(value)) return value;
    throw new InvalidArgumentError('It has letters, digits, _ and :, and does not begin with a digit.');
  },
  broker: undefined,
  mqttVersion: oneOf('Versions', mqttVersions),
  mqttFormat: oneOf('Formats', mqttFormats),
  topic: (value) => {
    if (topicPrefix.test(value)) return value;
    throw new InvalidArgumentError('It is a part of a topic, such as ubmsc or home/batteries.');
  },
  list: (value, before) => {
    if (value.trim() === '') throw new InvalidArgumentError('It is empty.');
    return [...(Array.isArray(before) ? before : []), value];
  },
};

/** The words among which the value of an option is, by the name of the option: for those who complete what is typed. */
export const optionChoices: Readonly<Record<string, readonly string[] | undefined>> = Object.fromEntries(
  Object.entries<OptionRow>(rows).map(([name, { kind }]) => [name, kind && choices[kind]]),
);

function oneOf(name: string, values: readonly string[]): (value: string) => string {
  return (value) => {
    if (values.includes(value)) return value;
    throw new InvalidArgumentError(`${name} are ${values.join(', ')}.`);
  };
}

/** Declares the options of the table. */
export function addOptions(command: Command): void {
  for (const [name, row] of Object.entries<OptionRow>(rows)) {
    const help = row.kind === 'format' ? `${row.help}: ${formatNames.join(' ')}` : row.help;
    const option = new Option(row.flags, help);
    option.attributeName = () => name;
    // commander would take the name for the opposite of another option.
    option.negate = false;
    if (row.default !== undefined && row.default !== '') option.default(row.default);
    else if (row.default === '') option.default('', 'none');
    if (row.kind && (!row.once || row === rows.config)) option.env(variableOf(longName(row)));
    const parse = row.kind && parsers[row.kind];
    if (parse) option.argParser(parse);
    command.addOption(option);
  }
}

/** Prometheus has dots in names of options; in a configuration file they would make a table. */
function longName({ flags }: OptionRow): string {
  return (/--([a-z.-]+)/.exec(flags)?.[1] ?? '').replaceAll('.', '-');
}

function variableOf(key: string): string {
  return `UBMSC_${key.toUpperCase().replaceAll('-', '_')}`;
}

function isOption(name: string): name is keyof Options {
  return Object.hasOwn(rows, name);
}
