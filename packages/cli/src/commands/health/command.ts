import type { DeclareCommand } from '../../command-line/context.ts';

export const health: DeclareCommand = (program, { options, exit, signal }) => {
  program
    .command('health')
    .description('say whether the exporter of this machine at --url answers; the exit code is 0 if so')
    .action(async () => {
      const command = await import('./run.ts');
      exit(await command.health(options().url, signal));
    });
};
