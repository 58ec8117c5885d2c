import { adapterExamples } from '@ubmsc/client';
import { variants } from '@ubmsc/protocol';
import type { OptionRows, ValuesOf } from './option-row.ts';

/** Options that belong to no output, up to those of outputs in the help. All up to `protobuf` are those of the Rust tool. */
// A table is read by its columns:
// prettier-ignore
export const firstOptions = {
  log: { flags: '-l, --log <filter>', kind: 'filter', default: 'warn', help: 'what to log: level or target=level, comma-separated (ubmsc=debug)' },
  logFormat: { flags: '--log-format <format>', kind: 'logFormat', default: 'text', help: 'how lines on standard error are written, text or json' },
  journal: { flags: '-j, --journal', help: 'log to journald instead of standard error' },
  scanTimeout: { flags: '-t, --scan-timeout <seconds>', kind: 'seconds', default: 30, help: 'how long to listen for devices' },
  requestTimeout: { flags: '-r, --request-timeout <seconds>', kind: 'seconds', default: 5, help: 'how long to wait for an answer' },
  devices: { flags: '-d, --devices <address>', kind: 'list', once: true, help: 'address of a device, or a name that one alone has, may be repeated (default: all found)' },
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
} as const satisfies OptionRows;

/** Those after the options of outputs. */
// A table is read by its columns:
// prettier-ignore
export const lastOptions = {
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
} as const satisfies OptionRows;

/** The values of the options that belong to no output. */
export type GeneralOptions = ValuesOf<typeof firstOptions & typeof lastOptions>;

/** Options that say what the history keeps. */
export const historyOptions = [
  'historyDays',
  'historyYears',
  'historyBudget',
] as const satisfies readonly (keyof GeneralOptions)[];
