import type { Tui } from '@ubmsc/tui';
import { withBanks } from '../../batteries/metering.ts';
import type { Fleet, Wanted } from '@ubmsc/client';
import type { BatteriesOptions } from '../../command-line/context.ts';
import type { LogSink } from '../../log-sink.ts';
import { onTerminal, show, type Shown } from './screen.ts';
import { makeFleet, type SimulateBatteries } from '../../batteries/session.ts';

export interface TuiCommandOptions extends Omit<BatteriesOptions, 'batteries'> {
  readonly batteries?: BatteriesOptions['batteries'];
  /** What simulates the batteries of `sim`, where it is not the simulator's standard. */
  readonly simulate?: SimulateBatteries | undefined;
}

/** Shows batteries on the terminal until somebody quits. Returns the exit code. */
export async function tui(options: TuiCommandOptions, signal: AbortSignal): Promise<number> {
  return await onTerminal(async () => await watchBatteries(options, signal));
}

async function watchBatteries(options: TuiCommandOptions, signal: AbortSignal): Promise<number> {
  const wanted: Wanted = options.batteries ?? { allOf: options.adapter };
  const closing = new AbortController();
  const either = AbortSignal.any([signal, closing.signal]);
  await using batteries = makeFleet(options, either, options.simulate);
  const shown: Shown = {
    source: withBanks(batteries, options),
    opening: `opening ${adaptersOf(wanted)} …`,
    logbook: async (device) => await batteries.logbook(device, either),
  };
  return await show(
    shown,
    options,
    async (screen) => await watch(batteries, wanted, options, screen),
    AbortSignal.any([signal, batteries.failed]),
    closing,
  );
}

async function watch(
  batteries: Fleet,
  wanted: Wanted,
  { log, journal }: TuiCommandOptions,
  screen: Tui,
): Promise<void> {
  const sink: LogSink = {
    write: (level, line) => screen.note(level === 'error' ? 'notice' : 'step', line),
    [Symbol.dispose]: () => {},
  };
  const { startLogging } = await import('../../logging.ts');
  await startLogging({ filter: log, journal: journal ?? false, sink });
  await batteries.set(wanted);
  screen.waitFor(
    `listening on ${adaptersOf(wanted)}: no JK battery was found yet; one that is in use stays silent`,
  );
}

function adaptersOf(wanted: Wanted): string {
  return 'allOf' in wanted ? wanted.allOf : [...new Set(wanted.map(({ adapter }) => adapter))].join(', ');
}
