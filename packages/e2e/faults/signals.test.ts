import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import type { SimulationReport } from '@ubmsc/simulator';
import { describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, type Running } from '../src/command.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The longest time that a process may take to end, in milliseconds. */
const SOON = 2000;

interface Situation {
  /** Where the session stands. */
  readonly state: string;
  /** What keeps it there. */
  readonly fault?: string;
  /** The command prints this when it is there. */
  readonly printed: string;
  /** There is a link that has to be closed; without an adapter, none can be. */
  readonly isLinked: boolean;
}

/** Every state of a session. */
// A table is read by its columns:
// prettier-ignore
const situations: readonly Situation[] = [
  { state: 'searching', fault: 'held-by-other', printed: '"reason":"notHeard"', isLinked: false },
  { state: 'connecting', fault: 'connect-hang', printed: '"state":"connecting"', isLinked: false },
  { state: 'discovering', fault: 'discovery-hang', printed: '"state":"discovering"', isLinked: true },
  { state: 'subscribing', fault: 'subscribe-hang', printed: '"state":"subscribing"', isLinked: true },
  { state: 'identifying', fault: 'no-answer', printed: '"state":"identifying"', isLinked: true },
  { state: 'streaming', printed: '"cell_voltage"', isLinked: true },
  { state: 'quiet', fault: 'mute-after=3', printed: '"state":"quiet"', isLinked: true },
  { state: 'mute', fault: 'mute-after=3', printed: '"state":"mute"', isLinked: true },
  { state: 'lost', fault: 'drop-after=0', printed: '"state":"lost"', isLinked: false },
  { state: 'refused', fault: 'impostor=uart', printed: '"state":"refused"', isLinked: false },
  { state: 'without its adapter', fault: 'vanish=1', printed: '"reason":"adapterGone"', isLinked: false },
];

const names = ['UPS_BMS', 'UPS_BMS_2', 'UPS_BMS_3'];

/** Sends a signal; resolves with how the process has ended, and how long that took in milliseconds. */
async function end(running: Running, signal: NodeJS.Signals): Promise<{ code: number | null; took: number }> {
  const sent = performance.now();
  running.process.kill(signal);
  const { code } = await running.ended;
  return { code, took: performance.now() - sent };
}

/** Starts a command for each battery, and each signal ends one of them. Returns what the batteries report then. */
async function endEach(
  fault: string | undefined,
  command: (adapter: string, device: string) => readonly string[],
  isThere: (running: Running) => Promise<unknown>,
): Promise<SimulationReport> {
  await using folder = await temporaryFolder();
  const report = folder.file('report.json');
  {
    const faults = fault === undefined ? [] : ['--fault', fault];
    await using batteries = await simulator('--batteries', '3', '--report', report, ...faults);
    await Promise.all(
      signals.map(async (signal, index) => {
        const running = start(command(batteries.adapter, names[index] ?? ''));
        await isThere(running);
        const { code, took } = await end(running, signal);
        expect(code, signal).toBe(128 + constants.signals[signal]);
        expect(took, signal).toBeLessThan(SOON);
      }),
    );
  }
  const reported: SimulationReport = JSON.parse(await readFile(report, 'utf8'));
  return reported;
}

describe.concurrent(
  'SIGINT, SIGTERM and SIGHUP end a process soon, and its link',
  { timeout: 60_000 },
  () => {
    test.each(situations)('that watches a battery and is $state', async ({ fault, printed, isLinked }) => {
      const { batteries } = await endEach(
        fault,
        (adapter, device) => ['--adapter', adapter, 'watch', device, '--plain', '--states', '-f', 'json'],
        async (running) => await running.printed(printed),
      );
      if (!isLinked) return;
      for (const { connected, connects, disconnects } of batteries) {
        expect(connected).toBe(false);
        // Of its own will: a link that was left behind would have timed out.
        expect(connects).toBeGreaterThan(0);
        expect(disconnects).toEqual({ 'Remote User Terminated Connection': connects });
      }
    });

    test.each([
      { state: 'connecting', fault: 'connect-hang', told: ': connecting' },
      { state: 'identifying', fault: 'no-answer', told: 'asking for device info' },
      { state: 'waiting for cell data', fault: 'mute-after=0', told: 'asking for settings' },
    ])('that reads a battery and is $state', async ({ fault, told }) => {
      const { batteries } = await endEach(
        fault,
        (adapter, device) => ['--adapter', adapter, '-d', device, '-c', '--log', 'debug'],
        async (running) => await running.told(told),
      );
      for (const { connected, connects, disconnects } of batteries) {
        expect(connected).toBe(false);
        expect(disconnects).toEqual(connects === 0 ? {} : { 'Remote User Terminated Connection': connects });
      }
    });
  },
);
