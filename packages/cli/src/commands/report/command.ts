import { Option } from 'commander';
import type { DeclareCommand } from '../../command-line/context.ts';
import { duration } from '../../command-line/values.ts';

export const report: DeclareCommand = (program, { optionsWith, config, exit, signal }) => {
  program
    .command('report')
    .description('write one file for a bug report: versions, what the doctor finds, settings, a recording')
    .argument('[device]', 'address or name (default: the strongest battery in range)')
    .option('-o, --output <file>', 'where it goes, - for standard output', 'ubmsc-report.md')
    .addOption(new Option('--for <time>', 'how long to record').argParser(duration).default(60, '1m'))
    .option('--anonymize', 'pseudonyms in place of address, name and serial number')
    .option('--force', 'write over a report that is there')
    .action(
      async (
        device: string | undefined,
        own: {
          readonly output: string;
          readonly for: number;
          readonly anonymize?: true;
          readonly force?: true;
        },
      ) => {
        const command = await import('./run.ts');
        const sourceOf = (name: string): string | undefined => program.getOptionValueSource(name);
        const options = optionsWith(device === undefined ? [] : [device]);
        exit(await command.report({ ...options, ...own, sourceOf, configuration: config() }, signal));
      },
    );
};
