import type { Argument, Command, Option } from 'commander';
import { optionChoices } from '../options.ts';

/** What is known of a value that is typed: one of some words, a path, or anything. */
export interface DescribedValue {
  readonly choices: readonly string[];
  readonly isPath: boolean;
}

export interface DescribedOption {
  readonly short: string | undefined;
  readonly long: string;
  readonly flags: string;
  readonly help: string;
  /** Undefined for a flag. */
  readonly value: DescribedValue | undefined;
}

/** A command as its declaration has it: what completions and the manual page are made of. */
export interface DescribedCommand {
  /** Of commands from the first to this one, without `ubmsc`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly usage: string;
  readonly group: string;
  readonly argument: DescribedValue;
  readonly options: readonly DescribedOption[];
  readonly commands: readonly DescribedCommand[];
}

export function describe(command: Command, path: readonly string[] = []): DescribedCommand {
  const helper = command.createHelp();
  const commands = helper
    .visibleCommands(command)
    .filter((each) => path.length === 0 || each.name() !== 'help')
    .map((each) => describe(each, [...path, each.name()]));
  return {
    path,
    summary: command.description(),
    usage: command.usage(),
    group: command.helpGroup(),
    argument:
      command.name() === 'help'
        ? { choices: (command.parent?.commands ?? []).map((each) => each.name()), isPath: false }
        : valueOfArguments(command.registeredArguments),
    options: command.options
      .filter(({ hidden }) => !hidden)
      .map((option) => describeOption(option, helper.optionDescription(option))),
    commands,
  };
}

function describeOption(option: Option, help: string): DescribedOption {
  const takesValue = option.required || option.optional;
  const choices = option.argChoices ?? optionChoices[option.attributeName()] ?? [];
  return {
    short: option.short,
    long: option.long ?? option.flags,
    flags: option.flags,
    help,
    value: takesValue ? { choices, isPath: isPath(option.flags) } : undefined,
  };
}

function valueOfArguments(args: readonly Argument[]): DescribedValue {
  return {
    choices: args.flatMap(({ argChoices = [] }) => argChoices),
    isPath: args.some((argument) => isPath(`<${argument.name()}>`)),
  };
}

function isPath(flags: string): boolean {
  return /<(files?|folder|path)>/.test(flags);
}
