import type { DeclareCommand } from '../../command-line/context.ts';

export const demo: DeclareCommand = (program, context) => {
  program
    .command('demo')
    .description('watch three simulated batteries on the terminal, or with --web in the browser')
    .option(
      '--load <name>',
      'what charger and consumers do with all of them; simulate --list-loads lists them',
    )
    .action(async ({ load }: { load?: string }) => {
      const { options, exit, signal } = context;
      const run = await import('./run.ts');
      exit(
        options().web === true
          ? await run.demoInBrowser(context, load)
          : await run.demo(options(), load, signal),
      );
    });
};
