import type { batteryTypes, settingsJk02_32s, Values } from '@ubmsc/protocol';

/** The settings that are voltages of a cell, and therefore depend on the chemistry. */
export type CellVoltageSettings = Pick<
  Values<typeof settingsJk02_32s>,
  | 'smartSleepVoltage'
  | 'cellUvp'
  | 'cellUvpRecovery'
  | 'cellOvp'
  | 'cellOvpRecovery'
  | 'soc100Voltage'
  | 'soc0Voltage'
  | 'requestChargeVoltage'
  | 'requestFloatVoltage'
  | 'powerOffVoltage'
  | 'startBalanceVoltage'
>;

/** What a chemistry changes in the model. */
export interface Chemistry {
  /** Open-circuit voltage in V over the state of charge from 0 to 1; linear between the points and beyond them. */
  readonly openCircuitVoltage: readonly (readonly [stateOfCharge: number, voltage: number])[];
  /** Drop in V over the resistance of a cell at a current of 1 C. */
  readonly voltageDropAt1C: number;
  /** Defaults of the settings. */
  readonly settings: CellVoltageSettings;
}

/** A chemistry of cells. */
export type ChemistryName = (typeof batteryTypes)[number];

/** The chemistries, one row each. The curves are rough, typical ones, drawn for this simulator. */
// A table is read by its columns:
// prettier-ignore
export const chemistries: Readonly<Record<ChemistryName, Chemistry>> = {
  LFP: {
    openCircuitVoltage: [[0, 2.5], [0.02, 2.9], [0.05, 3.08], [0.1, 3.2], [0.2, 3.25], [0.4, 3.29], [0.6, 3.305], [0.8, 3.332], [0.95, 3.345], [0.985, 3.39], [1, 3.58]],
    voltageDropAt1C: 0.06,
    settings: {
      smartSleepVoltage: 3.25, cellUvp: 2.6, cellUvpRecovery: 2.8, cellOvp: 3.65, cellOvpRecovery: 3.45, soc100Voltage: 3.445, soc0Voltage: 2.65,
      requestChargeVoltage: 3.45, requestFloatVoltage: 3.35, powerOffVoltage: 2.5, startBalanceVoltage: 3.4,
    },
  },
  'Li-ion': {
    openCircuitVoltage: [[0, 2.9], [0.05, 3.35], [0.1, 3.47], [0.3, 3.6], [0.5, 3.7], [0.7, 3.88], [0.9, 4.07], [1, 4.2]],
    voltageDropAt1C: 0.1,
    settings: {
      smartSleepVoltage: 3.5, cellUvp: 2.9, cellUvpRecovery: 3.2, cellOvp: 4.2, cellOvpRecovery: 4.1, soc100Voltage: 4.145, soc0Voltage: 3,
      requestChargeVoltage: 4.15, requestFloatVoltage: 4.05, powerOffVoltage: 2.8, startBalanceVoltage: 3.9,
    },
  },
  LTO: {
    openCircuitVoltage: [[0, 1.8], [0.05, 2.05], [0.1, 2.12], [0.5, 2.28], [0.9, 2.45], [0.97, 2.55], [1, 2.75]],
    voltageDropAt1C: 0.04,
    settings: {
      smartSleepVoltage: 2, cellUvp: 1.8, cellUvpRecovery: 2, cellOvp: 2.8, cellOvpRecovery: 2.6, soc100Voltage: 2.645, soc0Voltage: 1.9,
      requestChargeVoltage: 2.65, requestFloatVoltage: 2.5, powerOffVoltage: 1.7, startBalanceVoltage: 2.35,
    },
  },
};

/** Voltage in V of a resting cell. A state of charge below 0 or above 1 follows the last slope of the curve. */
export function openCircuitVoltage(chemistry: Chemistry, stateOfCharge: number): number {
  const points = chemistry.openCircuitVoltage;
  let upper = 1;
  while (upper < points.length - 1 && (points[upper]?.[0] ?? 1) <= stateOfCharge) upper++;
  const [soc0, voltage0] = points[upper - 1] ?? [0, 0];
  const [soc1, voltage1] = points[upper] ?? [1, 0];
  return voltage0 + ((stateOfCharge - soc0) / (soc1 - soc0)) * (voltage1 - voltage0);
}
