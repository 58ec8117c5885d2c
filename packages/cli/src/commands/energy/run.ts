import { join } from 'node:path';
import { stateFolder, UsageError } from '@ubmsc/base';
import {
  ampereHours,
  EnergyState,
  kilowattHours,
  localZone,
  totalsOf,
  type Account,
  type Sums,
} from '@ubmsc/energy';
import { measurements, snakeCase } from '@ubmsc/protocol';
import { assertReadable, ENERGY, keptByService, keptIn } from '../../batteries/state-folder.ts';
import type { Options } from '../../command-line/options.ts';
import { columns, sameDecimals } from '../../formats/columns.ts';
import { sanitize, type Document, type Row } from '../../formats/index.ts';
import { print } from '../../output.ts';
import { documentFormat } from '../../formats/document-format.ts';

export interface EnergyOptions extends Options {
  /** Batteries that are shown, by name or address; all when there are none. */
  readonly asked: readonly string[];
  /** The latest days that are shown. */
  readonly days: number;
}

/** A battery with its totals. */
interface Shown {
  readonly name: string;
  readonly address: string;
  readonly simulated: boolean;
  readonly account: Account;
}

/** Prints the energy totals that a long run has added up, with days and months. */
export async function energy(options: EnergyOptions): Promise<void> {
  const format = documentFormat('energy', options.format);
  const all = await readTotals(options);
  const { asked, days } = options;
  const isCalled = ({ name, address }: Shown, each: string): boolean =>
    name === each || address.toUpperCase() === each.toUpperCase();
  const shown = all.filter((battery) => asked.some((each) => isCalled(battery, each)));
  for (const each of asked)
    if (!all.some((battery) => isCalled(battery, each)))
      throw new UsageError(
        `no energy of ${JSON.stringify(each)} was added up`,
        `there is that of ${all.map(({ name }) => name).join(', ')}`,
      );
  const batteries = asked.length > 0 ? shown : all;
  if (format.printDocument) await print(await format.printDocument(documentOf(batteries, days)));
  else await print(batteries.map((battery) => textOf(battery, days)).join('\n'));
}

async function readTotals(options: Options): Promise<readonly Shown[]> {
  const folder = keptIn(options);
  if (folder !== undefined) assertReadable(join(folder, ENERGY), 'energy');
  const state = folder === undefined ? undefined : await EnergyState.open(join(folder, ENERGY));
  if (!state || state.accounts.size === 0)
    throw new UsageError(
      `no energy was added up in ${folder ?? stateFolder()}`,
      keptByService('energy') ?? 'ubmsc export adds it up where that folder exists, or in that of --state',
    );
  return [...state.accounts].map(([key, account]): Shown => {
    const simulated = key.startsWith('simulated-');
    const address = key.replace(/^simulated-/, '').replaceAll('-', ':');
    return { name: account.name || address, address, simulated, account };
  });
}

function documentOf(batteries: readonly Shown[], days: number): Document {
  const zone = localZone();
  const origin = ({ name, address, simulated }: Shown): Row => ({
    device: name,
    address,
    ...(simulated && { simulated }),
  });
  return {
    energy: batteries.map((battery) => ({ ...origin(battery), zone, ...totalsIn(battery.account) })),
    energy_days: batteries.flatMap((battery) =>
      latest(battery.account.days, days).map(([day, sums]) => ({
        ...origin(battery),
        day,
        ...valuesOf(sums),
      })),
    ),
    energy_months: batteries.flatMap((battery) =>
      inOrder(battery.account.months).map(([month, sums]) => ({
        ...origin(battery),
        month,
        ...valuesOf(sums),
      })),
    ),
  };
}

function totalsIn(account: Account): Row {
  const totals = totalsOf(account, Date.now());
  return Object.fromEntries(Object.entries(totals).map(([name, value]) => [snakeCase(name), value]));
}

function valuesOf({ energyIn, energyOut, chargeIn, chargeOut }: Sums): Readonly<Record<string, number>> {
  return {
    energy_charged: kilowattHours(energyIn),
    energy_discharged: kilowattHours(energyOut),
    charged_capacity: ampereHours(chargeIn),
    discharged_capacity: ampereHours(chargeOut),
  };
}

function latest(sums: Readonly<Record<string, Sums>>, count: number): readonly (readonly [string, Sums])[] {
  const all = inOrder(sums);
  return all.slice(Math.max(0, all.length - count));
}

function inOrder(sums: Readonly<Record<string, Sums>>): readonly (readonly [string, Sums])[] {
  return Object.entries(sums).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function textOf({ name, address, simulated, account }: Shown, days: number): string {
  const { energyCharged, energyDischarged, chargedCapacity, dischargedCapacity } = measurements.energy;
  const named = [energyCharged, energyDischarged, chargedCapacity, dischargedCapacity];
  const rows: readonly (readonly [string, Sums])[] = [
    ...latest(account.days, days),
    ...inOrder(account.months),
    ['total', account.total],
  ];
  const values = rows.map(([, sums]) => Object.values(valuesOf(sums)));
  const texts = named.map((_, column) => sameDecimals<string>(values.map((row) => row[column] ?? 0)));
  const title = name === address ? address : `${sanitize(name)} (${address})`;
  return [
    `${title}${simulated ? ' SIMULATED' : ''}, days of ${localZone()}`,
    ...columns(
      [
        ['', ...named.map(({ label, unit }) => `${label}, ${unit}`), ''],
        ...rows.map(([label], row) => [label, ...texts.map((column) => column[row] ?? ''), '']),
      ],
      'padStart',
    ),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
