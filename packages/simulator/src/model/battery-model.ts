import type { AlarmName } from '@ubmsc/protocol';
import { balance, type Balancing } from './balancer.ts';
import type { BatteryState } from './battery-state.ts';
import { chemistries, openCircuitVoltage, type Chemistry, type ChemistryName } from './chemistry.ts';
import { dayCycle, type LoadProfile } from './load-profile.ts';
import { activeProtections, mosConducts } from './protections.ts';
import { noise, randomSequence } from '../device/random.ts';
import type { Settings } from '../device/settings.ts';

/** The pack that is modelled. */
export interface BatteryModelOptions {
  readonly settings: Settings;
  /** Cells in series. */
  readonly cells: number;
  readonly chemistry: ChemistryName;
  /** Charge at the start in % of the full capacity; 60 when left out. */
  readonly stateOfCharge?: number;
  /** Full capacity in % of the design capacity; 97 when left out. */
  readonly stateOfHealth?: number;
  /** Time of day at the start, in seconds since midnight; 10 o'clock when left out. */
  readonly startTime?: number;
  /** Charge discharged so far in A·h; 50 times the design capacity when left out. */
  readonly cycleCapacity?: number;
  /** Temperature around the battery in °C; 20 when left out. */
  readonly ambientTemperature?: number;
  /** Resistance of a cell in Ω, from which cells differ a little; that of the chemistry and capacity when left out. */
  readonly cellResistance?: number;
  /** What charger and consumers do; a day cycle when left out. */
  readonly load?: LoadProfile;
  /** A cell that has aged more than the others: parts of their capacity, and of their resistance. */
  readonly weakCell?: { readonly cell: number; readonly capacity: number; readonly resistance: number };
  /** The same seed gives the same cells, clouds and household; 1 when left out. */
  readonly seed?: number;
  /** Called whenever a protection begins or ends, with the time in s since the start. */
  readonly onProtection?: (alarm: AlarmName, active: boolean, elapsed: number) => void;
}

interface Cell {
  /** Ω. */
  readonly resistance: number;
  /** A·h. */
  readonly capacity: number;
  /** A·h; below 0 or above the capacity when a cell is driven beyond its limits. */
  charge: number;
}

/** Relative spread of capacity and resistance between cells, and of their charge in parts of the capacity. */
const CAPACITY_SPREAD = 0.01;
const RESISTANCE_SPREAD = 0.15;
const CHARGE_SPREAD = 0.004;

/** How long the voltage of a cell goes on moving after the current has changed, in s. */
const POLARISATION_TIME = 45;

/** How long a protection holds at least, in s: without its load a battery recovers at once. */
const LEAST_PROTECTION = 10;

/** Warming: rise over the surroundings in °C at 1 C (cells) or at the highest discharge current (MOSFETs). */
const cellWarming = { rise: 18, time: 2400 };
const mosWarming = { rise: 35, time: 240 };

/**
 * The physics of a battery with its protections: cells in series, coulomb counting, temperatures, MOSFETs and
 * balancer. No clock of its own: time passes only in {@link advance}. The same options and the same calls give the
 * same states.
 */
export class BatteryModel {
  /** The thresholds and switches that the battery obeys. May be replaced at any time. */
  settings: Settings;
  readonly chemistry: ChemistryName;
  readonly #chemistry: Chemistry;
  readonly #cells: readonly Cell[];
  readonly #leads: readonly number[];
  readonly #load: LoadProfile;
  readonly #seed: number;
  readonly #startTime: number;
  readonly #onProtection: NonNullable<BatteryModelOptions['onProtection']>;
  readonly #ambient: number;
  readonly #fullCapacity: number;
  #time: number;
  #remaining: number;
  #cycleCapacity: number;
  #current = 0;
  /** The current as the slow chemistry of the cells has followed it. */
  #slowCurrent = 0;
  #voltageLimited = false;
  #phaseSince: number;
  #batteryTemperature: number;
  #mosTemperature: number;
  #protections: ReadonlySet<AlarmName> = new Set();
  /** When protections tripped. */
  readonly #tripped = new Map<AlarmName, number>();
  #balancing: Balancing = { state: 0, cell: 0, current: 0 };

