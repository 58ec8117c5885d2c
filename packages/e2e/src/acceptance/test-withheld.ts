import { times } from '@ubmsc/testing';
import { afterAll, expect, test } from 'vitest';
import { loadNames, measureWithheld, profileNames, resistances, type Withheld } from './withheld.ts';

/** The share of undamaged records that may be withheld, and the longest silence in milliseconds. */
const MOST = { withheld: 0.001, silence: 1500 };

const minutes = times(2, 15);
const tried = resistances.filter((_, index) => index % times(4, 1) === 0);
const profiles = profileNames.slice(0, times(1, profileNames.length));

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, index) => (index === 0 ? String(cell).padEnd(16) : String(cell).padStart(12))).join('');

/** Tests what acceptance costs under every load. Whether what the device computes lags is a file each: for a processor each. */
export function testWithheld(lags: boolean): void {
  const table: string[] = [];

  test.each(loadNames)('under the load %s, hardly any record of a battery is withheld', (load) => {
    const all: Withheld[] = [];
    for (const profile of profiles) {
      for (const resistance of tried) {
        const measured = measureWithheld({ profile, load, resistance, minutes, lags });
        all.push(measured);
        const what = `${profile}, ${resistance} Ω, ${JSON.stringify(measured)}`;
        expect(measured.withheld / measured.sent, what).toBeLessThanOrEqual(MOST.withheld);
        expect(measured.silence, what).toBeLessThanOrEqual(MOST.silence);
        expect(measured.firstIsLate, what).toBe(false);
      }
    }
    const sum = (of: 'sent' | 'withheld' | 'waited' | 'doubted'): number =>
      all.reduce((total, each) => total + each[of], 0);
    const percent = (part: number): string => ((100 * part) / sum('sent')).toFixed(3);
    const silence = Math.max(...all.map((each) => each.silence)) / 1000;
    const cells = [
      sum('sent'),
      percent(sum('withheld')),
      percent(sum('waited')),
      percent(sum('doubted')),
      silence.toFixed(2),
    ];
    table.push(row([load, ...cells]));
  });

  afterAll(() => {
    const heading = row(['load', 'records', 'withheld %', 'waited %', 'doubted %', 'silence s']);
    const of = `${profiles.length} models, cells of ${tried.map((each) => each * 1000).join(', ')} mΩ, ${minutes} minutes each`;
    console.log(
      [
        `undamaged records under loads, statistics ${lags ? 'one record late' : 'in time'}: ${of}`,
        heading,
        ...table,
      ].join('\n'),
    );
  });
}
