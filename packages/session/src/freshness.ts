/** What tells whether a record is live. Times are in seconds. */
export interface DeviceClocks {
  readonly frameCounter: number;
  readonly sysRunTicks: number;
  readonly totalRuntime?: number;
  readonly runtimeSincePowerOn?: number;
}

/** How long a clock may stand still, in milliseconds: one of tenths of a second, and one of whole seconds. */
const STANDSTILL = { tenths: 200, seconds: 2500 };

/**
 * Tells whether a battery still measures: its clock must move. Modules have been seen to repeat the same values for
 * hours while the link was perfect, so that bytes arriving prove nothing.
 */
export class FreshnessMonitor {
  #counter: number | undefined;
  #clock: number | undefined;
  #moved = 0;

  /** Whether the record with these clocks is live. `time` is when it came, in milliseconds. */
  observe(
    { frameCounter, sysRunTicks, totalRuntime, runtimeSincePowerOn }: DeviceClocks,
    time: number,
  ): boolean {
    const clock = sysRunTicks || (totalRuntime ?? runtimeSincePowerOn ?? 0);
    const isRepeated = clock === this.#clock && frameCounter === this.#counter;
    if (clock !== this.#clock) this.#moved = time;
    this.#counter = frameCounter;
    this.#clock = clock;
    const patience = sysRunTicks > 0 ? STANDSTILL.tenths : STANDSTILL.seconds;
    return !isRepeated && time - this.#moved < patience;
  }
}
