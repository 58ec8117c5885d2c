/** @typedef {Record<string, () => number | Promise<number>>} Cases what to measure: each call gives one sample */

/**
 * Measures every case once in each round, so that whatever else the machine does slows all of them alike: samples of
 * the same round may be divided by each other. The first round only warms up.
 *
 * @template {Cases} C
 * @param {string} title
 * @param {number} rounds
 * @param {C} cases
 * @returns {Promise<Record<keyof C, number[]>>} the samples of each case, in the order of the rounds
 */
export async function measure(title, rounds, cases) {
  const samples = Object.fromEntries(Object.keys(cases).map((name) => [name, /** @type {number[]} */ ([])]));
  for (let round = 0; round <= rounds; round++) {
    showProgress(`${title}: round ${round} of ${rounds}`);
    for (const [name, sample] of Object.entries(cases)) {
      const value = await sample();
      if (round > 0) samples[name]?.push(value);
    }
  }
  showProgress('');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the names
  return /** @type {Record<keyof C, number[]>} */ (samples);
}

/**
 * How many times as large as `base` the samples are, round by round.
 *
 * @param {readonly number[]} samples
 * @param {readonly number[]} base
 */
export function ratios(samples, base) {
  return samples.map((sample, round) => sample / (base[round] ?? Number.NaN));
}

/**
 * The samples in text: median, and minimum to maximum.
 *
 * @param {readonly number[]} samples
 * @param {number} digits after the decimal point
 */
export function spread(samples, digits) {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

/**
 * Prints rows under a heading, in columns.
 *
 * @param {readonly string[]} heading
 * @param {readonly (readonly string[])[]} rows
 */
export function printTable(heading, rows) {
  const lines = [heading, ...rows.map(([label, ...cells]) => [`  ${label}`, ...cells])];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines) {
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
  console.log();
}

/** @param {string} text */
export function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u{1b}[K${text}`);
}
