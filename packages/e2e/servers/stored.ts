/** What is stored of one series. */
export interface StoredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** In milliseconds since 1970-01-01 UTC. */
  readonly timestamps: readonly number[];
}

/** How many samples there are of each time, in milliseconds since 1970-01-01 UTC. */
export type Counts = ReadonlyMap<number, number>;

export function countsOf(stored: readonly StoredSeries[]): Counts {
  const counts = new Map<number, number>();
  for (const { timestamps } of stored) {
    for (const time of timestamps) counts.set(time, (counts.get(time) ?? 0) + 1);
  }
  return counts;
}

/** What an exporter has accepted to push, as its log says. */
export function acceptedBy(log: string): Counts {
  const lines = log.matchAll(/(\d+) samples of (\d+) wait to be pushed/g);
  return new Map([...lines].map(([, count, time]) => [Number(time), Number(count)]));
}

/** From a time on. */
export const since = (counts: Counts, from: number): Counts =>
  new Map([...counts].filter(([time]) => time >= from));

/** Series that have a time twice. */
export const repeated = (stored: readonly StoredSeries[]): readonly StoredSeries[] =>
  stored.filter(({ timestamps }) => new Set(timestamps).size < timestamps.length);
