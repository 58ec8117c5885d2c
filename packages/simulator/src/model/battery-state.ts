import type { AlarmName, chargeStatuses } from '@ubmsc/protocol';

/** What a device measures of its battery at one moment, in units and in the resolution of its records. */
export interface BatteryState {
  /** V. */
  readonly cellVoltages: readonly number[];
  /** Ω. */
  readonly cellLeadResistances: readonly number[];
  /** Sum of the cells in V. */
  readonly packVoltage: number;
  /** A, positive while charging. */
  readonly packCurrent: number;
  /** Magnitude in W. */
  readonly packPower: number;
  /** A·h. */
  readonly remainingCapacity: number;
  /** A·h. */
  readonly fullChargeCapacity: number;
  /** %. */
  readonly stateOfCharge: number;
  /** %. */
  readonly stateOfHealth: number;
  /** Charge discharged so far in A·h. */
  readonly cycleCapacity: number;
  readonly cycleCount: number;
  /** °C. */
  readonly mosTemperature: number;
  /** °C of the four battery probes. */
  readonly batteryTemperatures: readonly number[];
  readonly chargeMosOn: boolean;
  readonly dischargeMosOn: boolean;
  /** 0 off, 1 charging a cell, 2 discharging a cell. */
  readonly balanceState: 0 | 1 | 2;
  /** A, positive while a cell is charged. */
  readonly balanceCurrent: number;
  readonly chargePhase: (typeof chargeStatuses)[number];
  /** Time in this phase of charging in s. */
  readonly chargePhaseTime: number;
  /** Protections that are active. */
  readonly protections: ReadonlySet<AlarmName>;
}
