import type { DeviceInfo, Reading } from '@ubmsc/protocol';
import { DeviceLines } from './device-lines.ts';
import { deviceLabels } from './labels.ts';
import type { Labels } from './lines.ts';
import { measurementFamilies } from './measurement-families.ts';
import { renderPage } from './page.ts';

/** What is known of one device at the moment of a scrape. */
export interface Sample {
  /** Name or address that the user asked for: the label `device`. */
  readonly device: string;
  readonly deviceInfo?: DeviceInfo | undefined;
  readonly reading?: Reading | undefined;
}

/** How metrics are named. */
export interface MetricsOptions {
  /** Put before every metric name, such as `ubmsc_`. Letters, digits, `_` and `:`, not starting with a digit. */
  readonly prefix?: string | undefined;
  /** Are added to every series, such as `site`. */
  readonly labels?: Labels | undefined;
}

/**
 * The samples in the Prometheus text format, version 0.0.4. A value that a device does not have gives no line, so a
 * value that vanishes is stale at the next scrape. Of two samples of one device the later counts.
 *
 * @throws Error when the prefix makes no valid metric name.
 */
export function metricsText(
  samples: readonly Sample[],
  { prefix, labels: added }: MetricsOptions = {},
): string {
  const latest = new Map(samples.map((sample) => [sample.device, sample]));
  const labels = deviceLabels([...latest.keys()]);
  const measured = [...latest.values()].map(({ deviceInfo, reading }, index) => ({
    lines: new DeviceLines(labels[index] ?? ''),
    deviceInfo,
    reading,
  }));
  return renderPage(measurementFamilies(measured, prefix), 'text', added).toString();
}
