/** What tells whether a record is live. Times are in seconds. */
export interface DeviceClocks {
  readonly frameCounter: number;
  readonly sysRunTicks: number;
  readonly totalRuntime?: number;
  readonly runtimeSincePowerOn?: number;
}

/** How long a clock may stand still, in milliseconds: one of tenths of a second, and one of whole seconds. */
const STANDSTILL = { tenths: 200, seconds: 2500 };

/** Old content may be that of one of this many records. */
const RECENT = 16;

/** Offsets of what a record says: after its counter, before its checksum. */
const CONTENT = { start: 6, end: 299 };

/**
 * Tells whether a battery still measures: its clock must move, and nothing may come again. Modules have been seen to
 * repeat the same values for hours while the link was perfect, so that bytes arriving prove nothing.
 */
export class FreshnessMonitor {
  #counter: number | undefined;
  #clock: number | undefined;
  #moved = 0;
  readonly #recent: Uint8Array[] = [];
  /** Whether the battery has sent records that were equal but for their counter, and went on: then they tell nothing. */
  #isSteady = false;
  #isRepeating = false;

  /** Whether the record with these clocks and bytes is live. `time` is when it came, in milliseconds. */
  observe(
    { frameCounter, sysRunTicks, totalRuntime, runtimeSincePowerOn }: DeviceClocks,
    bytes: Uint8Array,
    time: number,
  ): boolean {
    const clock = sysRunTicks || (totalRuntime ?? runtimeSincePowerOn ?? 0);
    const before = this.#clock ?? -1;
    const isRepeated = clock === before && frameCounter === this.#counter;
    // While a clock of seconds stands still, only the content tells: no battery has been seen to measure the same to the last bit.
    const isOld = clock <= before && this.#recent.some((each) => isSameContent(each, bytes));
    // Had it been frozen for longer, the clock would have stood still for longer.
    if (clock > before && this.#isRepeating && time - this.#moved < STANDSTILL.seconds) this.#isSteady = true;
    if (clock !== before) this.#moved = time;
    this.#isRepeating = isOld;
    this.#counter = frameCounter;
    this.#clock = clock;
    if (!isOld && this.#recent.push(bytes) > RECENT) this.#recent.shift();
    const patience = sysRunTicks > 0 ? STANDSTILL.tenths : STANDSTILL.seconds;
    return !isRepeated && (!isOld || this.#isSteady) && time - this.#moved < patience;
  }
}

function isSameContent(one: Uint8Array, other: Uint8Array): boolean {
  for (let at = CONTENT.start; at < CONTENT.end; at++) if (one[at] !== other[at]) return false;
  return true;
}
