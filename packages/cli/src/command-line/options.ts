import { transports } from '@ubmsc/client';
import { variants } from '@ubmsc/protocol';
import type { MqttFormat, MqttVersion } from '@ubmsc/mqtt';
import type { PushOrder, PushProtocol } from '@ubmsc/exporter';
import type { GraphStyle, Look } from '@ubmsc/tui';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { findFormat, formats } from '../formats/index.ts';
import { logFormats } from '../log-format.ts';
import { outputs, type OutputOptions } from '../outputs/index.ts';
import { firstOptions, lastOptions } from './general-options.ts';
import type { Kinds, OptionRow, ValuesOf } from './option-row.ts';

/** The options of outputs, which bring their own. */
const outputOptions: OutputOptions = Object.assign(
  {},
  ...Object.values(outputs).map(({ options }) => options),
);

/** The options of every command, in the order of the help. */
const rows = {
  ...firstOptions,
  ...outputs.push.options,
  ...outputs.textfile.options,
  ...outputs.mqtt.options,
  // Those of other outputs: what was there before keeps its place.
  ...outputOptions,
  ...lastOptions,
};

/** The values of {@link rows}; times in seconds. */
export type Options = ValuesOf<typeof rows>;

/** Shortest time that an option accepts, in seconds: timers count milliseconds. */
const SHORTEST = 0.001;

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
      throw new InvalidArgumentError(`It is not a number of seconds above 0, up to ${LONGEST}.`);
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
