import type { AlarmName } from './codes.ts';

/**
 * One row of the vocabulary. Every output derives from it: the types of readings, JSON keys, columns for people,
 * metric names.
 */
export interface Measurement {
  /** A gauge goes up and down, a counter only up; a state is true or false; text and alarms are words. */
  readonly kind: 'gauge' | 'counter' | 'state' | 'text' | 'alarms';
  /** One value for the device, or one for each cell or temperature probe. */
  readonly per?: 'cell' | 'probe';
  /** SI unit, or the field's usual one: A·h, %, °C. */
  readonly unit?: 'V' | 'A' | 'W' | 'Ω' | '°C' | '%' | 'A·h' | 'kWh' | 's';
  /** What a person calls it. */
  readonly label: string;
  /** One line for somebody who sees the value for the first time. It is the help text of the metric. */
  readonly help: string;
  /** Shown as `***` unless the user asks for secrets. */
  readonly secret?: true;
  /** What its metric is called when its value has another unit there, and by what the value is multiplied. */
  readonly metric?: { readonly name: string; readonly factor: number; readonly help: string };
}

/** Energy is in kWh for people and in J, its SI unit, in metrics. */
const joules = (name: string, what: string): Pick<Measurement, 'help' | 'metric'> => ({
  help: `${what}, kWh`,
  metric: { name, factor: 3_600_000, help: `${what}, J` },
});

/**
 * The vocabulary, in the order of output. Names and help of the first rows of each group are those that users of
 * earlier versions have in their scripts and dashboards: in output the names are snake_case.
 */
