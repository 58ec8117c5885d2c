import type { Bank } from '@ubmsc/energy';
import { UsageError } from '@ubmsc/base';
import type { Options } from '../command-line/options.ts';
import type { BankTable } from './schema.ts';

/**
 * The banks that the options name, or else those of the configuration.
 * @throws {UsageError} one of them makes no sense.
 */
export function wantedBanks(
  { bank: given = [], bankPartial = false }: Pick<Options, 'bank' | 'bankPartial'>,
  configured: readonly BankTable[],
): readonly Bank[] {
  const banks =
    given.length > 0
      ? given.map((text) => ({ ...parseBank(text), partial: bankPartial }))
      : configured.map(({ name, batteries, topology = 'parallel', partial = false }): Bank => ({
          name,
          members: batteries,
          topology,
          partial: partial || bankPartial,
        }));
  for (const bank of banks) checkMembers(bank, banks);
  return banks;
}

/** `NAME=A,B` in parallel, `NAME=A+B` in series. */
function parseBank(text: string): Omit<Bank, 'partial'> {
  const [, name = '', list = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const isParallel = list.includes(',') || !list.includes('+');
  const members = list.split(isParallel ? ',' : '+').map((member) => member.trim());
  if (!members.includes('') && members.length > 1)
    return { name: name.trim(), members, topology: isParallel ? 'parallel' : 'series' };
  throw new UsageError(
    `--bank ${JSON.stringify(text)} is not a bank`,
    'give --bank NAME=A,B for batteries in parallel, or --bank NAME=A+B in series',
  );
}

type Members = Pick<Bank, 'name' | 'members'>;

/** @throws {UsageError} a bank makes no sense beside the others. */
export function checkMembers({ name, members }: Members, banks: readonly Members[]): void {
  const twice = members.find((member, index) => members.indexOf(member) !== index);
  if (twice !== undefined)
    throw new UsageError(`the bank ${name} has ${JSON.stringify(twice)} twice`, 'name each battery once');
  if (banks.filter((bank) => bank.name === name).length > 1)
    throw new UsageError(`two banks are called ${JSON.stringify(name)}`, 'give one of them another name');
  const nested = banks.find((bank) => members.includes(bank.name));
  if (nested)
    throw new UsageError(
      `${JSON.stringify(nested.name)} is a bank, and a battery of the bank ${name}`,
      'give banks and batteries different names',
    );
}
