import type { DeclareCommand } from '../../command-line/context.ts';

export const decode: DeclareCommand = (program, { options, exit, signal }) => {
  program
    .command('decode')
    .description('show what bytes mean: a recording, a binary file, hexadecimal text, a log, btsnoop, pcap')
    .argument('[file]', 'the capture, - for standard input', '-')
    .allowExcessArguments(false)
    .option('--explain', 'show of each field offset, formula, value and bytes')
    .option(
      '--raw',
      'show the fields of each record, also unknown and reserved ones and those that the device says it lacks',
    )
    .action(async (file: string, own: { readonly explain?: boolean; readonly raw?: boolean }) => {
      const command = await import('./run.ts');
      exit(await command.decode(file, { ...options(), ...own }, signal));
    });
};
