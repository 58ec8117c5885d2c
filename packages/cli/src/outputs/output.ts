import type { Exporter, Family } from '@ubmsc/exporter';
import type { BatterySource, LogEntry } from '@ubmsc/session';
import type { OnDemandBatteries } from '../batteries/on-demand.ts';
import type { OptionRows } from '../command-line/option-row.ts';

/** What one output is asked for. */
export interface OutputSettings<Given> {
  /** The options of the run; for a table of the configuration file, with the values of that table. */
  readonly options: Given;
  /** Where secrets may be: the environment for what the options ask for, nothing for a table. */
  readonly environment: NodeJS.ProcessEnv;
}

/** What every output is given. */
export interface OutputContext {
  /** The batteries, with energy totals and banks where they are asked for: what an output shows. */
  readonly source: BatterySource;
  /** Those of `--on-demand` are read when asked for. */
  readonly batteries: OnDemandBatteries;
  /** Reads what the device of a battery has written down; rejects when it keeps no logbook, or has no link now. */
  readonly logbook: (device: string) => Promise<readonly LogEntry[]>;
  /** What they are, for people: `3 batteries`. */
  readonly subject: string;
  readonly version: string;
  /** Whether the source has all batteries of the configuration file and no others, so that one that is missing has left it. */
  readonly isComplete: () => boolean;
  /** Labels of every metric, which pages have already. */
  readonly labels: Readonly<Record<string, string>>;
  /** Pages of metrics about the batteries and this program, with or without metrics of its process. */
  readonly metrics: (processMetrics: boolean) => Exporter;
}

/** An output that runs, until it is disposed of. */
export interface RunningOutput extends AsyncDisposable {
  /** What goes where, for people: one line; undefined when there is nothing to say beyond its `problem`. */
  readonly announcement?: string;
  /** What is wrong with it, for people in one line; undefined while all is well. */
  readonly problem?: () => string | undefined;
  /** Tells outputs of one kind from each other, where there are several: the label `target` of their metrics. */
  readonly target: string;
  /** Metrics about the output itself. */
  readonly families?: () => readonly Family[];
  /**
   * Reads its files again, as at SIGHUP; undefined when a reload changes nothing of it.
   * @throws {UsageError} they are not valid; everything is as it was.
   */
  readonly reload?: (() => Promise<void>) | undefined;
}

export type StartOutput = (context: OutputContext) => Promise<RunningOutput>;

/** Where readings go. `Given` are the options that it reads. */
export interface Output<Given> {
  /** Options that do nothing without it, and the hint for somebody who gives them. */
  readonly idle?: { readonly options: readonly (keyof Given)[]; readonly hint: string };
  /** It shows energy totals, so state is kept also where no folder for it was made. */
  readonly keepsState?: true;
  /** Whether the options of the run ask for it. Tables of the configuration file ask for more of its kind. */
  readonly isWanted: (options: Given, isGiven: (name: keyof Given) => boolean) => boolean;
  /** One output for each that the settings ask for; one when left out. */
  readonly each?: <All extends Given>(settings: OutputSettings<All>) => readonly OutputSettings<All>[];
  /**
   * Checks its settings before anything is started.
   * @throws {UsageError} they are not valid.
   */
  readonly prepare: (settings: OutputSettings<Given>) => Promise<StartOutput>;
}

/** One row of the table of outputs: what every command reads. The output itself is loaded when it may be wanted. */
export interface OutputRow {
  /** The options that are its own. */
  readonly options: OptionRows;
  /**
   * Keys of its tables of the configuration file, such as `[[push]]`, and the option that each stands for. Every table
   * asks for one more output of its kind.
   */
  readonly table?: Readonly<Record<string, string>>;
  /** Variables of the environment that may hold its secrets. */
  readonly secrets?: readonly string[];
  readonly load: () => Promise<Output<never>>;
}
