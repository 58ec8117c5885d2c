import { VariantDetector, type Frame, type TimedItem, type Variant, type Verdict } from '@ubmsc/protocol';
import { Acceptance, type CellDataRecord } from './acceptance/acceptance.ts';

/** A frame that was accepted. */
export interface ReceivedFrame extends CellDataRecord {
  /** When it was complete, in milliseconds since 1970-01-01 UTC. */
  readonly time: number;
}

/** What is decided when a frame has come. */
export interface SessionJudgement {
  /** Frames that are accepted now, in order: one that has waited for the next, and the one that has come. */
  readonly accepted: readonly ReceivedFrame[];
  /** Why the frame that has come is not accepted, or waits for the next one; undefined when it is accepted. */
  readonly delayed: string | undefined;
  /** Why frames are refused now, one reason for each. */
  readonly refused: readonly string[];
}

/**
 * Decides which frames of one session are accepted: their layout must be known, and cell data must pass the
 * {@link Acceptance}. It is the same for a link and for a recording of one.
 */
export class SessionJudge {
  readonly #detector: VariantDetector;
  readonly #acceptance: Acceptance<ReceivedFrame>;

  /** A variant that is given is used where it fits, and where no other does. `noise` is that of cells in volts; the usual one when left out. */
  constructor(variant?: Variant, noise?: number) {
    this.#detector = new VariantDetector(variant);
    this.#acceptance = new Acceptance(noise);
  }

  /** What is known of the layout. */
  get verdict(): Verdict {
    return this.#detector.verdict;
  }

  /** What speaks against the variant that was given, of the latest frame that was decoded by it all the same. */
  get misfit(): string | undefined {
    return this.#detector.misfit;
  }

  /** Takes the next frame, which was complete at `now` of a monotonic clock and at `time` of the wall clock. */
  observe(
    { frame, pauses, parts }: Extract<TimedItem, { kind: 'frame' }>,
    now: number,
    time: number,
  ): SessionJudgement {
    const variant = this.#variantOf(frame);
    if (variant === undefined) return { accepted: [], delayed: 'variant', refused: ['variant'] };
    const received = { frame, variant, time };
    if (frame.record !== 'cellData') return { accepted: [received], delayed: undefined, refused: [] };
    return this.#acceptance.observe(received, { time: now, pauses, parts });
  }

  /** Device info is laid out alike in all variants that it leaves open. */
  #variantOf(frame: Frame): Variant | undefined {
    const told = this.#detector.observe(frame);
    return told ?? (frame.record === 'deviceInfo' ? this.#detector.verdict.candidates[0] : undefined);
  }
}
