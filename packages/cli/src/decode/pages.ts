import { formats, type DeviceResult, type Format, type FormatOptions } from '../formats/index.ts';

/** Most frames in one document; bounds the memory that a long capture takes. */
const LARGEST = 4000;

/** The groups in the order of output. */
const order = ['deviceInfo', 'cellData', 'settings', 'logbook', 'detailLog', 'request'] as const;

/**
 * Prints the frames of a capture as documents of one format: text as it comes, other formats in one document, or in
 * one for each 4000 frames. A document has the groups that its frames have.
 */
export class Pages {
  readonly #format: Format;
  readonly #options: Omit<FormatOptions, 'groups'>;
  readonly #print: (text: string) => Promise<void>;
  #devices: DeviceResult[] = [];
  #groups = new Set<(typeof order)[number]>();
  #printed = 0;
  #leftOut = 0;

  constructor(
    format: Format,
    options: Omit<FormatOptions, 'groups'>,
    print: (text: string) => Promise<void>,
  ) {
    this.#format = format;
    this.#options = options;
    this.#print = print;
  }

  /** How many frames were not printed because the format has only one document. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Takes what the next frame says. Resolves when what is complete has been printed. */
  async add(device: DeviceResult, group: (typeof order)[number]): Promise<void> {
    if (this.#printed > 0 && this.#format.between === undefined) {
      this.#leftOut++;
      return;
    }
    this.#devices.push(device);
    this.#groups.add(group);
    if (this.#format === formats.text || this.#devices.length >= LARGEST) await this.end();
  }

  /** Prints what was not printed yet. */
  async end(): Promise<void> {
    if (this.#devices.length === 0) return;
    const groups = order.filter((group) => this.#groups.has(group));
    const page = await this.#format.render({ devices: this.#devices }, { ...this.#options, groups });
    await this.#print(`${this.#printed++ > 0 ? this.#format.between : ''}${page}`);
    this.#devices = [];
    this.#groups = new Set();
  }
}
