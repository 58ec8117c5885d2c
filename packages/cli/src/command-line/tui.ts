import type { CommandContext, DeclareCommand } from './context.ts';

/** Whether there is somebody to see a terminal UI and to press its keys. */
export function isOnTerminal(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && process.env['TERM'] !== 'dumb';
}

/** Shows batteries on the terminal. */
export async function onTerminal(
  devices: readonly string[],
  { optionsWith, exit, signal }: CommandContext,
): Promise<void> {
  const options = optionsWith(devices);
  const { tui: run } = await import('../commands/tui.ts');
  exit(await run(options, signal));
}

export const tui: DeclareCommand = (program, context) => {
  program
    .command('tui')
    .description('watch batteries on the terminal: cells, graphs, states')
    .argument('[devices...]', 'addresses or names')
    .action(async (devices: readonly string[]) => await onTerminal(devices, context));
};
