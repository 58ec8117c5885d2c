import { BatteryModel, defaultSettings, deviceProfiles } from '@ubmsc/simulator';
import type { Reading } from '@ubmsc/protocol';
import { liveReading, type BatteryStatus, type EnergyTotals } from '@ubmsc/session';
import { describe, expect, test } from 'vitest';
import type { Bank } from './bank.ts';
import { bankStatus } from './bank-status.ts';
import { readingWith, statusWith } from '@ubmsc/testing';

const bank: Bank = { name: 'house', members: ['A', 'B', 'C'], topology: 'parallel', partial: false };

/** Batteries called A, B, C … with these readings, which came just now. */
function batteries(...readings: readonly Partial<Reading>[]): readonly BatteryStatus[] {
  return readings.map((values, index) =>
    statusWith({
      device: 'ABC'[index] ?? '',
      address: `C8:47:80:00:00:0${index}`,
      reading: readingWith(values),
      readingTime: 0,
    }),
  );
}

/** What a bank of these says at a time. */
function said(statuses: readonly BatteryStatus[], options: Partial<Bank> = {}, now = 0): BatteryStatus {
  return bankStatus({ ...bank, ...options }, statuses, now);
}

const pack: Partial<Reading> = {
  batteryVoltage: 52,
  batteryCurrent: 10,
  batteryPower: 520,
  remainCapacity: 140,
  nominalCapacity: 280,
  cycleCapacity: 1000,
  stateOfHealth: 90,
  chargeMosfet: true,
  dischargeMosfet: true,
  heatingCurrent: 1,
};

describe('three simulated packs in parallel', () => {
  const settings = defaultSettings(deviceProfiles.JK_BD4A8S4P);
  const states = [1, 2, 3].map((seed) => {
    const model = new BatteryModel({ settings, cells: 16, chemistry: 'LFP', seed, stateOfCharge: 40 + seed });
    model.advance(3 * 3600);
    return model.state;
  });
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const statuses = batteries(
    ...states.map((state) => ({
      cellVoltage: state.cellVoltages,
      batteryVoltage: state.packVoltage,
      batteryCurrent: state.packCurrent,
      batteryPower: state.packVoltage * state.packCurrent,
      remainCapacity: state.remainingCapacity,
      nominalCapacity: state.fullChargeCapacity,
      lowestCellVoltage: Math.min(...state.cellVoltages),
      highestCellVoltage: Math.max(...state.cellVoltages),
      lowestCell: state.cellVoltages.indexOf(Math.min(...state.cellVoltages)),
      highestCell: state.cellVoltages.indexOf(Math.max(...state.cellVoltages)),
      chargeMosfet: state.chargeMosOn,
      dischargeMosfet: state.dischargeMosOn,
    })),
  );
  const { reading, bank: values } = said(statuses);

  test('are the sums of the model', () => {
    expect(reading?.batteryCurrent).toBeCloseTo(sum(states.map((state) => state.packCurrent)), 3);
    expect(reading?.batteryPower).toBeCloseTo(
      sum(states.map((state) => state.packVoltage * state.packCurrent)),
      2,
    );
    const remaining = sum(states.map((state) => state.remainingCapacity));
    const full = sum(states.map((state) => state.fullChargeCapacity));
    expect(reading?.remainCapacity).toBeCloseTo(remaining, 3);
    expect(reading?.nominalCapacity).toBeCloseTo(full, 3);
    expect(reading?.remainPercent).toBeCloseTo((100 * remaining) / full, 1);
    expect(reading?.batteryVoltage).toBeCloseTo(sum(states.map((state) => state.packVoltage)) / 3, 3);
  });

  test('name the lowest and the highest cell with their pack', () => {
    const all = states.flatMap(({ cellVoltages }) => cellVoltages);
    const lowest = all.indexOf(Math.min(...all));
    const highest = all.indexOf(Math.max(...all));
    expect(reading?.lowestCellVoltage).toBe(all[lowest]);
    expect(values?.bankLowestCellMember).toBe('ABC'[Math.floor(lowest / 16)]);
    expect(reading?.lowestCell).toBe(lowest % 16);
    expect(values?.bankHighestCellMember).toBe('ABC'[Math.floor(highest / 16)]);
    expect(reading?.highestCell).toBe(highest % 16);
  });
});

