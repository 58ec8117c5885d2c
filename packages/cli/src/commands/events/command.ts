import { parseMoment } from '../../times.ts';
import type { DeclareCommand } from '../../command-line/context.ts';

const help = `
Devices date events by the time that they have run, which stands still while
they are off: what happened before a device was last off, happened earlier than
is shown, by as long as it was off. Where that time is not known there is a ?;
such events are shown whatever --since says.

Examples:
  ubmsc events JK_B2A20S20P --since 2025-03-04
  ubmsc events -f json`;

export const events: DeclareCommand = (program, { optionsWith, exit, signal }) => {
  program
    .command('events')
    .description('show the logbook of devices: alarms, switches, power-ons')
    .argument('[devices...]', 'addresses or names')
    .option(
      '--since <time>',
      'leave out what happened before: 2d, 12h, 2025-03-04 or 2025-03-04T05:06',
      (text) => parseMoment(text, Date.now()),
    )
    .addHelpText('after', help)
    .action(async (devices: readonly string[], own: { readonly since?: number }) => {
      const command = await import('./run.ts');
      exit(await command.events({ ...optionsWith(devices), ...own }, signal));
    });
};
