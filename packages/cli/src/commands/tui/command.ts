import { UsageError } from '@ubmsc/base';
import type { CommandContext, DeclareCommand } from '../../command-line/context.ts';

/** Shows batteries on the terminal. */
export async function onTerminal(
  devices: readonly string[],
  { optionsWith, exit, signal }: CommandContext,
): Promise<void> {
  const options = optionsWith(devices);
  const { tui: run } = await import('./run.ts');
  exit(await run(options, signal));
}

export const tui: DeclareCommand = (program, context) => {
  program
    .command('tui')
    .description('watch batteries on the terminal: cells, graphs, states')
    .argument('[devices...]', 'addresses or names')
    .option('--recording <file>', 'go through a recording in time, without Bluetooth; may be repeated', list)
    .addHelpText('after', help)
    .action(async (devices: readonly string[], { recording }: { readonly recording?: readonly string[] }) => {
      if (recording === undefined) return await onTerminal(devices, context);
      if (devices.length > 0) {
        throw new UsageError('a recording has its own batteries', 'leave the names out, or --recording');
      }
      const { timeTravel } = await import('./time-travel.ts');
      context.exit(await timeTravel(recording, context.options(), context.signal));
    });
};

const help = `
Examples:
  ubmsc tui                           what is in range
  ubmsc tui --recording van.jsonl.gz  what was: space plays, > is faster, a and s go
                                      to alarms and changes, w to the largest spread
`;

function list(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
