import { stateFolder } from '@ubmsc/base';
import type { CommandContext, DeclareCommand } from '../../command-line/context.ts';
import type { Options } from '../../command-line/options.ts';

export const web: DeclareCommand = (program, context) => {
  program
    .command('web')
    .description('show the batteries and their history in the browser, until interrupted')
    .argument('[devices...]', 'addresses or names')
    .addHelpText('after', help)
    .action(async (devices: readonly string[]) => {
      const { runOutputs } = await import('../export/run.ts');
      context.exit(await runOutputs(['history', 'listen'], devices, withPage(context)));
    });
};

/** As if the options had asked for the page, with its history in the usual folder where none is given. */
function withPage(context: CommandContext): CommandContext {
  const asked = <T extends Options>(options: T): T => ({
    ...options,
    web: true,
    state: options.state ?? stateFolder(),
  });
  return {
    ...context,
    options: () => asked(context.options()),
    optionsWith: (devices) => asked(context.optionsWith(devices)),
  };
}

const help = `
The page is at the address of --url, for browsers on this machine. To reach it
from a phone, listen at an address of this machine and give it users:
  ubmsc web --url http://192.168.1.20:9889/metrics --web.config.file web.yml`;
