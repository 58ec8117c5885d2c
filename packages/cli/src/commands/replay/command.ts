import { UsageError } from '@ubmsc/base';
import type { DeclareCommand } from '../../command-line/context.ts';
import { isOnTerminal } from '../../on-terminal.ts';
import { duration, number } from '../../command-line/values.ts';

const help = `
Examples:
  ubmsc replay van.jsonl                      through it in time
  ubmsc replay van.jsonl | cat                readings as they came
  ubmsc replay van.jsonl --speed 20 --to tui  as if it happened now, but faster
  ubmsc replay van.jsonl --to export --url http://127.0.0.1:9898/metrics

The same, written as an adapter of any command:
  ubmsc --adapter "replay:van.jsonl?speed=20&from=60" watch --plain`;

/** What says how a recording is played. */
interface ReplayCommandOptions {
  readonly to: string;
  readonly speed?: number;
  readonly loop?: true;
  readonly from?: number;
  readonly until?: number;
  readonly list?: true;
}

export const replay: DeclareCommand = (program, { exit, isGiven, runOn }) => {
  program
    .command('replay')
    .description('play recordings into a command, as if their batteries were there')
    .argument('[files...]', 'recordings, or names of --list; then options of the command')
    .allowUnknownOption()
    .option('--to <command>', 'which command: watch, tui, read, info, settings, export, record …', 'watch')
    .option('--speed <factor>', 'how much faster than it was recorded', number({ from: 0.001, to: 1000 }))
    .option('--loop', 'go on with the first cell data when it is over')
    .option('--from <time>', 'where in the recording to begin: 90s, 10m', duration)
    .option('--until <time>', 'where in the recording to end', duration)
    .option('--list', 'list the recordings that come with the program')
    .addHelpText('after', help)
    .action(async (files: readonly string[], own: ReplayCommandOptions) => {
      const command = await import('./run.ts');
      if (own.list) {
        exit(await command.listRecordings());
        return;
      }
      const [names, rest] = command.splitArguments(files);
      if (names.length === 0)
        throw new UsageError('replay needs a recording', 'give a file, or a name of --list');
      // On a terminal a person goes through it in time; asked for a pace, it is played as if it happened now.
      const isTimeless = [own.speed, own.loop, own.from, own.until].every((value) => value === undefined);
      const onScreen =
        own.to === 'tui' || (own.to === 'watch' && rest.length === 0 && !isGiven('format') && isOnTerminal());
      const adapter = command.adapterOf(names, own);
      if (onScreen && isTimeless) await runOn(adapter, 'tui', [...command.timeTravel(names), ...rest]);
      else await runOn(adapter, onScreen ? 'tui' : own.to, rest);
    });
};
