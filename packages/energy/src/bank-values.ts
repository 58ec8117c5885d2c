import { snakeCase, type Reading } from '@ubmsc/protocol';
import type { BankValues } from '@ubmsc/session';
import { cellExtremes, numbers, rounded, type BankReadings } from './bank-reading.ts';

/** Batteries whose cells differ by more than this on average must not be connected in parallel, in V. */
const CELL_VOLTAGES_APART = 0.05;

/** States of charge that are further apart are warned of, in %. */
const PERCENTS_APART = 20;

/** Batteries in series have one current; it may differ by this, in A, and by this part of it. */
const CURRENTS_APART = { amperes: 2, part: 0.1 };

/** What is known of a bank besides the measurements of a battery. */
export function bankValues(
  bank: BankReadings,
  members: number,
  missing: readonly string[],
  times: readonly number[],
): BankValues {
  const { fresh, isWhole } = bank;
  const readings = fresh.map(({ reading }) => reading);
  const { lowest, highest } = cellExtremes(bank);
  const usable = readings.filter(({ dischargeMosfet }) => dischargeMosfet !== false);
  const warnings = [
    ...missing.map((name) => `${name} is missing`),
    ...mismatches(bank),
    ...fresh.flatMap(({ name, reading }) =>
      (reading.alarms ?? []).map((alarm) => `${name}: ${snakeCase(alarm).replaceAll('_', ' ')}`),
    ),
  ];
  const remaining = numbers(usable.map(({ remainCapacity }) => remainCapacity));
  const canBeUsed =
    isWhole &&
    remaining.length === usable.length &&
    (bank.topology === 'parallel' || usable.length === readings.length);
  return {
    bankMembers: members,
    bankFreshMembers: fresh.length,
    bankChargingMembers: readings.filter(({ chargeMosfet }) => chargeMosfet).length,
    bankDischargingMembers: readings.filter(({ dischargeMosfet }) => dischargeMosfet).length,
    bankUsableCapacity: canBeUsed ? rounded(usableCapacity(bank, remaining), 3) : null,
    bankLowestCellMember: lowest?.battery ?? null,
    bankHighestCellMember: highest?.battery ?? null,
    bankCurrentSpread: spread(readings, 'batteryCurrent', 3),
    bankVoltageSpread: spread(readings, 'batteryVoltage', 3),
    bankPercentSpread: spread(readings, 'remainPercent', 0),
    bankCirculatingCurrent: isWhole ? circulating(bank) : null,
    bankReadingSpread: times.length < 2 ? null : rounded((Math.max(...times) - Math.min(...times)) / 1000, 3),
    bankWarnings: warnings.length === 0 ? null : warnings.join('; '),
  };
}

function usableCapacity({ topology }: BankReadings, remaining: readonly number[]): number {
  if (topology === 'series') return Math.min(...remaining);
  return remaining.reduce((sum, value) => sum + value, 0);
}

type Compared = 'batteryCurrent' | 'batteryVoltage' | 'remainPercent';

/** The largest less the smallest value; null of fewer than two. */
function spread(readings: readonly Reading[], name: Compared, decimals: number): number | null {
  const values = numbers(readings.map((reading) => reading[name]));
  return values.length < 2 ? null : rounded(Math.max(...values) - Math.min(...values), decimals);
}

/** What flows from batteries into others, and through neither load nor charger. */
function circulating({ topology, fresh }: BankReadings): number | null {
  const currents = numbers(fresh.map(({ reading }) => reading.batteryCurrent));
  if (topology === 'series' || currents.length < fresh.length || currents.length < 2) return null;
  const total = currents.reduce((sum, current) => sum + current, 0);
  const magnitudes = currents.reduce((sum, current) => sum + Math.abs(current), 0);
  return rounded((magnitudes - Math.abs(total)) / 2, 3);
}

/** What does not belong together. */
function mismatches({ fresh, topology }: BankReadings): string[] {
  const readings = fresh.map(({ reading }) => reading);
  const warnings: string[] = [];
  const counts = new Set(readings.map(({ cellVoltage }) => cellVoltage.length).filter((count) => count > 0));
  if (topology === 'parallel') {
    if (counts.size > 1) warnings.push([...counts].map((count) => `${count}S`).join(' beside '));
    const voltages = spread(readings, 'batteryVoltage', 3);
    if (voltages !== null && voltages > CELL_VOLTAGES_APART * Math.max(4, ...counts))
      warnings.push(`voltages are ${voltages.toFixed(2)} V apart: do not connect them`);
  } else {
    const currents = spread(readings, 'batteryCurrent', 3);
    const largest = Math.max(0, ...numbers(readings.map((r) => r.batteryCurrent)).map(Math.abs));
    if (currents !== null && currents > CURRENTS_APART.amperes + CURRENTS_APART.part * largest)
      warnings.push(`currents are ${currents.toFixed(1)} A apart: they are not in series`);
  }
  const percents = spread(readings, 'remainPercent', 0);
  if (percents !== null && percents > PERCENTS_APART)
    warnings.push(`states of charge are ${percents} % apart`);
  return warnings;
}
