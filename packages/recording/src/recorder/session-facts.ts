import {
  decode,
  layouts,
  NotificationParser,
  toDeviceInfo,
  VariantDetector,
  type DeviceInfo,
  type Frame,
  type TimedItem,
  type Variant,
} from '@ubmsc/protocol';

/** What a session says of its battery: told from the notifications as they go by. */
export class SessionFacts {
  readonly #parser = new NotificationParser();
  readonly #detector = new VariantDetector();
  #deviceInfo: DeviceInfo | undefined;
  #frames = 0;

  /** Records whose checksum was right. */
  get frames(): number {
    return this.#frames;
  }

  /** How the battery lays out its records, once that is told. */
  get layout(): Variant | undefined {
    const { candidates } = this.#detector.verdict;
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  /** What the battery reports about itself, once that has come. */
  get deviceInfo(): DeviceInfo | undefined {
    return this.#deviceInfo;
  }

  /** Takes a notification, and when it came in milliseconds. */
  push(bytes: Uint8Array, time: number): void {
    this.#take(this.#parser.push(bytes, time));
  }

  end(): void {
    this.#take(this.#parser.end());
  }

  #take(items: readonly TimedItem[]): void {
    for (const item of items) {
      if (item.kind !== 'frame') continue;
      this.#frames++;
      if (this.layout === undefined || this.#deviceInfo === undefined) this.#learn(item.frame);
    }
  }

  #learn(frame: Frame): void {
    const variant = this.#detector.observe(frame);
    if (frame.record !== 'deviceInfo' || this.#deviceInfo) return;
    // Its first fields are the same in every layout.
    this.#deviceInfo = toDeviceInfo(decode(layouts[variant ?? 'jk02-24s'].deviceInfo, frame));
  }
}
