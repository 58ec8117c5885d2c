import { Argument } from 'commander';
import type { DeclareCommand } from '../../command-line/context.ts';
import type { Shell } from '../../command-line/help/completions.ts';
import { print } from '../../output.ts';

const help = `
Examples:
  ubmsc completion bash > ~/.local/share/bash-completion/completions/ubmsc
  ubmsc completion zsh > ~/.zfunc/_ubmsc            # a folder of $fpath
  ubmsc completion fish > ~/.config/fish/completions/ubmsc.fish`;

export const completion: DeclareCommand = (program) => {
  program
    .command('completion')
    .description('print what makes a shell complete commands, options and their values')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish'] satisfies Shell[]))
    .addHelpText('after', help)
    .action(async (shell: Shell) => {
      const [{ shells }, { describe }] = await Promise.all([
        import('../../command-line/help/completions.ts'),
        import('../../command-line/help/describe.ts'),
      ]);
      await print(shells[shell](describe(program)));
    });
};
