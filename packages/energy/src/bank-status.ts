import type { Reading } from '@ubmsc/protocol';
import { liveReading, noCounters, type BatteryStatus, type EnergyTotals } from '@ubmsc/session';
import { membersOf, type Bank, type Member, type Topology } from './bank.ts';
import { bankReading, rounded, type BankReadings } from './bank-reading.ts';
import { bankValues } from './bank-values.ts';

/** A reading of a member, with when it came and after what age it is stale. */
interface Timed {
  readonly name: string;
  readonly reading: Reading;
  readonly time: number;
  readonly staleAfter: number;
}

/**
 * A bank as one battery, at a time of the clock of its source. It is computed from the fresh readings of its members.
 * When there is none, from the latest ones: it is as stale as they are.
 */
export function bankStatus(bank: Bank, statuses: readonly BatteryStatus[], now: number): BatteryStatus {
  const members = membersOf(bank, statuses);
  const fresh = members.flatMap((member) => timed(member, now));
  const used = fresh.length > 0 ? fresh : members.flatMap((member) => timed(member));
  const isWhole = bank.partial || used.length === members.length;
  const readings: BankReadings = { topology: bank.topology, fresh: used, isWhole };
  const missing = members.filter(({ name }) => !fresh.some((each) => each.name === name));
  const times = used.map(({ time }) => time);
  const known = members.flatMap(({ status }) => status ?? []);
  return {
    device: bank.name,
    address: undefined,
    name: undefined,
    adapter: [...new Set(known.map(({ adapter }) => adapter))].join(', '),
    simulated: known.some(({ simulated }) => simulated),
    ...standing(members, missing, fresh.length),
    since: Math.max(0, ...known.map(({ since }) => since)),
    rssi: undefined,
    deviceInfo: undefined,
    ...latest(readings, used),
    frame: undefined,
    counters: noCounters,
    energy: totalEnergy(members, bank.topology),
    bank: bankValues(
      { ...readings, fresh },
      members.length,
      missing.map(({ name }) => name),
      times,
    ),
  };
}

/** The reading of a member that is fresh at a time; whatever its age without one. */
function timed({ name, status }: Member, now?: number): readonly Timed[] {
  const reading = status && now !== undefined ? liveReading(status, now) : status?.reading;
  const { readingTime: time, staleAfter = 0 } = status ?? {};
  return reading && time !== undefined ? [{ name, reading, time, staleAfter }] : [];
}

/** Where the bank stands: it is live while one member is, and says what is missing. */
function standing(
  members: readonly Member[],
  missing: readonly Member[],
  fresh: number,
): Pick<BatteryStatus, 'state' | 'reason' | 'message'> {
  const [first] = missing;
  if (!first) return { state: 'streaming', reason: undefined, message: undefined };
  const why = missing.map(({ name, status }) => status?.message ?? `${name} is missing`).join('; ');
  const message = `${fresh} of ${members.length} batteries are live: ${why}`;
  if (fresh > 0) return { state: 'streaming', reason: undefined, message };
  return { state: first.status?.state ?? 'waiting', reason: first.status?.reason, message };
}

/** The reading is as old as its oldest part, and stale when the first part is. */
function latest(
  readings: BankReadings,
  used: readonly Timed[],
): Pick<BatteryStatus, 'reading' | 'readingTime' | 'staleAfter'> {
  const [oldest] = used.toSorted((one, other) => one.time - other.time);
  if (!oldest) return { reading: undefined, readingTime: undefined, staleAfter: 10_000 };
  const staleAt = Math.min(...used.map(({ time, staleAfter }) => time + staleAfter));
  return {
    reading: bankReading(readings, oldest.reading.source),
    readingTime: oldest.time,
    staleAfter: staleAt - oldest.time,
  };
}

/** The totals of all members together; undefined while one has none. Those in series have one charge, not its sum. */
function totalEnergy(members: readonly Member[], topology: Topology): EnergyTotals | undefined {
  const totals = members.flatMap(({ status }) => status?.energy ?? []);
  if (totals.length === 0 || totals.length < members.length) return undefined;
  const sum = (name: keyof EnergyTotals): number =>
    totals.reduce((total, { [name]: value }) => total + (value ?? 0), 0);
  const energy = (name: keyof EnergyTotals): number | null => rounded(sum(name), 5);
  const charge = (name: keyof EnergyTotals): number | null =>
    rounded(topology === 'series' ? sum(name) / totals.length : sum(name), 3);
  const longest = (name: keyof EnergyTotals): number => Math.max(...totals.map((each) => each[name] ?? 0));
  return {
    energyCharged: energy('energyCharged'),
    energyDischarged: energy('energyDischarged'),
    chargedCapacity: charge('chargedCapacity'),
    dischargedCapacity: charge('dischargedCapacity'),
    energyChargedToday: energy('energyChargedToday'),
    energyDischargedToday: energy('energyDischargedToday'),
    energyChargedMonth: energy('energyChargedMonth'),
    energyDischargedMonth: energy('energyDischargedMonth'),
    bridgedTime: longest('bridgedTime'),
    unmeteredTime: longest('unmeteredTime'),
  };
}
