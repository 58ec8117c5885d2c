import type { Surroundings, UiState } from '../keys/state.ts';
import { play as advance } from '../keys/time.ts';
import type { Playback } from '../playback/playback.ts';

export type PlayChange = (state: UiState, around: Surroundings) => UiState;

/** Goes on in a recording by a number of milliseconds; at its end it stands still. */
export function play(playback: Playback, elapsed: number): PlayChange {
  return (state, around) => {
    if (playback.start === undefined) return state;
    const begun = state.pausedAt === undefined ? { ...state, pausedAt: playback.start } : state;
    const played = advance(begun, elapsed, around);
    const isOver = playback.isComplete && (played.pausedAt ?? 0) >= playback.now();
    return isOver && played.playing ? { ...played, playing: false } : played;
  };
}
