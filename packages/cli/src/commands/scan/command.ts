import type { DeclareCommand } from '../../command-line/context.ts';

export const scan: DeclareCommand = (program, { options, exit, signal }) => {
  program
    .command('scan')
    .description('list devices as they are found')
    .option('--all', 'list devices that are not JK batteries, too')
    .action(async (own: { readonly all?: boolean }) => {
      const command = await import('./run.ts');
      exit(await command.scan({ ...options(), ...own }, signal));
    });
};