// A table is read by its columns:
// prettier-ignore
export const measurements = {
  /** What a device reports about itself. */
  deviceInfo: {
    deviceModel: { kind: 'text', label: 'Model', help: 'Model of the device' },
    hardwareVersion: { kind: 'text', label: 'Hardware', help: 'Hardware version' },
    softwareVersion: { kind: 'text', label: 'Software', help: 'Software version' },
    upTime: { kind: 'counter', unit: 's', label: 'Up time', help: 'Time that the device has run since it was made, s; on JK04 since its last power-on' },
    poweronTimes: { kind: 'counter', label: 'Power-ons', help: 'Number of poweron cycles' },
    deviceName: { kind: 'text', label: 'Name', help: 'Name that the device advertises' },
    devicePasscode: { kind: 'text', secret: true, label: 'Device passcode', help: 'Bluetooth passcode' },
    manufacturingDate: { kind: 'text', label: 'Manufactured', help: 'Date of manufacture, YYMMDD' },
    serialNumber: { kind: 'text', label: 'Serial number', help: 'Serial number' },
    passcode: { kind: 'text', secret: true, label: 'Passcode', help: 'Bytes that older units have after the serial number' },
    userdata: { kind: 'text', label: 'User data', help: 'Text of the user' },
    setupPasscode: { kind: 'text', secret: true, label: 'Setup passcode', help: 'Passcode of the settings' },
    userdata2: { kind: 'text', label: 'User data 2', help: 'Second text of the user' },
  },
  /** What a device measures, about twice a second. */
  cellData: {
    cellVoltage: { kind: 'gauge', per: 'cell', unit: 'V', label: 'Cell voltage', help: 'Voltages of cells, V' },
    averageCellVoltage: { kind: 'gauge', unit: 'V', label: 'Average cell voltage', help: 'Average voltage of cells, V' },
    deltaCellVoltage: { kind: 'gauge', unit: 'V', label: 'Cell voltage spread', help: 'Delta voltage of cells, V' },
    balanceCurrent: { kind: 'gauge', unit: 'A', label: 'Balance current', help: 'Cells balance current, A' },
    cellResistance: { kind: 'gauge', per: 'cell', unit: 'Ω', label: 'Cell wire resistance', help: 'Resistances of cells, Ω' },
    batteryVoltage: { kind: 'gauge', unit: 'V', label: 'Battery voltage', help: 'Voltage of battery, V' },
    batteryPower: { kind: 'gauge', unit: 'W', label: 'Battery power', help: 'Power of battery, W' },
    batteryCurrent: { kind: 'gauge', unit: 'A', label: 'Battery current', help: 'Current of battery, A' },
    batteryTemperature: { kind: 'gauge', per: 'probe', unit: '°C', label: 'Battery temperature', help: 'Temperatures of battery, ℃' },
    mosfetTemperature: { kind: 'gauge', unit: '°C', label: 'MOSFET temperature', help: 'Temperature of mosfet, ℃' },
    remainPercent: { kind: 'gauge', unit: '%', label: 'State of charge', help: 'Remain capacity of battery, %' },
    remainCapacity: { kind: 'gauge', unit: 'A·h', label: 'Remaining capacity', help: 'Remain capacity of battery, A·h' },
    nominalCapacity: { kind: 'gauge', unit: 'A·h', label: 'Full charge capacity', help: 'Full charge capacity as the device has learned it, A·h' },
    cycleCount: { kind: 'counter', label: 'Cycles', help: 'Number of battery cycles' },
    cycleCapacity: { kind: 'counter', unit: 'A·h', label: 'Cycled capacity', help: 'Cycle capacity, A·h' },
    upTime: { kind: 'counter', unit: 's', label: 'Up time', help: 'Time that the device has run since it was made, s; on JK04 since its last power-on' },
    stateOfHealth: { kind: 'gauge', unit: '%', label: 'State of health', help: 'State of health of battery, %' },
    lowestCellVoltage: { kind: 'gauge', unit: 'V', label: 'Lowest cell voltage', help: 'Voltage of the lowest cell, V' },
    highestCellVoltage: { kind: 'gauge', unit: 'V', label: 'Highest cell voltage', help: 'Voltage of the highest cell, V' },
    lowestCell: { kind: 'gauge', label: 'Lowest cell', help: 'Number of the lowest cell, from 0' },
    highestCell: { kind: 'gauge', label: 'Highest cell', help: 'Number of the highest cell, from 0' },
    chargeMosfet: { kind: 'state', label: 'Charge MOSFET', help: 'The charge MOSFET conducts' },
    dischargeMosfet: { kind: 'state', label: 'Discharge MOSFET', help: 'The discharge MOSFET conducts' },
    balancing: { kind: 'state', label: 'Balancing', help: 'The balancer works' },
    heating: { kind: 'state', label: 'Heating', help: 'The heater is on' },
    heatingCurrent: { kind: 'gauge', unit: 'A', label: 'Heating current', help: 'Current of the heater, A' },
    chargerPlugged: { kind: 'state', label: 'Charger plugged in', help: 'A charger is plugged in' },
    chargePhase: { kind: 'text', label: 'Charge phase', help: 'Phase of charging: bulk, absorption or float' },
    emergencyTime: { kind: 'gauge', unit: 's', label: 'Emergency time left', help: 'Time left in emergency mode, s' },
    alarms: { kind: 'alarms', label: 'Alarms', help: 'Alarms and notices that are active' },
  },
  /** What is known of a bank besides the measurements of a battery. */
  bank: {
    bankMembers: { kind: 'gauge', label: 'Batteries', help: 'Batteries of the bank' },
    bankFreshMembers: { kind: 'gauge', label: 'Batteries that are live', help: 'Batteries of the bank with a fresh reading' },
    bankChargingMembers: { kind: 'gauge', label: 'Batteries that can charge', help: 'Batteries of the bank whose charge MOSFET conducts' },
    bankDischargingMembers: { kind: 'gauge', label: 'Batteries that can discharge', help: 'Batteries of the bank whose discharge MOSFET conducts' },
    bankUsableCapacity: { kind: 'gauge', unit: 'A·h', label: 'Usable capacity', help: 'Remaining capacity of the batteries of the bank that can discharge now, A·h' },
    bankLowestCellMember: { kind: 'text', label: 'Battery with the lowest cell', help: 'Battery of the bank with the lowest cell' },
    bankHighestCellMember: { kind: 'text', label: 'Battery with the highest cell', help: 'Battery of the bank with the highest cell' },
    bankCurrentSpread: { kind: 'gauge', unit: 'A', label: 'Current spread', help: 'Largest less smallest current of a battery of the bank, A' },
    bankVoltageSpread: { kind: 'gauge', unit: 'V', label: 'Voltage spread', help: 'Largest less smallest voltage of a battery of the bank, V' },
    bankPercentSpread: { kind: 'gauge', unit: '%', label: 'State of charge spread', help: 'Largest less smallest state of charge of a battery of the bank, %' },
    bankCirculatingCurrent: { kind: 'gauge', unit: 'A', label: 'Circulating current', help: 'Current from batteries of the bank into others, A' },
    bankReadingSpread: { kind: 'gauge', unit: 's', label: 'Reading spread', help: 'Time between the oldest and the newest reading of the bank, s' },
    bankWarnings: { kind: 'text', label: 'Warnings', help: 'What is wrong with the bank, and alarms with the battery that has them' },
  },
  /** What was added up from readings. */
  energy: {
    energyCharged: { kind: 'counter', unit: 'kWh', label: 'Energy charged', ...joules('energy_charged_joules_total', 'Energy charged since metering began') },
    energyDischarged: { kind: 'counter', unit: 'kWh', label: 'Energy discharged', ...joules('energy_discharged_joules_total', 'Energy discharged since metering began') },
    chargedCapacity: { kind: 'counter', unit: 'A·h', label: 'Charge in', help: 'Charge that went in since metering began, A·h', metric: { name: 'charged_ampere_hours_total', factor: 1, help: 'Charge that went in since metering began, A·h' } },
    dischargedCapacity: { kind: 'counter', unit: 'A·h', label: 'Charge out', help: 'Charge that came out since metering began, A·h', metric: { name: 'discharged_ampere_hours_total', factor: 1, help: 'Charge that came out since metering began, A·h' } },
    energyChargedToday: { kind: 'gauge', unit: 'kWh', label: 'Energy charged today', ...joules('energy_charged_today_joules', 'Energy charged today') },
    energyDischargedToday: { kind: 'gauge', unit: 'kWh', label: 'Energy discharged today', ...joules('energy_discharged_today_joules', 'Energy discharged today') },
    energyChargedMonth: { kind: 'gauge', unit: 'kWh', label: 'Energy charged this month', ...joules('energy_charged_month_joules', 'Energy charged this month') },
    energyDischargedMonth: { kind: 'gauge', unit: 'kWh', label: 'Energy discharged this month', ...joules('energy_discharged_month_joules', 'Energy discharged this month') },
    bridgedTime: { kind: 'counter', unit: 's', label: 'Bridged time', help: 'Time between readings 10 to 60 s apart, added up all the same, s', metric: { name: 'energy_bridged_seconds_total', factor: 1, help: 'Time between readings 10 to 60 s apart, added up all the same, s' } },
    unmeteredTime: { kind: 'counter', unit: 's', label: 'Unmetered time', help: 'Time between readings more than 60 s apart, in no total, s', metric: { name: 'energy_unmetered_seconds_total', factor: 1, help: 'Time between readings more than 60 s apart, in no total, s' } },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Measurement>>>>;

/** The groups of measurements. The first two come from records of their own, the others are computed. */
export type MeasurementGroup = keyof typeof measurements;

type Scalar<M> = M extends { kind: 'gauge' | 'counter' }
  ? number
  : M extends { kind: 'state' }
    ? boolean
    : M extends { kind: 'alarms' }
      ? readonly AlarmName[]
      : string;

/** The values of a group; null where the device has none. A list holds null in the place of a value it lacks. */
export type MeasurementValues<G extends MeasurementGroup> = {
  readonly [Name in keyof (typeof measurements)[G]]: (typeof measurements)[G][Name] extends { per: string }
    ? readonly (Scalar<(typeof measurements)[G][Name]> | null)[]
    : Scalar<(typeof measurements)[G][Name]> | null;
};

/** The values of a group of which nothing is known: null, and empty lists. */
export function noValues<G extends MeasurementGroup>(group: G): MeasurementValues<G> {
  const rows = Object.entries<Measurement>(measurements[group]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its names and kinds are those of the rows
  return Object.fromEntries(
    rows.map(([name, { per }]) => [name, per === undefined ? null : []]),
  ) as unknown as MeasurementValues<G>;
}

/** Any value of a measurement. */
export type MeasurementValue =
  number | boolean | string | null | readonly (number | null)[] | readonly string[];

/** `cellVoltage` → `cell_voltage`: how a name is spelled in every output. */
export function snakeCase(name: string): string {
  let known = snakeCases.get(name);
  if (known === undefined) {
    known = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeCases.set(name, known);
  }
  return known;
}

/** Names come from tables, so there are few; each is asked for with every record. */
const snakeCases = new Map<string, string>();
