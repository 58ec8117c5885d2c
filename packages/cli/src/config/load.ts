import { UsageError } from '@ubmsc/base';
import * as v from 'valibot';
import { settings, type Options } from '../command-line/options.ts';
import { outputTables, type OutputTable } from '../outputs/tables.ts';
import { readText } from '../read-input.ts';
import { configSchema, isTable, type BankTable, type BatteryTable } from './schema.ts';
import { pathOf, problemOf, repeatedNames, senselessBanks } from './problems.ts';
import { parseToml, type Path, type Toml } from './toml.ts';

/** A configuration file may have at most this many bytes. */
const LONGEST_FILE = 1_000_000;

/** What a configuration file says. */
export interface Config {
  readonly file: string;
  readonly settings: ReadonlyMap<keyof Options, ConfiguredSetting>;
  /** Undefined when it names none. */
  readonly batteries: readonly BatteryTable[] | undefined;
  readonly banks: readonly BankTable[];
  /** Labels of every metric. */
  readonly labels: Readonly<Record<string, string>>;
  /** Tables that ask for outputs, by the name of the output. */
  readonly outputs: ReadonlyMap<string, readonly OutputTable[]>;
}

export interface ConfiguredSetting {
  readonly value: unknown;
  /** Where it stands, as `/etc/ubmsc/config.toml:3`. */
  readonly origin: string;
}

/**
 * Reads a configuration file.
 * @throws {UsageError} it cannot be read.
 * @throws {AggregateError} of UsageErrors: everything that is wrong with it.
 */
export async function loadConfig(file: string, signal: AbortSignal): Promise<Config> {
  const text = await readText(file, signal, LONGEST_FILE);
  if (text === undefined) throw new UsageError(`${file} is longer than 1 MB`, 'name a configuration file');
  return parseConfig(text, file);
}

/** Reads the text of a configuration file; throws as {@link loadConfig}. */
export function parseConfig(text: string, file: string): Config {
  const toml = tomlOf(text, file);
  const place = (path: Path): string => `${file}:${toml.place(path).line}`;
  const parsed = v.safeParse(configSchema, toml.value, { abortPipeEarly: true });
  const line = (issue: v.BaseIssue<unknown>): number => toml.place(pathOf(issue)).line;
  const issues = parsed.issues?.toSorted((one, other) => line(one) - line(other)) ?? [];
  const problems = issues.map((issue) => problemOf(issue, place));
  if (parsed.success) {
    problems.push(...repeatedNames(parsed.output.battery ?? [], place));
    problems.push(...senselessBanks(parsed.output.bank ?? [], place));
  }
  if (!parsed.success || problems.length > 0) throw new AggregateError(problems, `${file} is not valid`);
  const values: Readonly<Record<string, unknown>> = parsed.output;
  return {
    file,
    settings: new Map(
      settings.flatMap(({ name, key }) =>
        values[key] === undefined || Object.hasOwn(outputTables, key)
          ? []
          : [[name, { value: values[key], origin: place([key]) }]],
      ),
    ),
    batteries: parsed.output.battery,
    banks: parsed.output.bank ?? [],
    labels: parsed.output.labels ?? {},
    outputs: new Map(
      Object.keys(outputTables).flatMap((name) => {
        const tables = values[name];
        const all: readonly unknown[] = Array.isArray(tables) ? tables : [tables];
        return tables === undefined ? [] : [[name, all.filter(isTable)] as const];
      }),
    ),
  };
}

function tomlOf(text: string, file: string): Toml {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const problem = new UsageError(`${file}:${error.message}`, error.hint, { cause: error });
    throw new AggregateError([problem], `${file} is not TOML`, { cause: error });
  }
}
