import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addStep,
  addSums,
  batteryKey,
  emptyAccount,
  EnergyState,
  noSums,
  stepBetween,
  totalsOf,
  type Account,
  type Sample,
} from '@ubmsc/energy';
import { HistoryWriter } from '@ubmsc/history';
import { decodeReading } from '@ubmsc/protocol';
import { newStatus, type BatteryEvent, type BatteryStatus } from '@ubmsc/session';
import { batteryAddress, SimulatedDevice, type SimulatedDeviceOptions } from '@ubmsc/simulator';
import { ENERGY, HISTORY } from '../../batteries/state-folder.ts';

import { demoBatteries } from './batteries.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far apart readings are, from the farthest past to now. */
const parts = [
  { from: 30 * DAY, every: 10 * MINUTE },
  { from: DAY, every: 2 * MINUTE },
  { from: 2 * HOUR, every: 20 * SECOND },
] as const;

/** Longest steps of the model, in seconds. */
const STEP = 60;

/** The demo's batteries as they lived before, and when the link to the second one was lost. */
const pasts: readonly SimulatedDeviceOptions['battery'][] = [
  { stateOfCharge: 30, weakCell: { cell: 6, capacity: 0.92, resistance: 3 } },
  { stateOfCharge: 58 },
  { stateOfCharge: 80 },
];
const lost = { battery: 1, from: 9.3 * DAY, to: 9 * DAY } as const;

/**
 * Writes a month of history of the batteries of the demo into a state folder, up to a time, and their energy totals.
 * Every value is from a simulated battery, and is kept as such.
 */
export async function writeMonth(state: string, now: number, signal: AbortSignal): Promise<void> {
  const accounts = new Map<string, Account>();
  await using writer = await HistoryWriter.open({ folder: join(state, HISTORY), isImport: true });
  for (const [index, options] of demoBatteries(undefined).entries()) {
    const battery = new PastBattery(index, options, now - parts[0].from);
    for (const time of times(now)) {
      signal.throwIfAborted();
      for (const event of battery.eventsAt(time, now)) writer.add(event, event.time);
    }
    await writer.flush();
    accounts.set(battery.key, battery.account);
  }
  const folder = join(state, ENERGY);
  await mkdir(folder, { recursive: true });
  await (await EnergyState.open(folder)).write(accounts);
}

function* times(now: number): Generator<number> {
  for (const [index, { from, every }] of parts.entries())
    for (let time = now - from; time < now - (parts[index + 1]?.from ?? 0); time += every) yield time;
}

/** A simulated battery that lives through a month within a second. */
class PastBattery {
  account: Account;
  readonly #device: SimulatedDevice;
  readonly #isLost: (age: number) => boolean;
  #status: BatteryStatus;
  #time: number;
  #latest: Sample;

  constructor(index: number, options: SimulatedDeviceOptions, start: number) {
    const { profile, settings } = options;
    const midnight = new Date(start).setHours(0, 0, 0, 0);
    const battery = { ...pasts[index], startTime: (start - midnight) / SECOND };
    const seed = index + 1;
    this.#device = new SimulatedDevice({
      ...(profile && { profile }),
      ...(settings && { settings }),
      battery,
      seed,
      now: () => 0,
    });
    this.#isLost = (age) => index === lost.battery && age < lost.from && age > lost.to;
    this.#time = start;
    this.#latest = this.#sample();
    const { name: device } = this.#device;
    this.#status = newStatus({
      device,
      address: batteryAddress(index),
      name: device,
      adapter: 'sim:3',
      simulated: true,
      state: 'streaming',
    });
    this.account = { ...emptyAccount, name: this.#status.device };
  }

  get key(): string {
    return batteryKey(this.#status) ?? '';
  }

  /** Lives on up to a time, and says what was received then. */
  eventsAt(time: number, now: number): readonly BatteryEvent[] {
    this.#live(time);
    const state = this.#isLost(now - time) ? 'lost' : 'streaming';
    const { state: from } = this.#status;
    const reason = state === 'lost' ? ('linkLost' as const) : undefined;
    this.#status = { ...this.#status, state, reason };
    const changes: readonly BatteryEvent[] =
      from === state ? [] : [{ kind: 'state', time, status: this.#status, from }];
    if (state === 'lost') return changes;
    const reading = decodeReading(this.#device.cellData(), this.#device.profile.variant, time);
    const energy = totalsOf(this.account, time);
    const status = { ...this.#status, reading, readingTime: time, energy };
    return [...changes, { kind: 'reading', time, status, reading }];
  }

  #live(time: number): void {
    let sums = noSums;
    while (this.#time < time) {
      const next = Math.min(time, this.#time + MINUTE);
      this.#device.model.advance((next - this.#time) / SECOND, STEP);
      this.#time = next;
      const sample = this.#sample();
      sums = addSums(sums, stepBetween(this.#latest, sample).sums ?? noSums);
      this.#latest = sample;
    }
    this.account = addStep(this.account, { sums, bridged: 0, unmetered: 0 }, time);
  }

  #sample(): Sample {
    const { packVoltage, packCurrent } = this.#device.model.state;
    return { time: this.#time, power: packVoltage * packCurrent, current: packCurrent };
  }
}