  constructor(options: BatteryModelOptions) {
    const { settings, cells, stateOfCharge = 60, stateOfHealth = 97, seed = 1 } = options;
    const { designCapacity } = settings;
    const random = randomSequence(seed);
    const spread = (part: number): number => 1 + part * (2 * random() - 1);
    this.settings = settings;
    this.chemistry = options.chemistry;
    this.#chemistry = chemistries[options.chemistry];
    this.#seed = seed;
    this.#onProtection = options.onProtection ?? (() => {});
    this.#time = this.#phaseSince = this.#startTime = options.startTime ?? 10 * 3600;
    this.#ambient = this.#batteryTemperature = this.#mosTemperature = options.ambientTemperature ?? 20;
    this.#cycleCapacity = options.cycleCapacity ?? 50 * designCapacity;
    this.#load =
      options.load ??
      dayCycle({ capacity: designCapacity, cellVoltageLimit: settings.requestChargeVoltage, seed });

    // The weakest cell is the capacity of the pack, and all are level when the pack is full.
    const nominal = (designCapacity * stateOfHealth) / 100;
    const weak = (cell: number): BatteryModelOptions['weakCell'] =>
      cell === options.weakCell?.cell ? options.weakCell : undefined;
    const capacities = Array.from(
      { length: cells },
      (_, cell) => nominal * spread(CAPACITY_SPREAD) * (weak(cell)?.capacity ?? 1),
    );
    this.#fullCapacity = Math.min(...capacities);
    this.#remaining = (this.#fullCapacity * stateOfCharge) / 100;
    this.#cells = capacities.map((capacity, cell) => ({
      capacity,
      resistance:
        (options.cellResistance ?? this.#chemistry.voltageDropAt1C / designCapacity) *
        spread(RESISTANCE_SPREAD) *
        (weak(cell)?.resistance ?? 1),
      charge: capacity - (this.#fullCapacity - this.#remaining) - capacity * CHARGE_SPREAD * random(),
    }));
    this.#leads = this.#cells.map(() => Math.round(50 + 30 * random()) / 1000);
    this.#protect(this.#voltages());
  }

  /** Seconds since midnight of the first day. */
  get time(): number {
    return this.#time;
  }

  /** Seconds since the start. */
  get elapsed(): number {
    return this.#time - this.#startTime;
  }

  /** Charge in all cells together in A·h. Only the current through the pack changes it, and for a moment the balancer. */
  get totalCharge(): number {
    return this.#cells.reduce((sum, cell) => sum + cell.charge, 0);
  }

  /**
   * Lets time pass, in s. Long times take longer steps, so that catching up on a day stays quick; `longest` says how long
   * steps are where nobody looks at what is between.
   */
  advance(seconds: number, longest = Math.min(10, Math.max(1, seconds / 1000))): void {
    for (let left = seconds; left > 0;) {
      const step = Math.min(longest, left);
      this.#step(step);
      left -= step;
    }
  }

  /** What the device measures now, in the resolution of its records. */
  get state(): BatteryState {
    const millivolts = this.#voltages().map((voltage, index) =>
      Math.max(0, Math.round(voltage * 1000 + this.#jitter(index))),
    );
    const packMillivolts = millivolts.reduce((sum, cell) => sum + cell, 0);
    const milliamperes = Math.round(this.#current * 1000);
    return {
      cellVoltages: millivolts.map((cell) => cell / 1000),
      cellLeadResistances: this.#leads,
      packVoltage: packMillivolts / 1000,
      packCurrent: milliamperes / 1000,
      packPower: Math.round(Math.abs(packMillivolts * milliamperes) / 1000) / 1000,
      remainingCapacity: round(this.#remaining, 1000),
      fullChargeCapacity: round(this.#fullCapacity, 1000),
      stateOfCharge: Math.round((100 * this.#remaining) / this.#fullCapacity),
      stateOfHealth: Math.round((100 * this.#fullCapacity) / this.settings.designCapacity),
      cycleCapacity: round(this.#cycleCapacity, 1000),
      cycleCount: Math.floor(this.#cycleCapacity / this.settings.designCapacity),
      mosTemperature: round(this.#mosTemperature, 10),
      batteryTemperatures: [0, 0.4, -0.3, 0.2].map((offset) => round(this.#batteryTemperature + offset, 10)),
      chargeMosOn: mosConducts('charge', this.#protections, this.settings),
      dischargeMosOn: mosConducts('discharge', this.#protections, this.settings),
      balanceState: this.#balancing.state,
      balanceCurrent: this.#balancing.current,
      chargePhase: this.#voltageLimited ? 'absorption' : 'bulk',
      chargePhaseTime: Math.floor(this.#time - this.#phaseSince),
      protections: this.#protections,
    };
  }

  #step(seconds: number): void {
    this.#time += seconds;
    this.#current = this.#flow();
    this.#count(seconds);
    this.#slowCurrent = approach(this.#slowCurrent, this.#current, seconds, POLARISATION_TIME);
    this.#warm(seconds);
    const voltages = this.#voltages();
    this.#protect(voltages);
    this.#balancing = balance(voltages, this.settings, this.#time);
  }

  /** The current that the demand, the charger's limit of voltage and the MOSFETs leave. */
  #flow(): number {
    const { current, cellVoltageLimit = Infinity } = this.#load(this.#time);
    const limited = current > 0 ? Math.min(current, this.#currentAtVoltage(cellVoltageLimit)) : current;
    if (limited < current !== this.#voltageLimited) {
      this.#voltageLimited = limited < current;
      this.#phaseSince = this.#time;
    }
    if (limited > 0) return mosConducts('charge', this.#protections, this.settings) ? limited : 0;
    return mosConducts('discharge', this.#protections, this.settings) ? limited : 0;
  }

  /** The current in A, at least 0, at which the mean cell has this voltage. */
  #currentAtVoltage(cellVoltage: number): number {
    let headroom = 0;
    let resistance = 0;
    for (const cell of this.#cells) {
      headroom += cellVoltage - this.#restVoltage(cell);
      resistance += cell.resistance;
    }
    return Math.max(0, headroom / resistance);
  }

  /** Coulomb counting: of each cell as it is, and of the pack as the device believes it to be. */
  #count(seconds: number): void {
    const hours = seconds / 3600;
    for (const cell of this.#cells) cell.charge += this.#current * hours;
    const balanced = this.#cells[this.#balancing.cell];
    if (balanced) balanced.charge += this.#balancing.current * hours;
    this.#cycleCapacity += Math.max(0, -this.#current) * hours;
    this.#remaining = Math.min(this.#fullCapacity, Math.max(0, this.#remaining + this.#current * hours));
  }

  #warm(seconds: number): void {
    const { designCapacity, maxDischargeCurrent } = this.settings;
    const warmBattery = this.#ambient + cellWarming.rise * (this.#current / designCapacity) ** 2;
    this.#batteryTemperature = approach(this.#batteryTemperature, warmBattery, seconds, cellWarming.time);
    const warmMos = this.#batteryTemperature + mosWarming.rise * (this.#current / maxDischargeCurrent) ** 2;
    this.#mosTemperature = approach(this.#mosTemperature, warmMos, seconds, mosWarming.time);
  }

  #protect(voltages: readonly number[]): void {
    const highestCell = Math.max(...voltages);
    const lowestCell = Math.min(...voltages);
    const before = this.#protections;
    const after = activeProtections(
      before,
      (alarm) => this.#time - (this.#tripped.get(alarm) ?? -Infinity) < LEAST_PROTECTION,
      { highestCell, lowestCell, battery: this.#batteryTemperature, mos: this.#mosTemperature },
      this.settings,
    );
    this.#protections = after;
    for (const alarm of before) if (!after.has(alarm)) this.#onProtection(alarm, false, this.elapsed);
    for (const alarm of after) {
      if (before.has(alarm)) continue;
      this.#tripped.set(alarm, this.#time);
      this.#onProtection(alarm, true, this.elapsed);
    }
    // The counter has no other way to lose its error: full and empty are told by voltage.
    if (this.#current > 0 && highestCell >= this.settings.soc100Voltage) this.#remaining = this.#fullCapacity;
    if (this.#current < 0 && lowestCell <= this.settings.soc0Voltage) this.#remaining = 0;
  }

  #voltages(): number[] {
    return this.#cells.map((cell, index) => {
      const balancing = index === this.#balancing.cell ? this.#balancing.current : 0;
      return this.#restVoltage(cell) + (this.#current + balancing) * cell.resistance;
    });
  }

  /** Voltage of a cell in V as soon as the current has stopped. */
  #restVoltage(cell: Cell): number {
    return (
      openCircuitVoltage(this.#chemistry, cell.charge / cell.capacity) + this.#slowCurrent * cell.resistance
    );
  }

  /** Noise of the voltage measurement in mV. */
  #jitter(index: number): number {
    return noise(this.#seed + index, Math.floor(this.#time * 10)) - 0.5;
  }
}

/** Follows a target with the time constant `time`, however long the step is. */
function approach(value: number, target: number, seconds: number, time: number): number {
  return target + (value - target) * Math.exp(-seconds / time);
}

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
