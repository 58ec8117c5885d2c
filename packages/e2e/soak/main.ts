// Batteries with which something goes wrong all the time, watched by a fleet: whether all of them are live again at the
// end, whether a wrong reading was shown, and whether anything has grown.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openFleet, type Simulate } from '@ubmsc/client';
import { liveReading, type BatterySource } from '@ubmsc/session';
import { deviceProfiles, simulate, type SimulatedBattery } from '@ubmsc/simulator';
import { holdings, leaks } from '../faults/leaks.ts';
import { Truth } from '../faults/truth.ts';
import { FaultDriver } from './fault-driver.ts';
import { Heap } from './memory.ts';

/** Part of the time in which code is compiled and caches fill. */
const WARM_UP = 0.25;

/** Time between two samples of the heap, in milliseconds. */
const SAMPLE = 2500;

/** How long batteries may take to come back at the end: the longest pause between two tries is a minute. */
const LIVE_AGAIN = 90_000;

/** Growth of the heap that does not count as a leak: the noise of the measurement. */
const HEAP_GROWTH = 0.05;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    batteries: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
  },
});
const minutes = positive('--minutes', values.minutes);
const count = positive('--batteries', values.batteries);
const seed = positive('--seed', values.seed);

const before = holdings();
const warnings: string[] = [];
process.on('warning', ({ message }) => warnings.push(message));

const simulated: SimulatedBattery[] = [];
const start: Simulate = async (options) => {
  const profiles = Object.values(deviceProfiles);
  const each = Array.from({ length: count }, (_, index) => {
    const profile = profiles[(index + profiles.length - 3) % profiles.length] ?? deviceProfiles.JK_BD4A8S4P;
    return { profile: { ...profile, name: `BATTERY_${index + 1}` } };
  });
  const simulation = await simulate({ ...options, each, seed });
  simulated.push(...simulation.batteries);
  return simulation;
};
const fleet = await openFleet({ adapter: `sim:${count}`, simulate: start });
const truths = new Map(simulated.map(({ address, device }) => [address, new Truth(device)]));
let readings = 0;
let wrong = 0;
fleet.observe((event) => {
  if (event.kind !== 'reading') return;
  readings++;
  if (truths.get(event.status.address ?? '')?.has(event.reading) === false) wrong++;
});
const allLiveAtFirst = await allLive(fleet, count, LIVE_AGAIN);
const whenLive = holdings();

const delay = monitorEventLoopDelay();
delay.enable();
const heap = new Heap();
const time = minutes * 60_000;
const began = performance.now();
const driver = new FaultDriver(simulated, seed);
while (performance.now() - began < time) {
  await setTimeout(SAMPLE);
  const passed = (performance.now() - began) / time;
  if (passed > WARM_UP) heap.sample();
  progress(`${Math.round(passed * 100)} %, ${readings} readings, ${live(fleet)} of ${count} live`);
}
driver[Symbol.dispose]();
const recovering = performance.now();
const areAllLive = await allLive(fleet, count, LIVE_AGAIN);
const recovered = performance.now() - recovering;
progress('');
const statuses = fleet.statuses;
const grown = leaks(whenLive, holdings(), 0).filter((each) => !each.endsWith('Timeout'));
await fleet.close();
// Timers of what was closed run out.
await setTimeout(2000);
const left = leaks(before, holdings(), 0).filter((each) => !each.endsWith('listeners warning'));

const { first, last } = heap.ends;
const growth = last / first - 1;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const losses = statuses.map(({ counters }) => sum(Object.values(counters.losses)));
const failures = [
  ...(allLiveAtFirst ? [] : ['not every battery came to life']),
  ...(areAllLive ? [] : ['not every battery is live at the end']),
  ...(wrong > 0 ? [`${wrong} wrong readings`] : []),
  ...(growth > HEAP_GROWTH ? [`the heap has grown by ${percent(growth)}`] : []),
  ...[...grown, ...left].map((each) => `left behind: ${each}`),
  ...warnings.map((each) => `warning: ${each}`),
];
console.log(`\
time                ${minutes} min with ${count} batteries, seed ${seed}
faults              ${sum([...driver.had.values()])}, ${driver.had.size} different ones
links               ${sum(statuses.map(({ counters }) => counters.connects))} made, ${sum(losses)} lost or not made
readings            ${readings}, ${wrong} wrong
live at the end     ${live(fleet, statuses)} of ${count}, ${(recovered / 1000).toFixed(1)} s after the last fault
heap                ${mebibytes(first)} after the warm-up, ${mebibytes(last)} at the end: ${percent(growth)}
resident set        ${mebibytes(process.memoryUsage.rss())}
event loop          ${(delay.percentile(99) / 1e6).toFixed(1)} ms late at most in 99 % of the time
listeners, handles  ${[...grown, ...left].join(', ') || 'as at the beginning'}
${failures.length === 0 ? 'passed' : `FAILED: ${failures.join('; ')}`}`);
process.exitCode = failures.length === 0 ? 0 : 1;

function live(source: BatterySource, of = source.statuses): number {
  return of.filter((status) => liveReading(status, source.now()) && status.state === 'streaming').length;
}

/** Waits until this number of batteries are live. */
async function allLive(source: BatterySource, batteries: number, longest: number): Promise<boolean> {
  const end = performance.now() + longest;
  while (live(source) < batteries) {
    if (performance.now() > end) return false;
    await setTimeout(100);
  }
  return true;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`${name} takes a positive number, not ${JSON.stringify(text)}`);
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u{1b}[K${text}`);
}

function percent(share: number): string {
  return `${share >= 0 ? '+' : ''}${(share * 100).toFixed(1)} %`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
