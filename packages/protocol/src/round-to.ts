/** Rounds to parts of one, such as 1000 for three decimals: 3.3 less 3.299 is 0.001, not 0.0009999999999998899. Never −0. */
export function roundTo(value: number, parts: number): number {
  return Math.round(value * parts) / parts + 0;
}
