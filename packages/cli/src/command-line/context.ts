import type { MeasurementGroup } from '@ubmsc/protocol';
import type { Bank } from '@ubmsc/energy';
import type { Command } from 'commander';
import type { WantedBattery } from '@ubmsc/client';
import type { Config } from '../config/load.ts';
import type { Interrupt } from '../interrupt.ts';
import type { Options } from './options.ts';

/** The options of a command that is about batteries. */
export interface BatteriesOptions extends Options {
  /** The batteries asked for, or those of the configuration; undefined for all that are found. */
  readonly batteries: readonly WantedBattery[] | undefined;
  /** Those that `--on-demand` names. */
  readonly onDemandBatteries?: readonly WantedBattery[];
  /** The banks that are shown besides. */
  readonly banks?: readonly Bank[];
}

/** What the declaration of a command is given. */
export interface CommandContext {
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal;
  /** Says how the process shall end. */
  readonly exit: (code: number) => void;
  /** The values of the options that every command has. */
  readonly options: () => Options;
  /** The same, with the batteries that are meant by the devices after the command and those of `--devices`. */
  readonly optionsWith: (devices: readonly string[]) => BatteriesOptions;
  /** The configuration file that was read. */
  readonly config: () => Config | undefined;
  /**
   * Reads the configuration file again: options and batteries are then what it says, for `apply` and after it. When it
   * is not valid, or `apply` rejects, all is as it was and it rejects.
   */
  readonly reload: (apply: () => Promise<void>) => Promise<void>;
  /** Until it is disposed of, SIGHUP calls the listener and does not end the process. */
  readonly onHangup: Interrupt['onHangup'];
  /** Whether an option was given, in the command line, in the environment or in a configuration file. */
  readonly isGiven: (name: keyof Options) => boolean;
  /** Runs another command with these arguments, and this adapter; all other options are as they were given. */
  readonly runOn: (adapter: string, command: string, args: readonly string[]) => Promise<void>;
  /**
   * Refuses options of the command line that would do nothing in this run. In the environment or in a configuration
   * file they may stand for other runs.
   * @throws {UsageError} one of them was given.
   */
  readonly refuseIdle: (names: readonly (keyof Options)[], hint: string) => void;
  /** Reads devices once and prints these groups. */
  readonly read: (devices: readonly string[], groups: readonly MeasurementGroup[]) => Promise<void>;
}

/**
 * Declares one command with its options. What it does is imported when it runs: the help of all commands must not
 * load what each of them needs.
 */
export type DeclareCommand = (program: Command, context: CommandContext) => void;
