import type { CellFields } from '@ubmsc/protocol';
import { hasBit } from '@ubmsc/protocol';
import { cellsOf, statisticsOf } from './cells.ts';
import {
  allOrNothing,
  shareOf,
  type AnyFields,
  type Objection,
  type Observed,
  type Rule,
} from './observed.ts';

/** Limits of what a battery can have, in the unit of the field. */
// A table is read by its columns:
// prettier-ignore
const ranges: Partial<Record<keyof CellFields, readonly [least: number, most: number]>> = {
  packCurrent: [-2000, 2000],
  balanceCurrent: [-20, 20],
  balanceState: [0, 2],
  stateOfCharge: [0, 100],
  stateOfHealth: [0, 100],
  mosTemperature: [-60, 150],
  temperature1: [-60, 150],
  temperature2: [-60, 150],
  temperature3: [-60, 150],
  temperature4: [-60, 150],
  temperature5: [-60, 150],
  alarms: [0, 2 ** 29 - 1],
  chargeMosOn: [0, 1],
  dischargeMosOn: [0, 1],
  heatingOn: [0, 1],
  prechargeState: [0, 1],
  chargerPlugged: [0, 1],
  chargePwmDuty: [0, 1023],
  dischargePwmDuty: [0, 1023],
};

const rangeRows = Object.entries(ranges);

/** What is shown as a number: one that no battery has is not believed, however often it comes. */
const laws: ReadonlySet<string> = new Set<keyof CellFields>([
  'packCurrent',
  'balanceCurrent',
  'stateOfCharge',
  'mosTemperature',
  'temperature1',
  'temperature2',
  'temperature3',
  'temperature4',
  'temperature5',
]);

/** What speaks against a record on its own. Rules that are `ignored` are not asked. */
export function objectionWithin(record: Observed, ignored: ReadonlySet<string>): Objection | undefined {
  const values: AnyFields = record.fields;
  for (const [name, [least, most]] of rangeRows) {
    const value = values[name];
    // What is no number is shown as absent.
    if (typeof value === 'number' && (value < least || value > most) && !ignored.has(name)) {
      return impossible({ doubt: 'range', name, isLaw: laws.has(name) });
    }
  }
  const broken = rules.find(({ name, used }) => !ignored.has(name) && used(record) > 1);
  return broken && impossible(broken);
}

const impossible = (rule: Rule): Objection => ({ ...rule, isBorneOut: () => false });

/** What the device says in two ways, and the share that it uses of the room that the rule leaves. */
const rules: readonly (Rule & { readonly used: (record: Observed) => number })[] = [
  { doubt: 'agreement', name: 'balance current', used: (record) => allOrNothing(balancesWhileOff(record)) },
  { doubt: 'slots', name: 'empty slots', used: (record) => allOrNothing(hasFullSlots(record)) },
  { doubt: 'range', name: 'extremes', used: (record) => allOrNothing(hasOtherExtremes(record)) },
  { doubt: 'agreement', name: 'mean', used: offsetOfMean },
];

function balancesWhileOff({ fields: { balanceState, balanceCurrent }, variant }: Observed): boolean {
  return variant !== 'jk02-24s' && balanceState === 0 && balanceCurrent !== 0;
}

function hasFullSlots({ fields, variant }: Observed): boolean {
  if (variant === 'jk04') return false;
  const { cellVoltages, cellWireResistances, enabledCells } = fields;
  return cellVoltages.some(
    (voltage, index) => !hasBit(enabledCells, index) && (voltage !== 0 || cellWireResistances[index] !== 0),
  );
}

/** The extremes lag: they may name the cell that was just taken out of the settings. */
function hasOtherExtremes({ fields }: Observed): boolean {
  const { length } = cellsOf(fields);
  return length > 0 && Math.max(fields.maxCellIndex, fields.minCellIndex) > length;
}

/** Volts by which the device's mean may differ from that of the cells, when the load changes between the two. */
const MEAN_LIMIT = 0.02;

function offsetOfMean({ fields }: Observed): number {
  const cells = statisticsOf(fields);
  // What is no number is shown as absent.
  if (cells === undefined || Number.isNaN(fields.averageCellVoltage)) return 0;
  return shareOf(cells.mean - fields.averageCellVoltage, MEAN_LIMIT);
}
