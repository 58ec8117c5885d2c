import type { DeclareCommand } from '../../command-line/context.ts';

export const importer: DeclareCommand = (program, { options, exit, signal }) => {
  program
    .command('import')
    .description('make recordings of the sessions in captures: btsnoop, pcap, pcapng, also packed by gzip')
    .argument('<files...>', 'the captures, - for standard input')
    .option('-o, --output <path>', 'folder or file for the recordings, - for standard output (default: here)')
    .option('--anonymize', 'pseudonyms in place of address, name and serial number')
    .option('--force', 'write over recordings that are there')
    .action(async (files: readonly string[], own: { output?: string; anonymize?: true; force?: true }) => {
      const command = await import('./run.ts');
      exit(await command.importCaptures(files, { ...options(), ...own }, signal));
    });
};
