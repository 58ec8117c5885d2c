/** The time that the graphs show, in milliseconds since 1970-01-01 UTC. */
export interface View {
  readonly from: number;
  readonly to: number;
  /** Whether it ends now, and moves on. */
  readonly follows: boolean;
}

const MINUTE = 60_000;

/** Shortest and longest time that can be shown, in milliseconds. */
const SHORTEST = 2 * MINUTE;
const LONGEST = 20 * 366 * 1440 * MINUTE;

/** The last `length` milliseconds. */
export function latest(length: number, now: number): View {
  return { from: now - length, to: now, follows: true };
}

/** The same view as long as time goes on: one that follows ends now. */
export function movedOn(view: View, now: number): View {
  return view.follows ? latest(view.to - view.from, now) : view;
}

/** A view of this time, no shorter and no longer than can be shown, and not of the future. */
export function viewOf(from: number, to: number, now: number): View {
  const length = Math.min(Math.max(to - from, SHORTEST), LONGEST);
  const middle = (from + to) / 2;
  const end = Math.min(middle + length / 2, now);
  return { from: end - length, to: end, follows: end === now };
}

/** Makes the time `factor` times as long; `at` stays where it is. */
export function zoomed({ from, to }: View, at: number, factor: number, now: number): View {
  const length = Math.min(Math.max((to - from) * factor, SHORTEST), LONGEST);
  const begin = at - ((at - from) / (to - from)) * length;
  return viewOf(begin, begin + length, now);
}

/** Moves by a part of its length: back when it is negative. */
export function shifted({ from, to }: View, part: number, now: number): View {
  const by = (to - from) * part;
  return viewOf(from + by, to + by, now);
}

/** What a key does to a view; undefined for other keys. */
export function viewAfterKey(view: View, key: string, now: number): View | undefined {
  const middle = (view.from + view.to) / 2;
  if (key === '+' || key === '=') return zoomed(view, middle, 0.5, now);
  if (key === '-') return zoomed(view, middle, 2, now);
  if (key === 'ArrowLeft') return shifted(view, -0.25, now);
  if (key === 'ArrowRight') return shifted(view, 0.25, now);
  if (key === 'End') return latest(view.to - view.from, now);
  return undefined;
}
