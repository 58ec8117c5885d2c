import {
  alarms,
  measurements,
  snakeCase,
  type DeviceInfo,
  type Measurement,
  type Reading,
} from '@ubmsc/protocol';
import { Counter, Gauge, Registry } from 'prom-client';

/** What is known of one device at the moment of a scrape. */
export interface Sample {
  /** Name or address that the user asked for: the label `device`. */
  readonly device: string;
  readonly deviceInfo?: DeviceInfo | undefined;
  readonly reading?: Reading | undefined;
}

export interface MetricsOptions {
  /** Put before every metric name, such as `ubmsc_`. Letters, digits, `_` and `:`, not starting with a digit. */
  readonly prefix?: string | undefined;
}

interface Point {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

// Up time is in both groups: one metric, of which the reading's value is the fresher.
const vocabulary: Readonly<Record<string, Measurement>> = {
  ...measurements.deviceInfo,
  ...measurements.cellData,
};

/**
 * The samples in the Prometheus text format, version 0.0.4. A value that a device does not have gives no line, so a
 * value that vanishes is stale at the next scrape. Of two samples of one device the later counts.
 *
 * @throws Error when the prefix makes no valid metric name.
 */
export async function metricsText(
  samples: readonly Sample[],
  { prefix = '' }: MetricsOptions = {},
): Promise<string> {
  const registry = new Registry();
  const latest = [...new Map(samples.map((sample) => [sample.device, sample])).values()];
  for (const [name, measurement] of Object.entries(vocabulary)) {
    const points = latest.flatMap((sample) => pointsOf(name, measurement, sample));
    if (points.length > 0)
      register(registry, `${prefix}${metricName(name, measurement)}`, measurement, points);
  }
  return registry.metrics();
}

/** One line for each alarm, so it is named in the singular. */
function metricName(name: string, { kind }: Measurement): string {
  return kind === 'alarms' ? 'alarm' : snakeCase(name);
}

function pointsOf(name: string, { kind }: Measurement, { device, deviceInfo, reading }: Sample): Point[] {
  const fromReading: Readonly<Record<string, unknown>> = reading ?? {};
  const fromDeviceInfo: Readonly<Record<string, unknown>> = deviceInfo ?? {};
  const value = fromReading[name] ?? fromDeviceInfo[name];
  if (isList(value) && kind === 'alarms') {
    return Object.keys(alarms).map((alarm) => ({
      labels: { device, alarm: snakeCase(alarm) },
      value: Number(value.includes(alarm)),
    }));
  }
  if (isList(value)) {
    return value.flatMap((item, cell) => (isNumber(item) ? { labels: { device, cell }, value: item } : []));
  }
  if (typeof value === 'boolean' || isNumber(value)) return [{ labels: { device }, value: Number(value) }];
  return [];
}

function register(
  registry: Registry,
  name: string,
  { kind, help }: Measurement,
  points: readonly Point[],
): void {
  const settings = { name, help, labelNames: Object.keys(points[0]?.labels ?? {}), registers: [registry] };
  if (kind === 'counter') {
    const counter = new Counter(settings);
    for (const { labels, value } of points) counter.inc(labels, value);
  } else {
    const gauge = new Gauge(settings);
    for (const { labels, value } of points) gauge.set(labels, value);
  }
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** A float field may hold garbage that is no number; it must not take the whole page with it. */
const isNumber = (value: unknown): value is number => Number.isFinite(value);
