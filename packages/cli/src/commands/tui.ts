import { open } from 'node:fs/promises';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { MOST_RECORDINGS, Playback, startTui, type Tui, type TuiOptions } from '@ubmsc/tui';
import { UsageError } from '@ubmsc/base';
import type { BatterySource, BatteryStatus } from '@ubmsc/session';
import { withBanks } from '../batteries/metering.ts';
import { isOnTerminal } from '../on-terminal.ts';
import { WatchedBatteries, type Wanted } from '../batteries/watched-batteries.ts';
import type { BatteriesOptions } from '../command-line/context.ts';
import { exitCodes, Interrupted } from '../exit-codes.ts';
import type { LogSink } from '../log-sink.ts';
import type { SimulateBatteries } from './session.ts';

export interface TuiCommandOptions extends Omit<BatteriesOptions, 'batteries'> {
  readonly batteries?: BatteriesOptions['batteries'];
  /** What simulates the batteries of `sim`, where it is not the simulator's standard. */
  readonly simulate?: SimulateBatteries | undefined;
}

/**
 * Ink makes a megabyte of garbage with each frame, for which V8 lets its heap grow by 30 MB. These keep it as small as
 * it is at the start, at no cost that can be measured.
 */
const thrift = ['--semi-space-growth-factor=1', '--heap-growing-percent=30'];

/** Shows batteries on the terminal until somebody quits. Returns the exit code. */
export async function tui(options: TuiCommandOptions, signal: AbortSignal): Promise<number> {
  return await onTerminal(async () => await watchBatteries(options, signal));
}

/** Shows recordings on the terminal until somebody quits. Returns the exit code. */
export async function timeTravel(
  files: readonly string[],
  options: Look,
  signal: AbortSignal,
): Promise<number> {
  return await onTerminal(async () => await playRecordings(files, options, signal));
}

async function watchBatteries(options: TuiCommandOptions, signal: AbortSignal): Promise<number> {
  const wanted: Wanted = options.batteries ?? { allOf: options.adapter };
  const closing = new AbortController();
  const either = AbortSignal.any([signal, closing.signal]);
  // The screen stands before Bluetooth, which takes its time, is loaded.
  await using batteries = new WatchedBatteries(async (adapter, all) => {
    const { openWatcher } = await import('./session.ts');
    return await openWatcher(options, either, options.simulate)(adapter, all);
  });
  const shown: Shown = { source: withBanks(batteries, options), opening: `opening ${adaptersOf(wanted)} …` };
  return await show(
    shown,
    options,
    async (screen) => await watch(batteries, wanted, options, screen),
    AbortSignal.any([signal, batteries.failed]),
    closing,
  );
}

async function playRecordings(files: readonly string[], options: Look, signal: AbortSignal): Promise<number> {
  if (files.length > MOST_RECORDINGS) {
    throw new UsageError(`no more than ${MOST_RECORDINGS} recordings are shown together`, 'give fewer files');
  }
  if (files.includes('-')) {
    throw new UsageError('keys come from standard input, so no recording can', 'give the path of a file');
  }
  const closing = new AbortController();
  const either = AbortSignal.any([signal, closing.signal]);
  const { recordingText } = await import('../recordings/load-recording.ts');
  const playback = new Playback(files.map((name) => ({ name, pieces: recordingText(name, either) })));
  const shown: Shown = { source: playback, playback, opening: `reading ${files.join(', ')} …` };
  return await show(
    shown,
    options,
    async (screen) => {
      await playback.load(either);
      for (const remark of playback.remarks) screen.note('notice', remark);
      screen.waitFor('the recordings have no battery');
    },
    signal,
    closing,
  );
}

type Look = Pick<BatteriesOptions, 'theme' | 'graph'>;

type Shown = Pick<TuiOptions, 'opening' | 'playback'> & { readonly source: BatterySource };

/** Shows a source on the terminal until somebody quits, or feeding it fails. */
async function show(
  { source, ...own }: Shown,
  options: Look,
  feed: (screen: Tui) => Promise<void>,
  signal: AbortSignal,
  closing: AbortController,
): Promise<number> {
  try {
    using screen = startTui(source, {
      input: process.stdin,
      output: process.stdout,
      env: process.env,
      look: options.theme,
      graphStyle: options.graph,
      toJson,
      save,
      ...own,
    });
    // Not before, because all that was loaded up to here is kept.
    thrift.forEach((flag) => setFlagsFromString(flag));
    const feeding = feed(screen);
    const end = await Promise.race([
      screen.ended,
      feeding.then(async () => await new Promise<never>(() => {})),
      aborted(signal),
    ]);
    if (end === 'gone') throw new Interrupted(HANGUP);
    return exitCodes.ok;
  } finally {
    closing.abort(new Error('the terminal UI has ended'));
  }
}

/** Runs what needs a terminal, which may go away. */
async function onTerminal(run: () => Promise<number>): Promise<number> {
  if (!isOnTerminal()) {
    throw new UsageError(
      'the terminal UI needs a terminal',
      'ubmsc watch --plain prints readings into pipes and files',
    );
  }
  try {
    return await run();
  } catch (error) {
    if (error instanceof Interrupted && error.exitCode === HANGUP) endOfTerminal();
    throw error;
  }
}

/** Exit code of a process that SIGHUP has ended. */
const HANGUP = 128 + constants.signals.SIGHUP;

/**
 * Ends the process at once, when all is closed: the terminal is gone, and at an orderly end Node would fail as it sets
 * back the mode of that.
 */
function endOfTerminal(): void {
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}

async function watch(
  batteries: WatchedBatteries,
  wanted: Wanted,
  { log, journal }: TuiCommandOptions,
  screen: Tui,
): Promise<void> {
  const sink: LogSink = {
    write: (level, line) => screen.note(level === 'error' ? 'notice' : 'step', line),
    [Symbol.dispose]: () => {},
  };
  const { startLogging } = await import('../logging.ts');
  await startLogging({ filter: log, journal: journal ?? false, sink });
  await batteries.set(wanted);
  screen.waitFor(
    `listening on ${adaptersOf(wanted)}: no JK battery was heard yet; one that is in use stays silent`,
  );
}

function adaptersOf(wanted: Wanted): string {
  return 'allOf' in wanted ? wanted.allOf : [...new Set(wanted.map(({ adapter }) => adapter))].join(', ');
}

async function aborted(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

async function toJson(statuses: readonly BatteryStatus[]): Promise<string> {
  const { formats } = await import('../formats/index.ts');
  return await formats['json-pretty'].render({ devices: statuses }, { groups: ['deviceInfo', 'cellData'] });
}

/** Writes a new file into the folder in which the command was started. */
async function save(name: string, text: string): Promise<string> {
  const path = resolve(name);
  await using file = await open(path, 'wx');
  await file.writeFile(text);
  return path;
}
