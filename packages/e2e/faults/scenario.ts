import { openFleet } from '@ubmsc/client';
import type { Ether } from '@ubmsc/hci';
import { liveReading, type BatteryEvent, type BatteryStatus } from '@ubmsc/session';
import {
  batteryAddress,
  parseFaults,
  simulate,
  type DeviceProfileName,
  type DeviceReport,
  type GattLayoutName,
} from '@ubmsc/simulator';
import type { FakeClock } from './fake-clock.ts';
import { Truth } from './truth.ts';

/** Something that goes wrong for a while, as `--fault` writes it. */
export interface Scenario {
  readonly faults: readonly string[];
  readonly profile?: DeviceProfileName;
  readonly gatt?: GattLayoutName;
  readonly batteries?: number;
  /** Of two batteries, it is the other one that has the faults; the outcome is that of the first one. */
  readonly ofTheOther?: boolean;
  /** How long it goes wrong, in seconds; 60 when left out. */
  readonly lasts?: number;
}

/** What a scenario came to. */
export interface Outcome {
  /** States with their reasons, in the order in which they were first seen while it went wrong. */
  readonly seen: readonly string[];
  /** The message of the last of them that had one. */
  readonly message: string;
  /** Time in s from the start to the first reading, while it went wrong. */
  readonly firstReading: number | undefined;
  /** Part of the time in which readings were live, while it went wrong. */
  readonly live: number;
  /** Time in s from the end of the fault until a reading came; undefined when none did. */
  readonly liveAgain: number | undefined;
  readonly readings: number;
  /** Readings that the battery has never measured. */
  readonly wrong: number;
  /** Times at which the battery was written to while its stream ran. */
  readonly disturbed: number;
  readonly report: DeviceReport;
}

/** How long after the end of a fault readings may take to come back, in milliseconds. */
const PATIENCE = 180_000;

/** Runs a scenario over the ether: real noble against real bleno, watched by a fleet. */
export async function run(scenario: Scenario, clock: FakeClock): Promise<Outcome> {
  const { batteries = 1, profile, gatt, ofTheOther, lasts = 60 } = scenario;
  const faults = parseFaults(scenario.faults);
  let simulation: Awaited<ReturnType<typeof simulate>> | undefined;
  const start = async (options: { ether: Ether; signal?: AbortSignal }): Promise<AsyncDisposable> => {
    simulation = await simulate({
      ...options,
      batteries,
      ...(ofTheOther ? { each: [{}, { faults }] } : { faults }),
      ...(profile && { profile }),
      ...(gatt && { gatt }),
    });
    return simulation;
  };
  const devices = Array.from({ length: batteries }, (_, index) => batteryAddress(index));
  const opening = openFleet({ adapter: `sim:${batteries}`, devices, simulate: start });
  const fleet = await clock.during(opening);
  if (!simulation) throw new Error('nothing was simulated');
  const { batteries: simulated } = simulation;
  const truths = new Map(simulated.map(({ address, device }) => [address, new Truth(device)]));
  const status = (): BatteryStatus => {
    const [first] = fleet.statuses;
    if (!first) throw new Error('nothing is watched');
    return first;
  };
  const began = clock.now();
  let ended: number | undefined;
  let firstReading: number | undefined;
  let liveAgain: number | undefined;
  let readings = 0;
  let wrong = 0;
  let message = '';
  const seen = new Map<string, string>();
  const watching = fleet.observe((event: BatteryEvent) => {
    const { state, reason, address = '' } = event.status;
    if (event.status.device !== status().device) {
      if (event.kind === 'reading' && !truths.get(address)?.has(event.reading)) wrong++;
      return;
    }
    if (event.kind === 'state' && ended === undefined) {
      seen.set(reason ? `${state}/${reason}` : state, '');
      message = event.status.message ?? message;
    }
    if (event.kind !== 'reading') return;
    readings++;
    if (!truths.get(address)?.has(event.reading)) wrong++;
    if (ended === undefined) firstReading ??= (clock.now() - began) / 1000;
    else liveAgain ??= (clock.now() - ended) / 1000;
  });
  let live = 0;
  for (let second = 0; second < lasts; second++) {
    await clock.pass(1000);
    if (liveReading(status(), fleet.now())) live++;
  }
  const [battery] = simulated;
  if (!battery) throw new Error('no battery is simulated');
  const disturbed = battery.device.report.beepsWhileStreaming;
  for (const { device } of simulated) device.setFaults([]);
  ended = clock.now();
  await clock.until(() => liveAgain !== undefined, PATIENCE);
  await clock.pass(5000);
  watching[Symbol.dispose]();
  await clock.during(fleet.close());
  const { report } = battery.device;
  // What closes leaves a farewell behind, for a second.
  await clock.pass(30_000);
  return {
    seen: [...seen.keys()],
    message,
    firstReading,
    live: live / lasts,
    liveAgain,
    readings,
    wrong,
    disturbed,
    report,
  };
}
