import type { DeclareCommand } from './context.ts';

export const demo: DeclareCommand = (program, { options, exit, signal }) => {
  program
    .command('demo')
    .description('watch three simulated batteries on the terminal')
    .action(async () => {
      const { demo: run } = await import('../commands/demo.ts');
      exit(await run(options(), signal));
    });
};
