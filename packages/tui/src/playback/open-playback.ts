import type { Playback } from './playback.ts';
import type { RecordingText } from './track.ts';

/** Most recordings that are played together. */
export const MOST_RECORDINGS = 64;

/** A playback of recordings. Its reader is loaded for it: who watches batteries needs none. */
export async function openPlayback(recordings: readonly RecordingText[]): Promise<Playback> {
  const { Playback: Opened } = await import('./playback.ts');
  return new Opened(recordings);
}
