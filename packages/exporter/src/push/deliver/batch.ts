import type { Sample } from '../encode/sample.ts';

/** Series that were refused on their own are remembered; beyond this number it starts again. */
const MOST_SUSPECTS = 1000;

/** Samples of which the endpoint refused the content, each on its own. */
export class Suspects {
  readonly #series = new Set<string>();

  add(samples: readonly Sample[]): void {
    if (this.#series.size > MOST_SUSPECTS) this.#series.clear();
    for (const { series } of samples) this.#series.add(series);
  }

  remove(samples: readonly Sample[]): void {
    if (this.#series.size > 0) for (const { series } of samples) this.#series.delete(series);
  }

  has({ series }: Sample): boolean {
    return this.#series.has(series);
  }
}

/**
 * Two parts of samples that were refused together: those that were refused before apart from the others, or else the
 * earlier half and the later one, where possible between two times. Undefined when they need no more splitting: it is
 * one sample, or all of them were refused before, each on its own.
 */
export function split(
  samples: readonly Sample[],
  suspects: Suspects,
): readonly [readonly Sample[], readonly Sample[]] | undefined {
  if (samples.length < 2) return undefined;
  const suspicious = samples.filter((sample) => suspects.has(sample));
  if (suspicious.length === samples.length) return undefined;
  if (suspicious.length > 0) return [samples.filter((sample) => !suspects.has(sample)), suspicious];
  return halves(samples);
}

/** Two halves, cut between two times where there are several. */
export function halves(samples: readonly Sample[]): readonly [readonly Sample[], readonly Sample[]] {
  const middle = samples.length >> 1;
  const time = samples[middle]?.time;
  const first = samples.findIndex((sample) => sample.time === time);
  const after = samples.findLastIndex((sample) => sample.time === time) + 1;
  const cut = first > 0 ? first : after < samples.length ? after : middle;
  return [samples.slice(0, cut), samples.slice(cut)];
}

/** Whether all of them have one time. */
export function isOneTime(samples: readonly Sample[]): boolean {
  return samples.every(({ time }) => time === samples[0]?.time);
}
