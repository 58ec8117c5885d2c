import { liveReading, type BatterySource, type BatteryStatus } from '@ubmsc/session';
import { DeviceLinesCache } from './metrics/device-lines.ts';
import { deviceFamilies, type Device } from './metrics/device-metrics.ts';
import { family, gauge, type Family } from './metrics/family.ts';
import { deviceLabels } from './metrics/labels.ts';
import type { Labels } from './metrics/lines.ts';
import { measurementFamilies } from './metrics/measurement-families.ts';
import { renderPage, type PageFormat } from './metrics/page.ts';
import { processFamilies } from './metrics/process-families.ts';

/** What an exporter shows, and how its metrics are named. */
export interface ExporterOptions {
  readonly source: BatterySource;
  /** Version of the program. */
  readonly version: string;
  /** Put before the names of measurements, such as `ubmsc_`. */
  readonly prefix?: string | undefined;
  /** Of more devices only the first are told of; 64 when left out. */
  readonly maxDevices?: number | undefined;
  /** Are added to every series, such as `site`. */
  readonly labels?: Labels | undefined;
  /** Whether the process itself is told of; yes when left out. */
  readonly processMetrics?: boolean | undefined;
  /** What else is told of, such as the state of the configuration. */
  readonly more?: (() => readonly Family[]) | undefined;
}

/** Names on the air are anybody's: a hostile advertiser must not fill a database with series. */
const MOST_DEVICES = 64;

/**
 * Makes pages of what is known of batteries at that moment. What is stale is absent: lines are kept only to be compared
 * with those of the next page.
 */
export class Exporter {
  readonly source: BatterySource;
  readonly #options: ExporterOptions;
  readonly #most: number;
  readonly #lines: DeviceLinesCache;

  constructor(options: ExporterOptions) {
    this.source = options.source;
    this.#options = options;
    this.#most = options.maxDevices ?? MOST_DEVICES;
    this.#lines = new DeviceLinesCache(2 * this.#most);
  }

  /** What is known of batteries, and of this program, in UTF-8. */
  page(format?: PageFormat): Buffer {
    const { statuses } = this.source;
    const { version, processMetrics = true, more } = this.#options;
    const families = [
      ...this.#families(statuses),
      gauge(
        'ubmsc_devices_left_out',
        'Devices that are watched and not told of, because they are more than allowed',
        Math.max(0, statuses.length - this.#most),
      ),
      buildInfo(version),
      gauge('ubmsc_heartbeat', 'Always 1: while it comes, the exporter runs and can be reached', 1),
      ...(more?.() ?? []),
      ...(processMetrics ? processFamilies() : []),
    ];
    return renderPage(families, format, this.#options.labels);
  }

  /** What is known of these batteries alone, and `more`, in UTF-8. */
  pageOf(statuses: readonly BatteryStatus[], format?: PageFormat, more: readonly Family[] = []): Buffer {
    return renderPage([...this.#families(statuses), ...more], format, this.#options.labels);
  }

  #families(statuses: readonly BatteryStatus[]): readonly Family[] {
    const shown = statuses.slice(0, this.#most);
    const names = deviceLabels(shown.map(({ device }) => device));
    const devices = shown.map((status, index): Device => ({
      status,
      lines: this.#lines.of(names[index] ?? ''),
    }));
    const now = this.source.now();
    const measured = devices.map(({ lines, status }) => {
      const { bank, energy } = status;
      const reading = liveReading(status, now);
      return { lines, bank, energy, reading, deviceInfo: reading && status.deviceInfo };
    });
    return [...measurementFamilies(measured, this.#options.prefix), ...deviceFamilies(devices, now)];
  }
}

function buildInfo(version: string): Family {
  return family('gauge', 'ubmsc_build_info', 'Version of the program; always 1', [
    [{ version, node_version: process.version }, 1],
  ]);
}
