import { UsageError } from '@ubmsc/base';
import type { CellDataRecord, LoadedCells } from '../device/cell-data-record.ts';
import { noise } from '../device/random.ts';
import type { BatteryModelOptions } from './battery-model.ts';
import { dayCycle, type LoadProfile } from './load-profile.ts';

/** The battery that a load is made for. */
export interface LoadedBattery {
  /** A·h; every current is in proportion to it. */
  readonly capacity: number;
  /** Voltage of a cell in V at which chargers hold. */
  readonly cellVoltageLimit: number;
  readonly seed: number;
}

/** What happens to a battery that works as it should. */
export interface Load {
  readonly demand: LoadProfile;
  /** The battery at the start. */
  readonly battery?: Pick<BatteryModelOptions, 'stateOfCharge' | 'startTime'>;
  /** What the device measures instead at this time, in seconds since the start. */
  readonly measured?: (values: LoadedCells, elapsed: number) => Partial<CellDataRecord>;
}

interface LoadRow {
  /** What it does. */
  readonly help: string;
  readonly make: (battery: LoadedBattery) => Load;
}

/** A current in parts of the capacity, positive while charging, over the time in seconds. */
type Rate = (time: number, seed: number) => number;

/** A load that is nothing but a current. */
const currents =
  (rate: Rate, more: Omit<Load, 'demand'> = {}): LoadRow['make'] =>
  ({ capacity, cellVoltageLimit, seed }) => ({
    demand: (time) => ({ current: capacity * rate(time, seed), cellVoltageLimit }),
    ...more,
  });

/** A battery under a moderate load that changes, to which something else happens. */
const happens = (measured: Load['measured'], battery?: Load['battery']): LoadRow['make'] =>
  currents(household, { ...(measured && { measured }), ...(battery && { battery }) });

const household: Rate = (time, seed) => -0.05 - 0.4 * step(time, 10, seed) ** 3;

/** Another number from 0 to 1 each time that this many seconds have passed. */
const step = (time: number, seconds: number, seed: number): number => noise(seed, Math.floor(time / seconds));

const isIn = (time: number, period: number, part: number): boolean => time % period < part;

/** Another cell lead every few seconds, while the balancer works. */
function balancedLeads(
  { cellWireResistances, enabledCells }: LoadedCells,
  elapsed: number,
): Partial<CellDataRecord> {
  const cells = 32 - Math.clz32(enabledCells);
  return {
    cellWireResistances: cellWireResistances.map((resistance, cell) =>
      cell < cells ? resistance + Math.round(8 * step(elapsed, 3, cell)) / 1000 : 0,
    ),
  };
}

/** A probe that has lost its contact for moments: it is absent, or reads far too cold. */
function loosely({ temperature2 }: LoadedCells, elapsed: number): Partial<CellDataRecord> {
  const part = step(elapsed, 0.7, 11);
  if (part < 0.6) return { temperature2 };
  return { temperature2: part < 0.8 ? null : -40 + Math.round(500 * step(elapsed, 0.7, 12)) / 10 };
}

/** Every half minute a cell is taken out of the settings, or added again. */
function recounted(values: LoadedCells, elapsed: number): Partial<CellDataRecord> {
  const all = 32 - Math.clz32(values.enabledCells);
  const cells = isIn(elapsed, 60, 30) ? all : Math.max(1, all - 1);
  const keep = (list: readonly number[]): number[] => list.map((each, index) => (index < cells ? each : 0));
  const cellVoltages = keep(values.cellVoltages);
  const packVoltage = cellVoltages.reduce((sum, voltage) => sum + voltage, 0);
  return {
    cellVoltages,
    cellWireResistances: keep(values.cellWireResistances),
    enabledCells: 2 ** cells - 1,
    packVoltage,
    packVoltage2: packVoltage,
  };
}

/** A device whose counters pass the most that they hold, half a minute after the start. */
const wrapped = ({ totalRuntime, sysRunTicks }: LoadedCells): Partial<CellDataRecord> => ({
  totalRuntime: wrap(totalRuntime - 4_000_000 + 2 ** 32 - 30, 2 ** 32),
  sysRunTicks: wrap(sysRunTicks + 2 ** 32 / 10 - 30, 2 ** 32 / 10),
});

const wrap = (value: number, most: number): number => (value >= most ? value - most : value);

/** Makes a device restart every 40 seconds: its clock of tenths and its frame counter begin again. */
function restarts(): NonNullable<Load['measured']> {
  let boot = 0;
  let frameCounter = -1;
  return ({ sysRunTicks }) => {
    if (sysRunTicks - boot >= 40) {
      boot = sysRunTicks;
      frameCounter = -1;
    }
    frameCounter = (frameCounter + 1) & 0xff;
    return { sysRunTicks: sysRunTicks - boot, frameCounter };
  };
}

const full: Load['battery'] = { stateOfCharge: 97 };

