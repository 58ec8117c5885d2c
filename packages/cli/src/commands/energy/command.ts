import type { DeclareCommand } from '../../command-line/context.ts';
import { number } from '../../command-line/values.ts';

const help = `
A long run such as ubmsc export adds up energy where it has a folder for its
state. Days and months are those of the local zone; TZ says another one.

Examples:
  ubmsc energy
  ubmsc energy house --days 30 -f json`;

export const energy: DeclareCommand = (program, { options }) => {
  program
    .command('energy')
    .description('show energy totals, by day and month, that a long run has added up')
    .argument('[devices...]', 'names or addresses')
    .option('--days <n>', 'how many days to show', number({ from: 0, to: 35, whole: true }), 7)
    .addHelpText('after', help)
    .action(async (asked: readonly string[], own: { readonly days: number }) => {
      const command = await import('./run.ts');
      await command.energy({ ...options(), ...own, asked });
    });
};
