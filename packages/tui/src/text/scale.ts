/** A range of values that a bar or a graph spans. */
export interface Scale {
  readonly low: number;
  readonly high: number;
}

/**
 * A range around all values, at least `least` wide, whose ends are round numbers: so it stays the same while values
 * move a little. Undefined without values.
 */
export function niceScale(values: readonly number[], least: number): Scale | undefined {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  const lowest = finite.reduce((one, other) => Math.min(one, other));
  const highest = finite.reduce((one, other) => Math.max(one, other));
  const step = roundStep(Math.max(highest - lowest, least) / 4);
  let from = Math.floor(lowest / step + 1e-9);
  let to = Math.ceil(highest / step - 1e-9);
  for (let above = true; (to - from) * step < least - step * 1e-9; above = !above) {
    if (above) to++;
    else from--;
  }
  // 332 × 0.01 is 3.3200000000000003.
  const round = (value: number): number => Number(value.toPrecision(12));
  return { low: round(from * step), high: round(to * step) };
}

/** The least of 1, 2, 5, 10, 20, … that is at least so large. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size) + 1e-9);
  const factor = [1, 2, 5, 10].find((each) => each * power >= size * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Where a value stands in a scale: 0 at its low end, 1 at its high end, never beyond. */
export function position(value: number, { low, high }: Scale): number {
  return high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
}
