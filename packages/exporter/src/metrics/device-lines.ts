import { snakeCase } from '@ubmsc/protocol';
import { Lines, type Labels } from './lines.ts';

/** What is on the pages of one device. */
export class DeviceLines {
  /** The label of every series. */
  readonly device: string;
  readonly #lines = new Map<string, Lines>();

  constructor(device: string) {
    this.device = device;
  }

  /** Those of a metric that has one series. */
  alone(metric: string): Lines {
    return this.#of(metric, () => ({ device: this.device }));
  }

  /** Those of a metric that has a series for each cell or probe, counted from 0. */
  cells(metric: string): Lines {
    return this.#of(metric, (index) => ({ device: this.device, cell: String(index) }));
  }

  /** Those of a metric that has a series for each word of a closed set, such as `cellUnderVoltage`. */
  words(metric: string, label: string, words: readonly string[]): Lines {
    return this.#of(metric, (index) => ({ device: this.device, [label]: snakeCase(words[index] ?? '') }));
  }

  #of(metric: string, labelsOf: (index: number) => Labels): Lines {
    let lines = this.#lines.get(metric);
    if (!lines) this.#lines.set(metric, (lines = new Lines(metric, labelsOf)));
    return lines;
  }
}

/** Keeps what was on the page of each device for the next one. */
export class DeviceLinesCache {
  readonly #devices = new Map<string, DeviceLines>();
  readonly #most: number;

  /** @param most devices that are kept; beyond that it starts again. */
  constructor(most: number) {
    this.#most = most;
  }

  of(device: string): DeviceLines {
    let lines = this.#devices.get(device);
    if (!lines) {
      if (this.#devices.size >= this.#most) this.#devices.clear();
      this.#devices.set(device, (lines = new DeviceLines(device)));
    }
    return lines;
  }
}
