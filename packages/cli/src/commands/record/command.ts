import type { DeclareCommand } from '../../command-line/context.ts';
import { duration, number, size } from '../../command-line/values.ts';

const help = `
Examples:
  ubmsc record -d VAN -o van.jsonl       until interrupted
  ubmsc record -o /var/lib/ubmsc/ --rotate-time 1d --keep 30
  ubmsc record --for 1m --anonymize      to be attached to a bug report`;

export const record: DeclareCommand = (program, { optionsWith, exit, signal }) => {
  program
    .command('record')
    .description('record what goes over the links to batteries, until interrupted')
    .argument('[devices...]', 'addresses or names')
    .option('-o, --output <path>', 'folder or file for the recordings, - for standard output (default: here)')
    .option('--for <time>', 'end after this time: 30s, 10m, 2h', duration)
    .option('--anonymize', 'pseudonyms in place of address, name and serial number')
    .option('--note <text>', 'what the recording shows')
    .option('--rotate-size <size>', 'begin another part at this size: 500k, 10M', size)
    .option('--rotate-time <time>', 'begin another part after this time: 1h, 1d', duration)
    .option('--keep <n>', 'keep this many parts of each battery', number({ from: 1, to: 1e6, whole: true }))
    .option('--force', 'write over recordings that are there')
    .addHelpText('after', help)
    .action(
      async (
        devices: readonly string[],
        own: {
          readonly output?: string;
          readonly for?: number;
          readonly anonymize?: true;
          readonly note?: string;
          readonly rotateSize?: number;
          readonly rotateTime?: number;
          readonly keep?: number;
          readonly force?: true;
        },
      ) => {
        const command = await import('./run.ts');
        exit(await command.record({ ...optionsWith(devices), ...own }, signal));
      },
    );
};
