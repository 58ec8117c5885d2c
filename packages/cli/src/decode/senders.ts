import {
  decode,
  fits,
  fitOf,
  judge,
  layouts,
  toDeviceInfo,
  type Frame,
  type Variant,
  type Verdict,
} from '@ubmsc/protocol';

/** A frame of a stream. */
export interface FoundFrame {
  readonly frame: Frame;
  /** Counts from 1. */
  readonly number: number;
  /** Of its first byte in the stream. */
  readonly offset: number;
  /** Model of its sender, once a device info record has told it. */
  readonly model?: string | undefined;
}

/** A frame with the variant of its sender, and what speaks against one that was given; or with why it cannot be told. */
export type ToldFrame = FoundFrame &
  ({ readonly variant: Variant; readonly misfit?: string | undefined } | { readonly verdict: Verdict });

/** Most frames that wait for one that tells the variant of their sender; bounds the memory that they take. */
const MOST_WAITING = 256;

/**
 * Tells the variants of the frames of a capture, which may be of several devices: by the frame itself, or where
 * several variants explain it, by the frame before it that told, or else by the first after it that tells. Frames
 * come out in the order in which they went in.
 */
export class Senders {
  readonly #given: Variant | undefined;
  #last: Variant | undefined;
  #model: string | undefined;
  #waiting: (FoundFrame & { readonly verdict: Verdict })[] = [];

  /** A variant that is given is taken where it fits, and where no other does. */
  constructor(given?: Variant) {
    this.#given = given;
  }

  /** Takes the next frame and adds those that are told now to a list. */
  push(found: FoundFrame, told: Pick<ToldFrame[], 'push'>): void {
    if (this.#given) {
      told.push(this.#asGiven(found, this.#given));
      return;
    }
    // Most frames are like those before.
    if (this.#last !== undefined && this.#waiting.length === 0 && fits(found.frame, this.#last)) {
      told.push(this.#told(found, this.#last));
      return;
    }
    const verdict = judge(found.frame);
    const { candidates } = verdict;
    if (candidates.length === 1) this.#last = candidates[0];
    this.#waiting.push({ ...found, verdict });
    const isTold = this.#last !== undefined && candidates.includes(this.#last);
    const isHopeless = this.#waiting.every((frame) => frame.verdict.candidates.length === 0);
    if (isTold || isHopeless || this.#waiting.length > MOST_WAITING) told.push(...this.#release());
  }

  /** Ends the stream and returns the frames that were still waiting. */
  end(): readonly ToldFrame[] {
    return this.#release();
  }

  #release(): readonly ToldFrame[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.map(({ verdict, ...found }) =>
      this.#last !== undefined && verdict.candidates.includes(this.#last)
        ? this.#told(found, this.#last)
        : { ...found, verdict },
    );
  }

  #asGiven(found: FoundFrame, variant: Variant): ToldFrame {
    const { isUsed, objection: misfit } = fitOf(found.frame, variant);
    if (!isUsed) return { ...found, verdict: judge(found.frame) };
    const told = this.#told(found, variant);
    return misfit === undefined ? told : { ...told, misfit };
  }

  #told({ frame, number, offset }: FoundFrame, variant: Variant): ToldFrame {
    if (frame.record === 'deviceInfo')
      this.#model = toDeviceInfo(decode(layouts[variant].deviceInfo, frame)).deviceModel ?? undefined;
    return { frame, number, offset, variant, model: this.#model };
  }
}
