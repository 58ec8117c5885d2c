import {
  decodeReading,
  NotificationParser,
  VariantDetector,
  type Frame,
  type Reading,
  type Variant,
} from '@ubmsc/protocol';
import { PlausibilityFilter } from '@ubmsc/session';
import type { Recording } from '@ubmsc/recording';

/** What a recording says without any Bluetooth. */
export interface Decoded {
  /** Frames in hexadecimal, by their records. */
  readonly frames: readonly string[];
  readonly readings: readonly Reading[];
}

/** Decodes the notifications of a recording as they stand. */
export function decodeDirectly({ events }: Recording): Decoded {
  const parser = new NotificationParser();
  const detector = new VariantDetector();
  const filter = new PlausibilityFilter<{
    readonly frame: Frame;
    readonly variant: Variant;
    readonly time: number;
  }>();
  const frames: string[] = [];
  const readings: Reading[] = [];
  for (const event of events) {
    if (event.kind !== 'notify') continue;
    for (const item of parser.push(event.bytes, event.ms)) {
      if (item.kind !== 'frame') continue;
      const { frame, pauses } = item;
      frames.push(Buffer.from(frame.bytes).toString('hex'));
      const variant = detector.observe(frame);
      if (variant === undefined || frame.record !== 'cellData') continue;
      const { believed } = filter.observe({ frame, variant, time: event.ms }, { time: event.ms, pauses });
      for (const each of believed) readings.push(decodeReading(each.frame, each.variant, each.time));
    }
  }
  return { frames, readings };
}
