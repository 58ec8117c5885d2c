import type { AlarmName } from '@ubmsc/protocol';

/** How much something matters, from the most to the least; a step matters only to those who look closely. */
export type Severity = 'alarm' | 'notice' | 'good' | 'info' | 'step';

/** What an event may be that one wants to go to. */
export type Mark = 'alarm' | 'state';

/** Something that has happened, in words. */
export interface LoggedEvent {
  /** By the source's clock. */
  readonly at: number;
  /** The battery; undefined for the program itself. */
  readonly device: string | undefined;
  readonly severity: Severity;
  /** What one may want to go to in time: an alarm that was raised, or a state that lasts. */
  readonly mark?: Mark | undefined;
  /** The alarm or notice that began, in few words, or that ended, without any. */
  readonly alarm?: { readonly name: AlarmName; readonly words: string | undefined } | undefined;
  readonly text: string;
  /** A sentence about it, with the next step, for those who have room for it. */
  readonly sentence?: string | undefined;
}

/** Most events that are shown. */
const MOST_SHOWN = 2000;

/** What has happened, the oldest first. */
export class EventLog {
  readonly #most: number;
  #events: LoggedEvent[] = [];

  /** So many events are remembered at least, and twice as many at most. */
  constructor(most = MOST_SHOWN) {
    this.#most = most;
  }

  add(event: LoggedEvent): void {
    if (event.at >= (this.#events.at(-1)?.at ?? -Infinity)) this.#events.push(event);
    else this.#events.splice(this.#countUntil(event.at), 0, event);
    if (this.#events.length > 2 * this.#most) this.#events = this.#events.slice(-this.#most);
  }

  /** The latest events of a battery; of all batteries and of the program when none is named. Up to the time `until`. */
  of(device: string | undefined, until = Infinity): readonly LoggedEvent[] {
    const found: LoggedEvent[] = [];
    for (let index = this.#countUntil(until) - 1; index >= 0 && found.length < MOST_SHOWN; index--) {
      const event = this.#events[index];
      if (event && (device === undefined || event.device === device)) found.push(event);
    }
    return found.toReversed();
  }

  /** Events that are marked, of a battery or of all. */
  marked(device: string | undefined): readonly LoggedEvent[] {
    return this.#events.filter(
      (event) => event.mark !== undefined && (device === undefined || event.device === device),
    );
  }

  /** How many events are not later than `time`. */
  #countUntil(time: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.at ?? Infinity) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The next event with a mark after a moment, or with `by` -1 the one before it; events are in the order of time. */
export function nextMark(
  events: readonly LoggedEvent[],
  mark: Mark,
  moment: number,
  by: 1 | -1,
): LoggedEvent | undefined {
  const marked = events.filter((event) => event.mark === mark);
  return by > 0 ? marked.find((event) => event.at > moment) : marked.findLast((event) => event.at < moment);
}
