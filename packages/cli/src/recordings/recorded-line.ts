import type { RecordingSummary } from '@ubmsc/recording';

/** What was recorded, in one line for people. */
export function recordedLine({ header, frames, duration }: RecordingSummary, file: string): string {
  const { device = {}, started, layout, simulated } = header ?? {};
  const { address, name, model } = device;
  const title = [name ?? model ?? 'a battery', address && `(${address})`, simulated && 'SIMULATED'];
  const length = `${(duration / 1000).toFixed(1)} s`;
  const count = `${frames} ${frames === 1 ? 'frame' : 'frames'}${layout ? ` as ${layout}` : ''}`;
  return `${title.filter(Boolean).join(' ')}: ${started}, ${length}, ${count}: ${file}`;
}
