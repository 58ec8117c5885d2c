import {
  formats,
  type DeviceResult,
  type Format,
  type FormatOptions,
  type Group,
  type Pieces,
  TextBuffer,
} from '../formats/index.ts';

/** Most frames in one document; bounds the memory that a long capture takes. */
const LARGEST = 4000;

/** The groups in the order of output. */
const order = [
  'deviceInfo',
  'cellData',
  'settings',
  'logbook',
  'detailLog',
  'request',
] as const satisfies readonly Group[];

type PageGroup = (typeof order)[number];

/**
 * Prints the frames of a capture as documents of one format: text as it comes, other formats in one document, or in
 * one for each 4000 frames. A document has the groups that its frames have.
 */
export class Pages {
  readonly #format: Format;
  readonly #options: Omit<FormatOptions, 'groups'>;
  readonly #pieceOptions: FormatOptions;
  readonly #print: (piece: string | Uint8Array) => Promise<void>;
  readonly #pieces: Pieces | undefined;
  #devices: DeviceResult[] = [];
  /** What was added of each group, where the format can print the parts of a document. */
  readonly #parts = new Map<PageGroup, TextBuffer>();
  #groups = new Set<PageGroup>();
  #count = 0;
  #printed = 0;
  #leftOut = 0;

  private constructor(
    format: Format,
    options: Omit<FormatOptions, 'groups'>,
    print: (piece: string | Uint8Array) => Promise<void>,
    pieces: Pieces | undefined,
  ) {
    this.#format = format;
    this.#options = options;
    this.#pieceOptions = { ...options, groups: order };
    this.#print = print;
    this.#pieces = pieces;
  }

  static async of(
    format: Format,
    options: Omit<FormatOptions, 'groups'>,
    print: (piece: string | Uint8Array) => Promise<void>,
  ): Promise<Pages> {
    return new Pages(format, options, print, await format.pieces?.());
  }

  /** How many frames were not printed because the format has only one document. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Takes what the next frame says. Where something is printed, returns a promise that resolves when it has been. */
  add(device: DeviceResult, group: PageGroup): Promise<void> | undefined {
    if (this.#printed > 0 && this.#format.between === undefined) {
      this.#leftOut++;
      return undefined;
    }
    this.#groups.add(group);
    this.#count++;
    if (this.#pieces) this.#pieces.add(this.#part(group), device, group, this.#pieceOptions);
    else this.#devices.push(device);
    return this.#format === formats.text || this.#count >= LARGEST ? this.end() : undefined;
  }

  /** Prints what was not printed yet. */
  async end(): Promise<void> {
    if (this.#count === 0) return;
    for (const piece of await this.#page(order.filter((group) => this.#groups.has(group))))
      await this.#print(piece);
    this.#printed++;
    this.#devices = [];
    for (const part of this.#parts.values()) part.clear();
    this.#groups.clear();
    this.#count = 0;
  }

  async #page(groups: readonly PageGroup[]): Promise<readonly (string | Uint8Array)[]> {
    if (this.#pieces) return this.#pieces.join(groups.map((group) => [group, this.#part(group)]));
    const page = await this.#format.render({ devices: this.#devices }, { ...this.#options, groups });
    return [`${this.#printed > 0 ? this.#format.between : ''}${page}`];
  }

  #part(group: PageGroup): TextBuffer {
    let part = this.#parts.get(group);
    if (!part) this.#parts.set(group, (part = new TextBuffer()));
    return part;
  }
}
