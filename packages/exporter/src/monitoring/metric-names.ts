import type { measurements } from '@ubmsc/protocol';
import { deviceMetrics } from '../metrics/device-metrics.ts';
import { measurementName } from '../metrics/measurement-families.ts';

type Measured = keyof typeof measurements.cellData;
type OfDevice = keyof typeof deviceMetrics;

/** The name of a metric, by what it is called in code: rules and dashboards can name none that is not there. */
export type MetricNames = (name: Measured | OfDevice) => string;

/** The names, with a prefix before those of measurements, as `--metric-prefix` puts it there. */
export function metricNames(prefix = ''): MetricNames {
  return (name) => (isOfDevice(name) ? deviceMetrics[name].name : prefix + measurementName(name));
}

function isOfDevice(name: Measured | OfDevice): name is OfDevice {
  return Object.hasOwn(deviceMetrics, name);
}
