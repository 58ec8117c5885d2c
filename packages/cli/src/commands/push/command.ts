import type { CommandContext, DeclareCommand } from '../../command-line/context.ts';
import { pushDetails } from '../../outputs/push/options.ts';

/** Options of who pushes again and again. */
const daemonOptions = [
  'buffer',
  'pushInterval',
  'pushAllow',
  'pushDeny',
  'pushLabel',
  'pushOrder',
  'pushShare',
] as const;

/** Reads batteries once and passes on their metrics: pushes them, and writes the textfile where one is named. */
export async function runPush(
  devices: readonly string[],
  pushes: boolean,
  context: CommandContext,
): Promise<void> {
  context.refuseIdle(daemonOptions, 'it is for the exporter, which goes on: add --exporter');
  if (!pushes) context.refuseIdle(pushDetails, 'nothing is pushed: add --push');
  const { push: run } = await import('./run.ts');
  const labels = context.config()?.labels;
  context.exit(await run(context.optionsWith(devices), labels, pushes, context.signal));
}

export const push: DeclareCommand = (program, context) => {
  program
    .command('push')
    .description('read devices once and push their metrics, as -p')
    .argument('[devices...]', 'addresses or names')
    .action(async (devices: readonly string[]) => await runPush(devices, true, context));
};
