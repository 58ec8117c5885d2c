import type { Sample } from './sample.ts';

/** Samples in the text format of Prometheus, with their times. Series that have ended are left out. */
export function text(samples: readonly Sample[]): Buffer {
  const lines = samples.map(({ series, value, time }) =>
    Number.isNaN(value) ? '' : `${series} ${value} ${time}\n`,
  );
  return Buffer.from(lines.join(''));
}
