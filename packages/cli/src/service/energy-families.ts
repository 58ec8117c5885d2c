import { gauge, type Family } from '@ubmsc/exporter';

/** Whether energy totals are kept, where they are to be. */
export function energyFamilies(problem: string | undefined): readonly Family[] {
  return [
    gauge(
      'ubmsc_energy_written',
      '1 while energy totals are written, 0 while they stand still because they cannot be',
      Number(problem === undefined),
    ),
  ];
}
