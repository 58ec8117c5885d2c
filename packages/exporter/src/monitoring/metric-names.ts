import type { measurements } from '@ubmsc/protocol';
import { deviceMetrics } from '../metrics/device-metrics.ts';
import { measurementName } from '../metrics/measurement-families.ts';

type Measured = keyof typeof measurements.cellData;
type OfDevice = keyof typeof deviceMetrics;

/** Metrics of the program that are watched; a test with the real exporter says when one is not there. */
const ofProgram = {
  pushDropped: 'ubmsc_push_dropped_samples_total',
  pushSent: 'ubmsc_push_sent_samples_total',
  pushRetries: 'ubmsc_push_retries_total',
  pushQueue: 'ubmsc_push_queue_samples',
  pushQueueOldest: 'ubmsc_push_queue_oldest_timestamp_seconds',
  pushHeld: 'ubmsc_push_held',
  pushOldestAge: 'ubmsc_push_queue_oldest_age_seconds',
  heartbeat: 'ubmsc_heartbeat',
  configRestart: 'ubmsc_config_restart_required',
  configReload: 'ubmsc_config_last_reload_successful',
} as const;

/** The name of a metric, by what it is called in code: rules and dashboards can name none that is not there. */
export type MetricNames = (name: Measured | OfDevice | keyof typeof ofProgram) => string;

/** The names, with a prefix before those of measurements, as `--metric-prefix` puts it there. */
export function metricNames(prefix = ''): MetricNames {
  return (name) => {
    if (isOfDevice(name)) return deviceMetrics[name].name;
    return isOfProgram(name) ? ofProgram[name] : prefix + measurementName(name);
  };
}

function isOfDevice(name: string): name is OfDevice {
  return Object.hasOwn(deviceMetrics, name);
}

function isOfProgram(name: string): name is keyof typeof ofProgram {
  return Object.hasOwn(ofProgram, name);
}
