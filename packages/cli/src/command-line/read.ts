import type { DeclareCommand } from './context.ts';

export const info: DeclareCommand = (program, { read }) => {
  program
    .command('info')
    .description('show device info, as -i')
    .argument('[devices...]', 'addresses or names')
    .action(async (devices: readonly string[]) => await read(devices, ['deviceInfo']));
};

export const read: DeclareCommand = (program, context) => {
  program
    .command('read')
    .description('show cell data, as -c')
    .argument('[devices...]', 'addresses or names')
    .action(async (devices: readonly string[]) => await context.read(devices, ['cellData']));
};