describe('while a battery of the bank is missing', () => {
  const statuses = batteries(pack, pack, pack).map((status, index) =>
    index === 2 ? { ...status, readingTime: -60_000 } : status,
  );
  const extensive = [
    'batteryCurrent',
    'batteryPower',
    'remainCapacity',
    'nominalCapacity',
    'cycleCapacity',
    'heatingCurrent',
  ] as const;

  test.each(extensive)('%s is null', (name) => {
    expect(said(statuses).reading?.[name]).toBeNull();
    expect(said(statuses.slice(0, 2)).reading?.[name]).toBeNull();
  });

  test.each(extensive)('%s is that of the others where the user asked for it', (name) => {
    expect(said(statuses, { partial: true }).reading?.[name]).toBe(2 * Number(pack[name]));
  });

  test('what does not depend on it goes on, and what is missing is named', () => {
    const status = said(statuses);
    expect(status.reading).toMatchObject({ batteryVoltage: 52, remainPercent: 50, stateOfHealth: 90 });
    expect(status.bank).toMatchObject({ bankMembers: 3, bankFreshMembers: 2, bankWarnings: 'C is missing' });
    expect(status.bank?.bankUsableCapacity).toBeNull();
    expect(status.bank?.bankCirculatingCurrent).toBeNull();
    expect(status.message).toBe('2 of 3 batteries are live: C is missing');
  });

  test('a value that one of the batteries does not have has no sum', () => {
    const status = said(batteries(pack, { ...pack, remainCapacity: null }, pack));
    expect(status.reading?.remainCapacity).toBeNull();
    expect(status.reading?.remainPercent).toBeNull();
    expect(status.reading?.batteryCurrent).toBe(30);
  });
});

test('the state of charge counts a battery of twice the capacity twice', () => {
  const small = { ...pack, remainCapacity: 28, nominalCapacity: 280 };
  const large = { ...pack, remainCapacity: 560, nominalCapacity: 560 };
  const { reading } = said(batteries(small, large), { members: ['A', 'B'] });
  expect(reading?.remainPercent).toBe(70);
});

test('power is the sum of products, and the voltage of a battery with open MOSFETs is not that of the bank', () => {
  const open = {
    batteryVoltage: 48,
    batteryCurrent: 0,
    batteryPower: 0,
    chargeMosfet: false,
    dischargeMosfet: false,
  };
  const { reading, bank: values } = said(batteries(pack, { ...pack, ...open }), { members: ['A', 'B'] });
  expect(reading).toMatchObject({ batteryVoltage: 52, batteryPower: 520, batteryCurrent: 10 });
  expect(values).toMatchObject({
    bankDischargingMembers: 1,
    bankUsableCapacity: 140,
    bankVoltageSpread: 4,
    bankCurrentSpread: 10,
  });
  expect(values?.bankWarnings).toContain('4.00 V apart: do not connect them');
});

test('current from one battery into the other is told', () => {
  const { bank: values } = said(batteries({ ...pack, batteryCurrent: 8 }, { ...pack, batteryCurrent: -5 }), {
    members: ['A', 'B'],
  });
  expect(values?.bankCirculatingCurrent).toBe(5);
});

test('packs that do not belong together are warned of', () => {
  const sixteen = { ...pack, cellVoltage: Array.from({ length: 16 }, () => 3.3), remainPercent: 20 };
  const thirtyTwo = { ...pack, cellVoltage: Array.from({ length: 32 }, () => 3.3), remainPercent: 90 };
  const { bank: values } = said(batteries(sixteen, thirtyTwo), { members: ['A', 'B'] });
  expect(values?.bankWarnings).toBe('16S beside 32S; states of charge are 70 % apart');
});

