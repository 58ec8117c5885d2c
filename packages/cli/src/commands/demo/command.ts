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
      const { options, exit, refuseIdle, signal } = context;
      refuseIdle(['adapter', 'devices'], 'the demo has batteries of its own');
      if (options().web) refuseIdle(['state'], 'the demo makes up a history, and removes it');
      const run = await import('./run.ts');
      exit(
        options().web === true
          ? await run.demoInBrowser(context, load)
          : await run.demo(options(), load, signal),
      );
    });
};
