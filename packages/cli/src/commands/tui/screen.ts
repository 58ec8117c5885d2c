import { open } from 'node:fs/promises';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { startTui, type Tui, type TuiOptions } from '@ubmsc/tui';
import { UsageError } from '@ubmsc/base';
import type { BatterySource, BatteryStatus } from '@ubmsc/session';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { exitCodes, Interrupted } from '../../exit-codes.ts';
import { settingsInFile } from './settings-file.ts';
import { isOnTerminal } from '../../on-terminal.ts';

/**
 * Readings and frames make garbage, for which V8 lets its heap grow by 30 MB. These keep it as small as it is at the
 * start, at no cost that can be measured.
 */
const thrift = ['--semi-space-growth-factor=1', '--heap-growing-percent=30'];

export type Look = Pick<BatteriesOptions, 'theme' | 'graph' | 'noColor'> & {
  /** A file of settings, which those of batteries are compared with. */
  readonly settings?: string | undefined;
};

export type Shown = Pick<TuiOptions, 'opening' | 'playback' | 'logbook' | 'past'> & {
  readonly source: BatterySource;
};

/** Shows a source on the terminal until somebody quits, or feeding it fails. */
export async function show(
  { source, ...own }: Shown,
  options: Look,
  feed: (screen: Tui) => Promise<void>,
  signal: AbortSignal,
  closing: AbortController,
): Promise<number> {
  const settingsFile = await settingsInFile(options.settings, signal);
  let feeding: Promise<void> | undefined;
  try {
    using screen = startTui(source, {
      input: process.stdin,
      output: process.stdout,
      env: process.env,
      look: options.theme ?? (options.noColor ? 'none' : undefined),
      graphStyle: options.graph,
      toJson,
      save,
      settingsFile,
      ...own,
    });
    feeding = feed(screen);
    void saveMemory();
    const end = await Promise.race([
      screen.ended,
      feeding.then(async () => await new Promise<never>(() => {})),
      aborted(signal),
    ]);
    if (end === 'gone') throw new Interrupted(HANGUP);
    return exitCodes.ok;
  } finally {
    closing.abort(new Error('the terminal UI has ended'));
    // What it has opened is closed before the program ends; why it failed was told above.
    await feeding?.catch(() => {});
  }
}

async function saveMemory(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  for (const flag of thrift) setFlagsFromString(flag);
}

/** Runs what needs a terminal, which may go away. */
export async function onTerminal(run: () => Promise<number>): Promise<number> {
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

async function aborted(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

async function toJson(statuses: readonly BatteryStatus[]): Promise<string> {
  const { formats } = await import('../../formats/index.ts');
  return await formats['json-pretty'].render({ devices: statuses }, { groups: ['deviceInfo', 'cellData'] });
}

/** Writes a new file into the folder in which the command was started. */
async function save(name: string, text: string): Promise<string> {
  const path = resolve(name);
  await using file = await open(path, 'wx');
  await file.writeFile(text);
  return path;
}
