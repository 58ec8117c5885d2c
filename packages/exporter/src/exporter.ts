import { liveReading, type BatterySource, type BatteryStatus } from '@ubmsc/protocol';
import { deviceFamilies, type Labelled } from './metrics/device-metrics.ts';
import { gauge, type Family } from './metrics/family.ts';
import { deviceLabels, LabelCache, Labels } from './metrics/labels.ts';
import { measurementFamilies } from './metrics/measurement-families.ts';
import { renderPage, WrittenFamilies, type PageFormat } from './metrics/page.ts';
import { processFamilies } from './metrics/process-families.ts';

export interface ExporterOptions {
  readonly source: BatterySource;
  /** Version of the program. */
  readonly version: string;
  /** Put before the names of measurements, such as `ubmsc_`. */
  readonly prefix?: string | undefined;
  /** Of more devices only the first are told of; 64 when left out. */
  readonly maxDevices?: number | undefined;
  /** Whether the process itself is told of; yes when left out. */
  readonly processMetrics?: boolean | undefined;
  /** What else is told of, such as the state of the configuration. */
  readonly more?: (() => readonly Family[]) | undefined;
}

/** Names on the air are anybody's: a hostile advertiser must not fill a database with series. */
const MOST_DEVICES = 64;

/**
 * Makes pages of what is known of batteries at that moment. Of one page nothing is kept for the next: what is stale
 * is absent.
 */
export class Exporter {
  readonly source: BatterySource;
  readonly #options: ExporterOptions;
  readonly #most: number;
  readonly #labels: LabelCache;
  readonly #written = new WrittenFamilies();

  constructor(options: ExporterOptions) {
    this.source = options.source;
    this.#options = options;
    this.#most = options.maxDevices ?? MOST_DEVICES;
    this.#labels = new LabelCache(2 * this.#most);
  }

  /** What is known of batteries, and of this program, in UTF-8. */
  async page(format?: PageFormat): Promise<Buffer> {
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
      ...(more?.() ?? []),
      ...(processMetrics ? processFamilies() : []),
    ];
    return await renderPage(families, format, this.#written);
  }

  /** What is known of these batteries alone, and `more`, in UTF-8. */
  async pageOf(
    statuses: readonly BatteryStatus[],
    format?: PageFormat,
    more: readonly Family[] = [],
  ): Promise<Buffer> {
    return await renderPage([...this.#families(statuses), ...more], format);
  }

  #families(statuses: readonly BatteryStatus[]): readonly Family[] {
    const shown = statuses.slice(0, this.#most);
    const names = deviceLabels(shown.map(({ device }) => device));
    const devices = shown.map((status, index): Labelled => ({
      status,
      labels: this.#labels.of(names[index] ?? ''),
    }));
    const now = this.source.now();
    const measured = devices.flatMap(({ labels, status }) => {
      const reading = liveReading(status, now);
      return reading ? [{ labels, reading, deviceInfo: status.deviceInfo }] : [];
    });
    return [...measurementFamilies(measured, this.#options.prefix), ...deviceFamilies(devices, now)];
  }
}

function buildInfo(version: string): Family {
  return {
    name: 'ubmsc_build_info',
    help: 'Version of the program; always 1',
    type: 'gauge',
    series: [{ labels: new Labels({ version, node_version: process.version }), value: 1 }],
  };
}
