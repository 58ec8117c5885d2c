import { UsageError } from '@ubmsc/base';
import type { CommandContext, DeclareCommand } from '../../command-line/context.ts';

/** Shows batteries on the terminal. */
export async function onTerminal(
  devices: readonly string[],
  { optionsWith, exit, signal }: CommandContext,
  settings?: string,
): Promise<void> {
  const options = { ...optionsWith(devices), settings };
  const { tui: run } = await import('./run.ts');
  exit(await run(options, signal));
}

interface Own {
  readonly recording?: readonly string[];
  readonly settings?: string;
}

export const tui: DeclareCommand = (program, context) => {
  program
    .command('tui')
    .description('watch batteries on the terminal: cells, graphs, states')
    .argument('[devices...]', 'addresses or names')
    .option('--recording <file>', 'go through a recording in time, without Bluetooth; may be repeated', list)
    .option('--settings <file>', 'say how settings differ from what settings -f json has printed into a file')
    .addHelpText('after', help)
    .action(async (devices: readonly string[], { recording, settings }: Own) => {
      if (recording === undefined) return await onTerminal(devices, context, settings);
      if (devices.length > 0) {
        throw new UsageError('a recording has its own batteries', 'leave the names out, or --recording');
      }
      const { timeTravel } = await import('./time-travel.ts');
      context.exit(await timeTravel(recording, { ...context.options(), settings }, context.signal));
    });
};

const help = `
Examples:
  ubmsc tui                           what is in range
  ubmsc tui --recording van.jsonl.gz  what was: space plays, > is faster, a and
                                      s go to alarms and changes, w to the
                                      largest spread
  ubmsc tui --settings before.json    what is set differently now: u shows it

Where a service keeps energy totals and history (--state), they are shown: what
went in and out today and this month, and graphs up to 30 days with -.`;

function list(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
