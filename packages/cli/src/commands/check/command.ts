import type { DeclareCommand } from '../../command-line/context.ts';
import { collect } from '../../command-line/values.ts';

const help = `
A line for each battery, as Nagios, Icinga and cron want it. The exit code is 0
when all is well, 1 warning, 2 critical, 3 unknown: it could not be read, or the
command line makes no sense. An alarm of the battery is critical.

NAME is a measurement, RANGE what is well, as in the guidelines for plugins: 20:
is 20 or more, 50 is 0 to 50, 5:40 is 5 to 40, @1:5 is all but 1 to 5.

Examples:
  ubmsc check house
  ubmsc check --warning remain_percent=30: --critical delta_cell_voltage=0.1`;

interface CheckCommandOptions {
  readonly warning: readonly string[];
  readonly critical: readonly string[];
}

export const check: DeclareCommand = (program, { optionsWith, exit, refuseIdle, signal }) => {
  program
    .command('check')
    .description('say whether batteries are well, for Nagios, Icinga and cron')
    .argument('[devices...]', 'addresses or names')
    .option('--warning <NAME=RANGE>', 'range without a warning, may be repeated', collect, [
      'remain_percent=20:',
    ])
    .option('--critical <NAME=RANGE>', 'range that is not critical, may be repeated', collect, [
      'remain_percent=10:',
    ])
    .addHelpText('after', help)
    .action(async (devices: readonly string[], own: CheckCommandOptions) => {
      refuseIdle(['format'], 'monitors want its lines as they are; read prints values in every format');
      const command = await import('./run.ts');
      exit(await command.check({ ...optionsWith(devices), ...own }, signal));
    });
};
