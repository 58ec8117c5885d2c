import type { DeclareCommand } from '../../command-line/context.ts';

export const demo: DeclareCommand = (program, { options, exit, signal }) => {
  program
    .command('demo')
    .description('watch three simulated batteries on the terminal')
    .option(
      '--load <name>',
      'what charger and consumers do with all of them; simulate --list-loads lists them',
    )
    .action(async ({ load }: { load?: string }) => {
      const { demo: run } = await import('./run.ts');
      exit(await run(options(), load, signal));
    });
};
