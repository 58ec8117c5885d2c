import { decodeReading, NotificationParser, type Reading } from '@ubmsc/protocol';
import type { Recording } from '@ubmsc/recording';
import { SessionJudge } from '@ubmsc/session';

/** What a recording says without any Bluetooth. */
export interface Decoded {
  /** Frames in hexadecimal, by their records. */
  readonly frames: readonly string[];
  readonly readings: readonly Reading[];
}

/** Decodes the notifications of a recording as they stand. */
export function decodeDirectly({ events }: Recording): Decoded {
  const parser = new NotificationParser();
  const judge = new SessionJudge();
  const frames: string[] = [];
  const readings: Reading[] = [];
  for (const event of events) {
    if (event.kind !== 'notify') continue;
    for (const item of parser.push(event.bytes, event.ms)) {
      if (item.kind !== 'frame') continue;
      frames.push(Buffer.from(item.frame.bytes).toString('hex'));
      for (const { frame, variant, time, doubt } of judge.observe(item, event.ms, event.ms).accepted)
        if (frame.record === 'cellData') readings.push(decodeReading(frame, variant, time, doubt));
    }
  }
  return { frames, readings };
}
