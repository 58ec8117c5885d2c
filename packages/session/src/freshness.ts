import type { CellFields } from '@ubmsc/protocol';

/** How long counter and clock may stand still before what a device sends counts as frozen, in milliseconds. */
const STANDSTILL = 10_000;

/**
 * Tells whether a battery still measures: its frame counter and its clock must move. Modules have been seen to repeat
 * the same values for hours while the link was perfect, so that bytes arriving prove nothing.
 */
export class FreshnessMonitor {
  #counter: number | undefined;
  #clock: number | undefined;
  #counterMoved = 0;
  #clockMoved = 0;

  /** Whether these fields are live. `time` is when they came, in milliseconds. */
  observe(fields: CellFields, time: number): boolean {
    const clock = clockOf(fields);
    if (fields.frameCounter !== this.#counter) this.#counterMoved = time;
    if (clock !== this.#clock) this.#clockMoved = time;
    this.#counter = fields.frameCounter;
    this.#clock = clock;
    return time - Math.min(this.#counterMoved, this.#clockMoved) < STANDSTILL;
  }
}

/** The clock of the device that runs in every power state that it has, in seconds. */
function clockOf({ sysRunTicks, totalRuntime, runtimeSincePowerOn }: CellFields): number {
  return sysRunTicks || (totalRuntime ?? runtimeSincePowerOn ?? 0);
}
