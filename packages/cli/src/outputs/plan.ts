import type { BatteriesOptions, CommandContext } from '../command-line/context.ts';
import { settings, type Options } from '../command-line/options.ts';
import type { Config } from '../config/load.ts';
import { outputs, type OutputName } from './index.ts';
import type { Output, OutputSettings, StartOutput } from './output.ts';
import { outputTables, type OutputTable } from './tables.ts';

/** An output that a run asks for, checked and not started yet. */
export interface PlannedOutput {
  readonly name: OutputName;
  readonly keepsState: boolean;
  readonly start: StartOutput;
}

type PlanContext = Pick<CommandContext, 'isGiven' | 'refuseIdle' | 'config'>;

/**
 * The outputs that a run asks for, of these kinds: by its options, and by tables of the configuration file.
 * @throws {UsageError} settings of one are not valid, or options do nothing because their output is not asked for.
 */
export async function planOutputs(
  names: readonly OutputName[],
  options: BatteriesOptions,
  { isGiven, refuseIdle, config }: PlanContext,
): Promise<readonly PlannedOutput[]> {
  const planned: PlannedOutput[] = [];
  for (const name of names) {
    const output: Output<Options> = await outputs[name].load();
    const isWanted = output.isWanted(options, isGiven);
    if (!isWanted && output.idle) refuseIdle(output.idle.options, output.idle.hint);
    const all = settingsOf(name, options, isWanted, config());
    for (const each of all.flatMap((one) => output.each?.(one) ?? [one])) {
      planned.push({ name, keepsState: output.keepsState === true, start: await output.prepare(each) });
    }
  }
  return planned;
}

/** What outputs of one kind are asked for: by the options, where `isWanted` says so, and by each table of the file. */
export function settingsOf<Given extends Options>(
  name: OutputName,
  options: Given,
  isWanted: boolean,
  config: Config | undefined,
): readonly OutputSettings<Given>[] {
  return [
    ...(isWanted ? [{ options, environment: process.env }] : []),
    ...(config?.outputs.get(name) ?? []).map((table) => ({
      options: withTable(name, table, options),
      environment: {},
    })),
  ];
}

/** A table gives all options of its kind: those that it leaves out have their defaults, not the values of another output. */
function withTable<Given extends Options>(name: string, table: OutputTable, options: Given): Given {
  const keys = outputTables[name] ?? {};
  const values = Object.entries(keys).map(([key, option]) => {
    const standard = settings.find((setting) => setting.name === option)?.default;
    return [option, table[key] ?? standard];
  });
  return { ...options, ...Object.fromEntries(values) };
}
