import { untilAborted } from '@ubmsc/base';
import type { Fleet } from '@ubmsc/client';
import type { BatterySource } from '@ubmsc/session';
import type { Tui } from '@ubmsc/tui';
import { makeFleet, type SimulateBatteries } from '../../batteries/session.ts';
import { keptIn } from '../../batteries/state-folder.ts';
import type { BatteriesOptions } from '../../command-line/context.ts';
import { startLogging } from '../../logging.ts';
import type { LogSink } from '../../log-sink.ts';

export interface TuiCommandOptions extends Omit<BatteriesOptions, 'batteries'> {
  /** A file of settings, which those of batteries are compared with. */
  readonly settings?: string | undefined;
  readonly batteries?: BatteriesOptions['batteries'];
  /** What simulates the batteries of `sim`, where it is not the simulator's standard. */
  readonly simulate?: SimulateBatteries | undefined;
}

/** Batteries that a terminal UI watches. */
export interface Watching extends AsyncDisposable {
  readonly batteries: Fleet;
  /** The batteries with what else is known of them. */
  readonly source: BatterySource;
  /** Begins to look for them. Rejects when an adapter cannot be opened. */
  watch(): Promise<void>;
  /** Resolves when the signal aborts; rejects when an adapter is gone for good. */
  readonly ended: Promise<void>;
}

/** Gets ready to watch what the options mean; the log goes to the screen. */
export async function startWatching(
  { log, journal = false, ...options }: TuiCommandOptions,
  screen: Tui,
  signal: AbortSignal,
): Promise<Watching> {
  const sink: LogSink = {
    write: (level, line) => screen.note(isNews(level, line) ? 'notice' : 'step', line),
    [Symbol.dispose]: () => {},
  };
  const logging = await startLogging({ filter: log, journal, sink });
  const batteries = makeFleet(options, signal, options.simulate);
  const kept = await withKept(batteries, options);
  return {
    batteries,
    source: kept.source,
    watch: async () => await batteries.set(options.batteries ?? { allOf: options.adapter }),
    get ended() {
      return untilEnded(batteries, signal);
    },
    async [Symbol.asyncDispose]() {
      await batteries.close();
      await kept[Symbol.asyncDispose]();
      logging[Symbol.dispose]();
    },
  };
}

/** The batteries with their energy totals and banks. Where there are none, what adds them up is not loaded. */
async function withKept(
  batteries: Fleet,
  options: Pick<TuiCommandOptions, 'banks' | 'state' | 'disableEnergy'>,
): Promise<AsyncDisposable & { readonly source: BatterySource }> {
  if (keptIn(options) === undefined && (options.banks ?? []).length === 0)
    return { source: batteries, [Symbol.asyncDispose]: async () => {} };
  const { withKeptTotals } = await import('../../batteries/metering.ts');
  return await withKeptTotals(batteries, options);
}

/** Whether a line of the log is to be seen beside events. What it says of a battery is an event already. */
function isNews(level: string, line: string): boolean {
  return level === 'error' || (level === 'warn' && !line.startsWith('ubmsc::battery'));
}

async function untilEnded({ failed }: Fleet, signal: AbortSignal): Promise<void> {
  await untilAborted(AbortSignal.any([signal, failed]));
  if (failed.aborted && !signal.aborted) throw failed.reason;
}
