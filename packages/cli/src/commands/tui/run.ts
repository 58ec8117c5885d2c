import { ComingSource } from './coming-source.ts';
import { pastOf } from './past.ts';
import { onTerminal, show, type Shown } from './screen.ts';
import type { TuiCommandOptions, Watching } from './watching.ts';

/** Shows batteries on the terminal until somebody quits. Returns the exit code. */
export async function tui(options: TuiCommandOptions, signal: AbortSignal): Promise<number> {
  return await onTerminal(async () => await watchBatteries(options, signal));
}

async function watchBatteries(options: TuiCommandOptions, signal: AbortSignal): Promise<number> {
  const closing = new AbortController();
  const either = AbortSignal.any([signal, closing.signal]);
  const source = new ComingSource();
  let watching: Watching | undefined;
  const shown: Shown = {
    source,
    opening: `opening ${adaptersOf(options)} …`,
    past: pastOf(options),
    logbook: async (device) => (await watching?.batteries.logbook(device, either)) ?? [],
  };
  return await show(
    shown,
    options,
    async (screen) => {
      // The screen stands before Bluetooth is loaded, which takes longer.
      const { startWatching } = await import('./watching.ts');
      either.throwIfAborted();
      await using started = await startWatching(options, screen, either);
      watching = started;
      source.come(started.source);
      await started.watch();
      screen.waitFor(
        `listening on ${adaptersOf(options)}: no JK battery was found yet; one that is in use stays silent`,
      );
      await started.ended;
    },
    signal,
    closing,
  );
}

function adaptersOf({ batteries, adapter }: TuiCommandOptions): string {
  return batteries ? [...new Set(batteries.map((battery) => battery.adapter))].join(', ') : adapter;
}
