import { cellFields } from '@ubmsc/protocol';
import type { Frame } from '@ubmsc/protocol';
import { FreshnessMonitor } from './freshness.ts';
import type { Variant } from '@ubmsc/protocol';
import { PlausibilityFilter } from './plausibility/plausibility-filter.ts';
import type { TimedItem } from '@ubmsc/protocol';
import { VariantDetector, type Verdict } from '@ubmsc/protocol';

/** A frame that is believed, and when it was complete, in milliseconds since 1970-01-01 UTC. */
export interface ReceivedFrame {
  readonly frame: Frame;
  readonly variant: Variant;
  readonly time: number;
}

/** What is decided when a frame has come. */
export interface SessionJudgement {
  /** Frames that are believed now, in order: that which has come, and those that were held back until it came. */
  readonly believed: readonly ReceivedFrame[];
  /** Why the frame that has come is not believed, or not yet; undefined when it is. */
  readonly held: string | undefined;
  /** Why frames are not believed that are given up now, one reason for each. */
  readonly refused: readonly string[];
}

/**
 * Decides which frames of one session are believed: their layout must be known, cell data must be plausible, and must
 * move. It is the same for a link and for a recording of one.
 */
export class SessionJudge {
  readonly #detector: VariantDetector;
  readonly #plausibility = new PlausibilityFilter<ReceivedFrame>();
  readonly #freshness = new FreshnessMonitor();

  /** A variant that is given is believed without looking. */
  constructor(variant?: Variant) {
    this.#detector = new VariantDetector(variant);
  }

  /** What is known of the layout. */
  get verdict(): Verdict {
    return this.#detector.verdict;
  }

  /** Takes the next frame, which was complete at `now` of a monotonic clock and at `time` of the wall clock. */
  observe(
    { frame, pauses }: Extract<TimedItem, { kind: 'frame' }>,
    now: number,
    time: number,
  ): SessionJudgement {
    const variant = this.#variantOf(frame);
    if (variant === undefined) return { believed: [], held: 'variant', refused: ['variant'] };
    const received = { frame, variant, time };
    if (frame.record !== 'cellData') return { believed: [received], held: undefined, refused: [] };
    const { believed, held, refused } = this.#plausibility.observe(received, { time: now, pauses });
    const live = believed.filter((each) =>
      this.#freshness.observe(cellFields(each.frame, each.variant), now),
    );
    const frozen = Array.from({ length: believed.length - live.length }, () => 'frozen');
    return { believed: live, held: frozen[0] ?? held, refused: [...refused, ...frozen] };
  }

  /** Device info is laid out alike in all variants that it leaves open. */
  #variantOf(frame: Frame): Variant | undefined {
    const told = this.#detector.observe(frame);
    return told ?? (frame.record === 'deviceInfo' ? this.#detector.verdict.candidates[0] : undefined);
  }
}