test('an alarm is told with the battery that has it', () => {
  const status = said(batteries(pack, { ...pack, alarms: ['cellUnderVoltage'] }, pack));
  expect(status.reading?.alarms).toEqual(['cellUnderVoltage']);
  expect(status.bank?.bankWarnings).toBe('B: cell under voltage');
});

describe('batteries in series', () => {
  const series = { topology: 'series', members: ['A', 'B'] } as const;

  test('have the sum of voltages, one current, and the capacity of the smaller one', () => {
    const other = {
      ...pack,
      batteryVoltage: 26,
      batteryPower: 260,
      batteryCurrent: 10.2,
      remainCapacity: 100,
    };
    const { reading } = said(batteries(pack, other), series);
    expect(reading).toMatchObject({
      batteryVoltage: 78,
      batteryCurrent: 10.1,
      batteryPower: 780,
      remainCapacity: 100,
      nominalCapacity: 280,
    });
  });

  test('have no voltage while one is missing, but a current', () => {
    const { reading } = said(batteries(pack), series);
    expect(reading).toMatchObject({ batteryVoltage: null, batteryPower: null, batteryCurrent: 10 });
  });

  test('are doubted when their currents differ', () => {
    const { bank: values } = said(batteries(pack, { ...pack, batteryCurrent: -30 }), series);
    expect(values?.bankWarnings).toContain('they are not in series');
  });

  test('conduct when all do', () => {
    const { reading } = said(batteries(pack, { ...pack, dischargeMosfet: false }), series);
    expect(reading).toMatchObject({ chargeMosfet: true, dischargeMosfet: false });
  });
});

test('a bank is as old as its oldest reading, and stale when the first of its batteries is', () => {
  const statuses = batteries(pack, pack, pack).map((status, index) => ({
    ...status,
    readingTime: [4000, 1000, 3000][index],
    staleAfter: [10_000, 12_000, 10_000][index] ?? 0,
  }));
  const status = said(statuses, {}, 4000);
  expect(status.readingTime).toBe(1000);
  expect(status.bank?.bankReadingSpread).toBe(3);
  expect(liveReading(status, 12_999)).toBeDefined();
  expect(liveReading(status, 13_000)).toBeUndefined();
});

test('a bank of which no battery is live is as stale as they are', () => {
  const status = said(batteries(pack, pack, pack), {}, 60_000);
  expect(status.reading?.batteryCurrent).toBe(30);
  expect(liveReading(status, 60_000)).toBeUndefined();
  expect(status.bank?.bankFreshMembers).toBe(0);
});

test('a bank of which nothing is known yet has no reading', () => {
  const status = said([]);
  expect(status).toMatchObject({ reading: undefined, energy: undefined, state: 'waiting' });
  expect(status.bank).toMatchObject({ bankMembers: 3, bankFreshMembers: 0 });
});

describe('the energy of a bank', () => {
  const energy: EnergyTotals = {
    energyCharged: 1.5,
    energyDischarged: 1,
    chargedCapacity: 30,
    dischargedCapacity: 20,
    energyChargedToday: 0.5,
    energyDischargedToday: 0,
    energyChargedMonth: 1,
    energyDischargedMonth: 1,
    bridgedTime: 12,
    unmeteredTime: 0,
  };
  const metered = batteries(pack, pack).map((status) => ({ ...status, energy }));

  test('is that of all its batteries, however old their readings are', () => {
    const status = said(metered, { members: ['A', 'B'] }, 60_000);
    expect(status.energy).toMatchObject({ energyCharged: 3, chargedCapacity: 60, bridgedTime: 12 });
  });

  test('in series, the charge is that of one', () => {
    const status = said(metered, { members: ['A', 'B'], topology: 'series' });
    expect(status.energy).toMatchObject({ energyCharged: 3, chargedCapacity: 30 });
  });

  test('is absent while that of one is not known', () => {
    expect(said(metered).energy).toBeUndefined();
  });
});