/** What can happen to a battery with which nothing is wrong, by the name under which it is asked for. */
// A table is read by its columns:
// prettier-ignore
export const loads = {
  'day': { help: 'a house with solar panels: sun, clouds, an evening, pulses', make: ({ capacity, cellVoltageLimit, seed }) => ({ demand: dayCycle({ capacity, cellVoltageLimit, seed }) }) },
  'idle': { help: 'no current at all', make: currents(() => 0) },
  'steady': { help: 'a tenth of the capacity per hour', make: currents(() => -0.1) },
  'kettle': { help: '0.6 C for 10 s of every 20 s', make: currents((time) => (isIn(time, 20, 10) ? -0.6 : -0.02)) },
  'inverter': { help: 'another current each second, 0.05 to 0.55 C', make: currents((time, seed) => -0.05 - 0.5 * step(time, 1, seed)) },
  'winch': { help: '2 C for 3 s of every 7 s', make: currents((time) => (isIn(time, 7, 3) ? -2 : 0)) },
  'vehicle': { help: 'throttle and regeneration: a sine of 1.2 C', make: currents((time) => 1.2 * Math.sin(time / 2)) },
  'erratic': { help: 'another current at each moment, ±0.6 C', make: currents((time, seed) => 1.2 * step(time, 0.1, seed) - 0.6) },
  'compressor': { help: 'a refrigerator: 2.5 C for half a second, then 0.3 C for 15 s, then none', make: currents((time) => (isIn(time, 30, 0.5) ? -2.5 : isIn(time, 30, 15) ? -0.3 : 0)) },
  'pwm': { help: 'a motor that is switched on and off twice a second', make: currents((time) => (isIn(time, 1.1, 0.55) ? -1 : 0)) },
  'trickle': { help: 'as pwm, but hardly any current', make: currents((time) => (isIn(time, 1.1, 0.55) ? -0.02 : 0)) },
  'clouds': { help: 'solar charge under broken clouds', make: currents((time, seed) => 0.5 * (step(time, 3, seed) < 0.4 ? 0.1 : step(time, 2, seed + 1))) },
  'mppt': { help: 'a solar charger that looks for its best voltage: small steps, and a sweep each 30 s', make: currents((time) => (isIn(time, 30, 3) ? 0.3 * ((time % 3) / 3) : 0.2 + (isIn(time, 4, 2) ? 0.02 : 0))) },
  'balancing': { help: 'nearly full, the balancer works, and the resistances of its leads change', make: currents(() => 0.3, { battery: full, measured: balancedLeads }) },
  'heating': { help: 'a heater that cycles', make: currents((time) => (isIn(time, 24, 12) ? -0.15 : 0), { measured: (_, elapsed) => (isIn(elapsed, 24, 12) ? { heatingOn: 1, heatingCurrent: 3.2 } : { heatingOn: 0, heatingCurrent: 0 }) }) },
  'loose-probe': { help: 'a temperature probe with a loose contact', make: happens(loosely) },
  'cell-count': { help: 'a cell is taken out of the settings and added again, every half minute', make: happens(recounted) },
  'clock-set': { help: 'the clock is set every 20 s, forth and back', make: happens(({ rtc }, elapsed) => ({ rtc: rtc + (isIn(elapsed, 40, 20) ? 0 : 86_400 * Math.floor(9 * step(elapsed, 20, 3))) })) },
  'midnight': { help: 'midnight comes after a minute', make: happens(undefined, { startTime: 24 * 3600 - 60 }) },
  'wrap': { help: 'counters pass the most that they hold', make: happens(wrapped) },
  'recalibrated': { help: 'the state of charge is found again every 25 s: empty, full, in between', make: happens(({ fullChargeCapacity }, elapsed) => { const stateOfCharge = [0, 100, 40, 63][Math.floor(elapsed / 25) % 4] ?? 0; return { stateOfCharge, remainingCapacity: (fullChargeCapacity * stateOfCharge) / 100 }; }) },
  'learned': { help: 'the capacity is learned again every 15 s', make: happens(({ fullChargeCapacity, stateOfCharge }, elapsed) => { const learned = Math.round(fullChargeCapacity * 1000 * (0.9 + 0.1 * step(elapsed, 15, 5))) / 1000; return { fullChargeCapacity: learned, remainingCapacity: (learned * stateOfCharge) / 100 }; }) },
  'switched': { help: 'a full battery whose protection switches its MOSFETs at full load', make: ({ capacity }) => ({ demand: (time) => ({ current: capacity * (isIn(time, 50, 35) ? 1 : -0.5) }), battery: full }) },
  'restart': { help: 'the device restarts every 40 s: its clock and its frame counter begin again', make: (battery) => ({ ...happens(undefined)(battery), measured: restarts() }) },
} as const satisfies Readonly<Record<string, LoadRow>>;

/** A load of the table. */
export type LoadName = keyof typeof loads;

const isLoadName = (name: string): name is LoadName => Object.hasOwn(loads, name);

/**
 * The load of this name.
 * @throws {UsageError} there is no such load.
 */
export function parseLoad(name: string): LoadName {
  if (isLoadName(name)) return name;
  throw new UsageError(`no load is called ${JSON.stringify(name)}`, 'listLoads() lists them');
}

/** What happens to this battery. */
export function loadOf(name: LoadName, battery: LoadedBattery): Load {
  const { make }: LoadRow = loads[name];
  return make(battery);
}

/** The table of {@link loads} as text. */
export function listLoads(): string {
  return Object.entries<LoadRow>(loads)
    .map(([name, { help }]) => `${name}\n    ${help}\n`)
    .join('');
}
