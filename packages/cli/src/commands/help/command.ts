import { UsageError } from '@ubmsc/base';
import type { Command } from 'commander';
import type { DeclareCommand } from '../../command-line/context.ts';
import { wholeHelp } from '../../command-line/help/configure-help.ts';
import { print } from '../../output.ts';

export const help: DeclareCommand = (program) => {
  program
    .command('help')
    .description('explain a command and its options')
    .argument('[command...]', 'which; without one there is a summary')
    .option('--all', 'list all commands, and the options that every command has')
    .action(async (names: readonly string[], { all }: { readonly all?: true }) => {
      if (all) await print(wholeHelp(program));
      else (await find(program, names)).outputHelp();
    });
};

async function find(program: Command, names: readonly string[]): Promise<Command> {
  let command = program;
  for (const name of names) {
    const next = command.commands.find((each) => each.name() === name);
    if (!next) {
      const { suggestion } = await import('../../command-line/suggestion.ts');
      const known = command.commands.map((each) => each.name());
      throw new UsageError(
        `no command is called ${JSON.stringify(name)}`,
        suggestion(name, known) ?? 'ubmsc help lists them',
      );
    }
    command = next;
  }
  return command;
}
