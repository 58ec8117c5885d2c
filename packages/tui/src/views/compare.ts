import type { Reading } from '@ubmsc/protocol';
import { cellsOf } from '../model/cells.ts';
import { hottest } from '../model/history.ts';
import type { Sag } from '../model/sag.ts';
import type { WatchedStatus } from '../model/watch.ts';
import { column, fit, inRole, span, type Line, type Role } from '../text/line.ts';
import { milliohms, millivolts, quantity, signed } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { chargeRole, directionRole } from './facts.ts';
import { nameOf, spreadRole } from './fleet.ts';
import { shownReading, stateWord } from './freshness.ts';
import { title } from './title.ts';
import type { Pane, Room, Scene } from './view.ts';

/** Columns of the labels, and of each battery. */
const LABEL = 16;
const OWN = 14;

export interface CompareShown {
  readonly statuses: readonly WatchedStatus[];
  readonly selected: string | undefined;
  /** What load steps say of the cells of a battery. */
  readonly sags: (status: WatchedStatus) => readonly (Sag | undefined)[];
}

/** A row of the comparison. */
interface Row {
  readonly label: string;
  readonly cell: (reading: Reading, scene: Scene, sags: readonly (Sag | undefined)[]) => Line[number];
}

// A table is read by its columns:
// prettier-ignore
const rows: readonly Row[] = [
  { label: 'Charge', cell: ({ remainPercent }) => span(quantity(remainPercent, 0, '%'), chargeRole(remainPercent)) },
  { label: 'Remaining', cell: ({ remainCapacity }) => span(quantity(remainCapacity, 1, 'A·h')) },
  { label: 'Full charge', cell: ({ nominalCapacity }) => span(quantity(nominalCapacity, 1, 'A·h')) },
  { label: 'Voltage', cell: ({ batteryVoltage }) => span(quantity(batteryVoltage, 2, 'V')) },
  { label: 'Current', cell: ({ batteryCurrent }) => span(signed(batteryCurrent, 2, 'A'), directionRole(batteryCurrent)) },
  { label: 'Power', cell: ({ batteryPower }) => span(signed(batteryPower, 0, 'W'), directionRole(batteryPower)) },
  { label: 'Spread', cell: ({ deltaCellVoltage }) => span(millivolts(deltaCellVoltage), spreadRole(deltaCellVoltage)) },
  { label: 'Mean cell', cell: (reading) => span(quantity(cellsOf(reading).mean, 3, 'V')) },
  { label: 'Lowest cell', cell: ({ lowestCell, lowestCellVoltage }) => span(extreme(lowestCell, lowestCellVoltage)) },
  { label: 'Highest cell', cell: ({ highestCell, highestCellVoltage }) => span(extreme(highestCell, highestCellVoltage)) },
  { label: 'Sags most', cell: (_, { characters }, all) => span(weakest(all, characters)) },
  { label: 'Hottest', cell: (reading) => span(quantity(hottest(reading), 1, '°C')) },
  { label: 'MOSFET', cell: ({ mosfetTemperature }) => span(quantity(mosfetTemperature, 1, '°C')) },
  { label: 'Charge switch', cell: ({ chargeMosfet }) => span(...onOff(chargeMosfet)) },
  { label: 'Discharge', cell: ({ dischargeMosfet }) => span(...onOff(dischargeMosfet)) },
  { label: 'Balancer', cell: ({ balancing, balanceCurrent }) => span(balancing === true ? signed(balanceCurrent, 2, 'A') : balancing === null ? signs.absent : 'idle') },
  { label: 'Cycles', cell: ({ cycleCount }) => span(cycleCount === null ? signs.absent : String(cycleCount)) },
  { label: 'Health', cell: ({ stateOfHealth }) => span(quantity(stateOfHealth, 0, '%')) },
];

function extreme(cell: number | null, voltage: number | null): string {
  return voltage === null ? signs.absent : `${cell === null ? '' : `${cell + 1}: `}${voltage.toFixed(3)} V`;
}

function onOff(on: boolean | null): [text: string, role: Role] {
  return on === null ? [signs.absent, 'dim'] : on ? ['on', 'text'] : ['OFF', 'notice'];
}

function weakest(all: readonly (Sag | undefined)[], characters: Scene['characters']): string {
  const worst = all.reduce<number>(
    (found, sag, cell) =>
      (sag?.perAmpere ?? -Infinity) > (all[found]?.perAmpere ?? -Infinity) ? cell : found,
    0,
  );
  const sag = all[worst];
  return sag ? `${worst + 1}: ${milliohms(sag.perAmpere, characters, 2)}` : signs.absent;
}

/** Batteries side by side: as many as there is room for, the selected one among them. */
export function compareView(
  { statuses, selected, sags }: CompareShown,
  scene: Scene,
  { width, height }: Room,
): Pane {
  const most = Math.max(1, Math.floor((width - LABEL) / (OWN + 1)));
  const index = Math.max(
    0,
    statuses.findIndex(({ device }) => device === selected),
  );
  const first = Math.max(0, Math.min(index - most + 1, statuses.length - most));
  const shown = statuses.slice(first, first + most);
  const note =
    shown.length < statuses.length
      ? [span(`${first + 1}–${first + shown.length} of ${statuses.length}`, 'dim')]
      : [];
  const own = shown.map((status) => ({ status, shown: shownReading(status, scene.now), sags: sags(status) }));
  const head: Line = [
    ...column('', LABEL),
    ...own.flatMap(({ status }) => [
      span(' '),
      ...column(nameOf(status, OWN), OWN, status.device === selected ? 'selected' : 'title', 'right'),
    ]),
  ];
  const states: Line = [
    ...column('  State', LABEL, 'dim'),
    ...own.flatMap(({ status }) => {
      const { text, role } = stateWord(status, scene);
      return [span(' '), ...column(text, OWN, role, 'right')];
    }),
  ];
  const lines = rows.map(({ label, cell }): Line => [
    ...column(`  ${label}`, LABEL, 'dim'),
    ...own.flatMap(({ shown: values, sags: all }) => {
      const value = values ? cell(values.reading, scene, all) : span(signs.absent, 'dim');
      const line = column(value.text, OWN, value.role, 'right');
      return [span(' '), ...(values?.stale === true ? inRole(line, 'stale') : line)];
    }),
  ]);
  return {
    width,
    lines: [
      title('Comparison', width, note),
      ...[head, states, ...lines].map((line) => fit(line, width)),
    ].slice(0, height),
    hit: (at) => {
      const status = at < LABEL ? undefined : shown[Math.floor((at - LABEL) / (OWN + 1))];
      return status && { kind: 'battery', device: status.device };
    },
  };
}
