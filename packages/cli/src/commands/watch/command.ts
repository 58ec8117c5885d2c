import type { Command } from 'commander';
import type { CommandContext, DeclareCommand } from '../../command-line/context.ts';
import { isOnTerminal } from '../../on-terminal.ts';
import { onTerminal } from '../tui/command.ts';
import { duration, number } from '../../command-line/values.ts';

/** What says how long readings are shown as they come. */
export interface StreamOptions {
  readonly states?: boolean;
  readonly count?: number;
  readonly for?: number;
  readonly interval?: number;
}

/** Declares the options of a stream of readings. */
export function streamOptions(command: Command): Command {
  return command
    .option('--states', 'show what becomes of the link, too')
    .option('--count <n>', 'end after this many readings of each', number({ from: 1, to: 1e9, whole: true }))
    .option('--for <time>', 'end after this time: 30s, 10m, 2h', duration)
    .option('--interval <time>', 'show one reading of each in this time at most: 10s', duration);
}

/** Shows readings as they come. */
export async function stream(
  devices: readonly string[],
  own: StreamOptions,
  { optionsWith, exit, signal }: CommandContext,
): Promise<void> {
  const options = { ...optionsWith(devices), ...own };
  const { watch: run } = await import('./run.ts');
  exit(await run(options, signal));
}

export const watch: DeclareCommand = (program, context) => {
  const command = program
    .command('watch')
    .description('show cell data as it comes: on a terminal as tui, else a line for each reading')
    .argument('[devices...]', 'addresses or names')
    .option('--plain', 'a line for each reading, on a terminal, too');
  streamOptions(command).action(
    async (devices: readonly string[], { plain, ...own }: StreamOptions & { readonly plain?: true }) => {
      const asksForLines = plain || Object.keys(own).length > 0 || context.isGiven('format');
      if (asksForLines || !isOnTerminal()) await stream(devices, own, context);
      else await onTerminal(devices, context);
    },
  );
};
