import type { Settings } from '../device/settings.ts';

/** What the balancer does at one moment: state as in the cell data record (reference, section 6.2). */
export interface Balancing {
  /** 0 off, 1 charging the lowest cell, 2 discharging the highest cell. */
  readonly state: 0 | 1 | 2;
  /** Index of the cell it acts on, from 0. */
  readonly cell: number;
  /** Current into the cell in A: positive in state 1, negative in state 2. */
  readonly current: number;
}

/** Length in s of each phase: an active balancer takes charge from the highest cell, then gives it to the lowest. */
const PHASE = 10;

const off: Balancing = { state: 0, cell: 0, current: 0 };

/** What the balancer does, from the voltages of the cells in V and the time in s. */
export function balance(voltages: readonly number[], settings: Settings, time: number): Balancing {
  if (settings.balancerSwitch === 0) return off;
  const highest = Math.max(...voltages);
  const lowest = Math.min(...voltages);
  const spread = highest - lowest;
  if (spread <= settings.balanceTriggerVoltage || highest < settings.startBalanceVoltage) return off;
  return time % (2 * PHASE) < PHASE
    ? { state: 2, cell: voltages.indexOf(highest), current: -settings.maxBalanceCurrent }
    : { state: 1, cell: voltages.indexOf(lowest), current: settings.maxBalanceCurrent };
}
