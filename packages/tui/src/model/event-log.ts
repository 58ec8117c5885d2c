/** How much something matters, from the most to the least; a step matters only to those who look closely. */
export type Severity = 'alarm' | 'notice' | 'good' | 'info' | 'step';

/** Something that has happened, in words. */
export interface LoggedEvent {
  /** By the source's clock. */
  readonly at: number;
  /** By the wall clock, in milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  /** The battery; undefined for the program itself. */
  readonly device: string | undefined;
  readonly severity: Severity;
  readonly text: string;
  /** A sentence about it, with the next step, for those who have room for it. */
  readonly sentence?: string | undefined;
}

/** Most events that are remembered. */
const MOST_EVENTS = 2000;

/** What has happened, the oldest first. */
export class EventLog {
  #events: LoggedEvent[] = [];
  /** How many there were altogether. */
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(event: LoggedEvent): void {
    this.#count++;
    this.#events.push(event);
    if (this.#events.length > 2 * MOST_EVENTS) this.#events = this.#events.slice(-MOST_EVENTS);
  }

  /** The events of a battery; of all batteries and of the program when none is named. Up to the time `until`. */
  of(device: string | undefined, until = Infinity): readonly LoggedEvent[] {
    return this.#events
      .slice(-MOST_EVENTS)
      .filter((event) => event.at <= until && (device === undefined || event.device === device));
  }
}
