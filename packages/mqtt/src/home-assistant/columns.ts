import type { measurements, Measurement } from '@ubmsc/protocol';

/** Groups of measurements that become entities. */
export const entityGroups = ['cellData', 'bank', 'energy'] as const;

export type EntityGroup = (typeof entityGroups)[number];

type NamesOf<Group extends EntityGroup> = keyof (typeof measurements)[Group];

/** What Home Assistant wants to know of a measurement besides its row in the vocabulary. */
export interface EntityColumns {
  /** The entity is called as its device. */
  readonly main?: true;
  readonly deviceClass?: string;
  readonly unit?: string;
  /** Factor from the unit of the vocabulary to that unit. */
  readonly factor?: number;
  readonly stateClass?: 'measurement' | 'total_increasing';
  /** Decimals that are shown. */
  readonly precision?: number;
  readonly diagnostic?: true;
  /** The user switches it on. */
  readonly off?: true;
  /** The state is the value plus this: cells are numbered from 1 there, as in the app. */
  readonly plus?: number;
  /** All values of a text; other texts are refused. */
  readonly options?: readonly string[];
  /** What stands for no text. */
  readonly empty?: string;
  /** Changes up to this are not worth a message, in the unit of the vocabulary. */
  readonly deadband?: number;
}

/** By the unit of the vocabulary; a measurement may say it otherwise. */
// A table is read by its columns:
// prettier-ignore
export const byUnit: Readonly<Record<NonNullable<Measurement['unit']>, EntityColumns>> = {
  V: { deviceClass: 'voltage', unit: 'V', precision: 3, deadband: 0.002 },
  A: { deviceClass: 'current', unit: 'A', precision: 2, deadband: 0.1 },
  W: { deviceClass: 'power', unit: 'W', precision: 0, deadband: 1 },
  Ω: { unit: 'mΩ', factor: 1000, precision: 1, deadband: 0.0005 },
  '°C': { deviceClass: 'temperature', unit: '°C', precision: 1, deadband: 0.1 },
  '%': { unit: '%', precision: 0, deadband: 0 },
  // Home Assistant has no class for charge, and refuses Ah with the class energy.
  'A·h': { unit: 'Ah', precision: 1, deadband: 0.1 },
  // `measurement` does not go with the class energy.
  kWh: { deviceClass: 'energy', unit: 'kWh', stateClass: 'total_increasing', precision: 3, deadband: 0.001 },
  s: { deviceClass: 'duration', unit: 's', precision: 0, deadband: 5 },
};

const diagnostic = { diagnostic: true } as const;
const hidden = { diagnostic: true, off: true } as const;
const cellNumber = { ...diagnostic, precision: 0, plus: 1 } as const;

/** What does not follow from the unit of a measurement. Null: it is not an entity of the usual kind. */
// A table is read by its columns:
// prettier-ignore
export const columns: { readonly [Group in EntityGroup]: Readonly<Partial<Record<NamesOf<Group>, EntityColumns | null>>> } = {
  cellData: {
    balanceCurrent: { precision: 3, deadband: 0.01 },
    cellResistance: hidden,
    batteryVoltage: { precision: 2, deadband: 0.02 },
    mosfetTemperature: diagnostic,
    // The class battery is for the state of charge alone: the energy dashboard asks for it.
    remainPercent: { main: true, deviceClass: 'battery' },
    nominalCapacity: diagnostic,
    cycleCount: diagnostic,
    // A counter of the device, which may be set back; charge that never falls is that of the energy totals.
    cycleCapacity: { ...diagnostic, precision: 0, stateClass: 'measurement' },
    // A value that counts up would be a row of the database each time; `lastBoot` stands for it.
    upTime: null,
    stateOfHealth: diagnostic,
    lowestCell: cellNumber,
    highestCell: cellNumber,
    balancing: { deviceClass: 'running' },
    heating: { deviceClass: 'running' },
    heatingCurrent: diagnostic,
    chargerPlugged: { deviceClass: 'plug' },
    chargePhase: { options: ['bulk', 'absorption', 'float'] },
    emergencyTime: { ...hidden, unit: 'min', factor: 1 / 60 },
    // A summary, and one for each alarm.
    alarms: null,
  },
  bank: {
    bankMembers: diagnostic,
    bankChargingMembers: diagnostic,
    bankDischargingMembers: diagnostic,
    bankLowestCellMember: diagnostic,
    bankHighestCellMember: diagnostic,
    bankCurrentSpread: diagnostic,
    bankVoltageSpread: diagnostic,
    bankPercentSpread: diagnostic,
    bankCirculatingCurrent: diagnostic,
    bankReadingSpread: hidden,
    bankWarnings: { empty: 'none' },
  },
  energy: {
    chargedCapacity: { precision: 2, deadband: 0.01 },
    dischargedCapacity: { precision: 2, deadband: 0.01 },
    energyChargedToday: { off: true },
    energyDischargedToday: { off: true },
    energyChargedMonth: { off: true },
    energyDischargedMonth: { off: true },
    bridgedTime: hidden,
    unmeteredTime: hidden,
  },
};
