import type { DeclareCommand } from '../../command-line/context.ts';
import { stream, streamOptions, type StreamOptions } from '../watch/command.ts';

export const info: DeclareCommand = (program, { read }) => {
  program
    .command('info')
    .description('show device info, as -i')
    .argument('[devices...]', 'addresses or names')
    .action(async (devices: readonly string[]) => await read(devices, ['deviceInfo']));
};

export const read: DeclareCommand = (program, context) => {
  const command = program
    .command('read')
    .description('show cell data, as -c')
    .argument('[devices...]', 'addresses or names')
    .option('--watch', 'show it as it comes, until interrupted');
  streamOptions(command).action(
    async (devices: readonly string[], own: StreamOptions & { readonly watch?: boolean }) => {
      const goesOn = own.watch || own.count !== undefined || own.for !== undefined;
      if (goesOn) await stream(devices, own, context);
      else await context.read(devices, ['cellData']);
    },
  );
};
