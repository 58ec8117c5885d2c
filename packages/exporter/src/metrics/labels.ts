import { sanitize, snakeCase } from '@ubmsc/protocol';

/** The longest value of a label, in characters. What is longer is cut: names on the air are anybody's. */
const LONGEST = 64;

/** The labels of series. What stands on a page before a value is made once, however often it is written. */
export class Labels {
  readonly values: Readonly<Record<string, string>>;
  readonly #text: string;
  readonly #leads = new Map<string, string>();

  constructor(values: Readonly<Record<string, string>>) {
    this.values = values;
    const pairs = Object.entries(values).map(([name, value]) => `${name}="${escape(value)}"`);
    this.#text = pairs.length > 0 ? `{${pairs.join(',')}}` : '';
  }

  /** What stands before the value of the metric of that name: `cell_voltage{device="house",cell="0"} `. */
  lead(name: string): string {
    let lead = this.#leads.get(name);
    // Joined, it is one piece of memory; put together with +, it would be a tree that is walked at each page.
    if (lead === undefined) this.#leads.set(name, (lead = [name, this.#text, ' '].join('')));
    return lead;
  }
}

export const noLabels = new Labels({});

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

/** Text of a device or a user as the value of a label. */
export function labelValue(text: string): string {
  const safe = sanitize(text);
  return safe.length <= LONGEST ? safe : Array.from(safe).slice(0, LONGEST).join('');
}

/** The values of the label `device` for names that differ. Names that become the same are numbered. */
export function deviceLabels(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const value = labelValue(name);
    let unique = value;
    for (let count = 2; taken.has(unique); count++) unique = `${value} ${count}`;
    taken.add(unique);
    return unique;
  });
}

/** The labels of the series of one device. */
export class DeviceLabels {
  readonly device: string;
  /** Those of a series that has no other. */
  readonly alone: Labels;
  readonly #cells: Labels[] = [];
  readonly #others = new Map<string, Map<string, Labels>>();

  constructor(device: string) {
    this.device = device;
    this.alone = new Labels({ device });
  }

  /** Those of a cell or a probe, counted from 0. */
  cell(index: number): Labels {
    return (this.#cells[index] ??= new Labels({ device: this.device, cell: String(index) }));
  }

  /** Those of a series that has one more label: a word of a closed set, as `cellUnderVoltage`. */
  with(name: string, word: string): Labels {
    let words = this.#others.get(name);
    if (!words) this.#others.set(name, (words = new Map<string, Labels>()));
    let labels = words.get(word);
    if (!labels) words.set(word, (labels = new Labels({ device: this.device, [name]: snakeCase(word) })));
    return labels;
  }
}

/** Keeps the labels of devices from one page to the next, because making them takes longer than writing them. */
export class LabelCache {
  readonly #devices = new Map<string, DeviceLabels>();
  readonly #most: number;

  /** @param most devices that are kept; beyond that it begins anew. */
  constructor(most = 256) {
    this.#most = most;
  }

  of(device: string): DeviceLabels {
    let labels = this.#devices.get(device);
    if (!labels) {
      if (this.#devices.size >= this.#most) this.#devices.clear();
      this.#devices.set(device, (labels = new DeviceLabels(device)));
    }
    return labels;
  }
}
