import type { MeasurementGroup } from '@ubmsc/protocol';
import type { Command } from 'commander';
import type { Options } from './options.ts';

/** What the declaration of a command is given. */
export interface CommandContext {
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
  /** Says how the process shall end. */
  readonly exit: (code: number) => void;
  /** The values of the options that every command has. */
  readonly options: () => Options;
  /** The same, with the devices that stand behind the command, too. */
  readonly optionsWith: (devices: readonly string[]) => Options;
  /** Whether an option was given, in the command line or in the environment. */
  readonly isGiven: (name: keyof Options) => boolean;
  /** Reads devices once and prints these groups. */
  readonly read: (devices: readonly string[], groups: readonly MeasurementGroup[]) => Promise<void>;
}

/**
 * Declares one command with its options. What it does is imported when it runs: the help of all commands must not
 * load what each of them needs.
 */
export type DeclareCommand = (program: Command, context: CommandContext) => void;
