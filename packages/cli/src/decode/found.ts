import type { StreamItem } from '@ubmsc/protocol';
import type { ToldFrame } from './senders.ts';

/** A frame with its variant, or what else is in a stream. */
export type Found = ToldFrame | Exclude<StreamItem, { kind: 'frame' }>;

/** Finds frames in what is read, piece by piece. */
export interface FrameSource {
  push(chunk: Uint8Array): readonly Found[];
  end(): readonly Found[];
  /** How many bytes there were in which a frame could have been. */
  readonly bytes: number;
}
