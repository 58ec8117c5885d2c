import { UsageError } from '@ubmsc/base';
import type * as v from 'valibot';
import { checkMembers } from './banks.ts';
import { bankSchema, batterySchema, configSchema, type BankTable, type BatteryTable } from './schema.ts';
import { suggestion } from '../command-line/suggestion.ts';
import { outputTables } from '../outputs/tables.ts';
import type { Path } from './toml.ts';

/** Says where in the file something stands. */
export type Locate = (path: Path) => string;

/** The keys of each table of a configuration file, by its name; of what is outside all tables, without one. */
const keysOf: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(configSchema.entries),
  battery: Object.keys(batterySchema.entries),
  bank: Object.keys(bankSchema.entries),
  ...Object.fromEntries(Object.entries(outputTables).map(([name, keys]) => [name, Object.keys(keys)])),
};

/** Where in the value of the file an issue is. */
export function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

/** What an issue of the schema means to somebody who writes the file. */
export function problemOf(issue: v.BaseIssue<unknown>, locate: Locate): UsageError {
  const path = pathOf(issue);
  const where = `${locate(path)}: ${written(path)}`;
  if (issue.type !== 'strict_object') {
    const [message, hint = 'ubmsc --help says what it takes'] = issue.message.split(/; (.*)/);
    return new UsageError(`${where}: ${message}`, hint);
  }
  const key = path.at(-1);
  const keys = keysOf[path.length > 1 ? String(path[0]) : ''] ?? [];
  if (issue.expected !== 'never') return new UsageError(`${where} is missing`, 'add it there');
  const hint = suggestion(String(key), keys) ?? `there are ${keys.join(', ')}`;
  return new UsageError(`${where} is not a setting`, hint);
}

/** The batteries that are called as another before them: outputs could not tell them apart. */
export function repeatedNames(batteries: readonly BatteryTable[], locate: Locate): UsageError[] {
  const names = batteries.map(({ alias, device }) => alias ?? device);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : new UsageError(
          `${locate(['battery', index])}: two batteries are called ${JSON.stringify(name)}`,
          'give one of them another alias',
        ),
  );
}

/** The banks that make no sense, which have the form that they need. */
export function senselessBanks(tables: readonly BankTable[], locate: Locate): UsageError[] {
  const banks = tables.map(({ name, batteries }) => ({ name, members: batteries }));
  return banks.flatMap((bank, index) => {
    try {
      checkMembers(bank, banks);
      return [];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return [new UsageError(`${locate(['bank', index])}: ${error.message}`, error.hint, { cause: error })];
    }
  });
}

/** `battery[1].alias`, with the tables counted from 1. */
function written(path: Path): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key + 1}]` : index === 0 ? key : `.${key}`))
    .join('');
}
