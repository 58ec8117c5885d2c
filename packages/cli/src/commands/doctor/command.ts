import type { DeclareCommand } from '../../command-line/context.ts';
import { duration } from '../../command-line/values.ts';

const help = `
The exit code is that of the first stage that fails: 3 adapter or permission,
4 battery not found, 5 link, 6 not a JK battery that can be understood, 7 values
that stand still.`;

export const doctor: DeclareCommand = (program, { options, exit, signal }) => {
  program
    .command('doctor')
    .description('say why a battery cannot be read, and what to do')
    .argument('[device]', 'address or name (default: the strongest battery in range)')
    .option('--json', 'print what was found as JSON')
    .option('--for <time>', 'how long to look at the stream: 10s', duration)
    .addHelpText('after', help)
    .action(async (device: string | undefined, own: { readonly json?: boolean; readonly for?: number }) => {
      const command = await import('./run.ts');
      exit(await command.doctor(device, { ...options(), ...own }, signal));
    });
};
