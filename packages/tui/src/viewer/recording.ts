import { speedOf, type UiState } from '../keys/state.ts';
import type { LoggedEvent } from '../model/event-log.ts';
import type { Shown } from '../views/shown.ts';
import type { Watched } from './scene.ts';

/** Of a recording: what was done to it, and where in it one is; undefined while batteries are watched. */
export function recordingOf(
  { playback }: Watched,
  state: UiState,
  marks: () => readonly LoggedEvent[],
): Shown['recording'] {
  if (!playback) return undefined;
  const { headers, start, isComplete } = playback;
  const { pausedAt: moment, playing } = state;
  const every = (flag: 'redacted' | 'anonymized'): boolean =>
    headers.length > 0 && headers.every((header) => header[flag]);
  const treatment = { redacted: every('redacted'), anonymized: every('anonymized') };
  if (start === undefined || moment === undefined) return { treatment, progress: undefined };
  const isCut = playback.remarks.length > 0;
  const own = { moment, playing, speed: speedOf(state), marks: marks() };
  return { treatment, progress: { start, end: playback.now(), isComplete, isCut, ...own } };
}
