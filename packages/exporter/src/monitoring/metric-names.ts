import { snakeCase, type measurements } from '@ubmsc/protocol';

/** TEMPORARY until the exporter has its table of operational metrics. */
const operational = {
  up: 'device_up',
  checksumErrors: 'checksum_errors_total',
  frames: 'frames_total',
  losses: 'link_losses_total',
} as const;

type Measured = keyof typeof measurements.cellData;

/** The name of a metric, by what it is called in code: rules and dashboards can name none that is not there. */
export type MetricNames = (name: Measured | keyof typeof operational) => string;

/** The names with a prefix before each, as `--metric-prefix` puts it there. */
export function metricNames(prefix = ''): MetricNames {
  const names: Readonly<Record<string, string>> = { ...operational, alarms: 'alarm' };
  return (name) => prefix + (names[name] ?? snakeCase(name));
}
