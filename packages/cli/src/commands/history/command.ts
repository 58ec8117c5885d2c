import { InvalidArgumentError, Option } from 'commander';
import { parseMoment } from '../../times.ts';
import type { CommandContext, DeclareCommand } from '../../command-line/context.ts';
import { historyForms, type HistoryForm } from '../../history/form-names.ts';
import { duration } from '../../command-line/values.ts';

const help = `
A long run such as ubmsc export keeps a history where it has a folder for its
state. Times are local ones; --zone and --days take days of another zone.

Examples:
  ubmsc history                the last day of all batteries
  ubmsc history house --from 7d --as chart
  ubmsc history house --days   energy, extremes, spread by day
  ubmsc history house --resistance --from 90d
  ubmsc history --events --from 30d
  ubmsc history house --from 2026-11-01 --every 1h --as csv -o house.csv
  ubmsc history import van.jsonl`;

interface Own {
  readonly from?: number;
  readonly to?: number;
  readonly every?: number;
  readonly columns?: readonly string[];
  readonly as?: HistoryForm;
  readonly output?: string;
  readonly days?: true;
  readonly weeks?: true;
  readonly resistance?: true;
  readonly events?: true;
  readonly zone?: string;
}

export const history: DeclareCommand = (program, context) => {
  const moment = (text: string): number => parseMoment(text, Date.now());
  const { options } = context;
  const command = program
    .command('history')
    .description('show the history that a long run keeps: minutes, hours, days, events')
    .argument('[devices...]', 'names or addresses')
    .option('--from <time>', 'from this time: 12h, 7d, 2026-11-01 (default: 1d)', moment)
    .option('--to <time>', 'up to this time (default: now)', moment)
    .option('--every <time>', 'how long a row is: 1m, 15m, 1h', duration)
    .option('--columns <names>', 'columns with commas between them; history columns lists them', list)
    .addOption(new Option('--as <form>', 'how it is printed').choices(historyForms))
    .option('-o, --output <file>', 'write it to a file')
    .option('--days', 'a line for each day: energy, extremes, spread, cycles, alarms')
    .option('--weeks', 'the same for each week')
    .option('--resistance', 'resistance of the cells from load steps, and how it changes')
    .option('--events', 'what has happened: alarms, links')
    .option('--zone <zone>', 'whose days: Europe/Berlin (default: that of this machine)', zone)
    .addHelpText('after', help)
    .action(async (asked: readonly string[], own: Own) => {
      const { history: run } = await import('./run.ts');
      await run({ ...options(), ...own, asked });
    });
  addCare(command, context);
};

/** What is done with the files of a history. */
function addCare(
  command: ReturnType<Parameters<DeclareCommand>[0]['command']>,
  context: CommandContext,
): void {
  const { options, signal } = context;
  // oxlint-disable-next-line typescript/explicit-function-return-type -- it is that of the module
  const care = async () => await import('../history-care/run.ts');
  command
    .command('verify')
    .description('read all files and say what is damaged')
    .action(async () => await (await care()).verifyHistory(options()));
  command
    .command('prune')
    .description('remove what is older than it is kept')
    .action(async () => await (await care()).pruneHistory(options()));
  command
    .command('import')
    .description('take recordings into the history; minutes that it has stay as they are')
    .argument('<files...>', 'recordings')
    .action(async (files: readonly string[]) => await (await care()).importHistory(files, options(), signal));
  command
    .command('export')
    .description('write minutes and readings of each battery into a folder, as Parquet')
    .argument('<folder>', 'where to')
    .argument('[devices...]', 'names or addresses')
    .action(
      async (folder: string, asked: readonly string[]) =>
        await (await care()).exportHistory(folder, asked, options()),
    );
  command
    .command('columns')
    .description('list the columns that a history can have')
    .action(async () => await (await care()).listColumns());
}

function list(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim());
}

function zone(text: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text }).format();
    return text;
  } catch {
    throw new InvalidArgumentError('It is not a zone, such as Europe/Berlin.');
  }
}
