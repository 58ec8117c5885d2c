import { speedOf, windowOf, type Surroundings, type UiState } from './state.ts';

/** A step through a recording, in milliseconds. */
const STEP = 10_000;

/** The state after a recording was played for this number of milliseconds. */
export function play(state: UiState, elapsed: number, around: Surroundings): UiState {
  if (!state.playing || state.pausedAt === undefined) return state;
  return at(state, state.pausedAt + elapsed * speedOf(state), around);
}

/** What becomes of the state when one goes to something that has happened: a recording stands still, to be looked at. */
export function jump(state: UiState, moment: number, around: Surroundings): UiState {
  return { ...at(state, moment, around), playing: false };
}

/** Goes through time by a number of steps: in the last hour of what is watched, of a sixtieth of what the graphs show. */
export function travel(state: UiState, steps: number, around: Surroundings): UiState {
  if (state.pausedAt === undefined && steps > 0) return state;
  const length = around.mode === 'recording' ? STEP : (windowOf(state) * 1000) / 60;
  return at(state, (state.pausedAt ?? around.now) + steps * length, around);
}

/** Goes to a moment; at the present, what is watched goes on. */
export function at(state: UiState, moment: number, { mode, now, oldest }: Surroundings): UiState {
  if (mode === 'live' && moment >= now) return { ...state, pausedAt: undefined };
  return { ...state, pausedAt: Math.min(now, Math.max(moment, Math.min(oldest, now))) };
}

/** Stands still, and goes on. At its end, a recording is played from the start. */
export function pauseOrPlay(state: UiState, around: Surroundings): UiState {
  if (around.mode === 'live')
    return { ...state, pausedAt: state.pausedAt === undefined ? around.now : undefined };
  const playing = !state.playing;
  const isOver = playing && state.pausedAt !== undefined && state.pausedAt >= around.now;
  return { ...(isOver ? at(state, around.oldest, around) : state), playing };
}
