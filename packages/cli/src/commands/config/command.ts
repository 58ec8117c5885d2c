import type { DeclareCommand } from '../../command-line/context.ts';

export const config: DeclareCommand = (program, context) => {
  program
    .command('config')
    .description('show the settings, and where each comes from')
    .option('--schema', 'print the JSON schema of configuration files instead')
    .action(async (own: { readonly schema?: true }) => {
      const command = await import('./run.ts');
      const sourceOf = (name: string): string | undefined => program.getOptionValueSource(name);
      context.exit(
        await command.config({ ...own, sourceOf, options: context.options(), config: context.config() }),
      );
    });
};
