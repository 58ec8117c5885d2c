import type { DeclareCommand } from '../../command-line/context.ts';

const help = `
With --diff the exit code is 1 when settings differ. A device is found in the
file by its address; one that is not in it is named on standard error and not
compared.

Examples:
  ubmsc settings -f json > before.json
  ubmsc settings --diff before.json`;

export const settings: DeclareCommand = (program, { optionsWith, exit, signal }) => {
  program
    .command('settings')
    .description('show how devices are set')
    .argument('[devices...]', 'addresses or names')
    .option(
      '--diff <file>',
      'show only what differs from what settings has printed earlier, in any format, - for standard input',
    )
    .option('--raw', 'show all that the record has room for, also what the device says it lacks')
    .addHelpText('after', help)
    .action(async (devices: readonly string[], own: { readonly diff?: string; readonly raw?: boolean }) => {
      const command = await import('./run.ts');
      exit(await command.settings({ ...optionsWith(devices), ...own }, signal));
    });
};
