import { sanitize, type BatteryStatus } from '@ubmsc/protocol';
import { activeAlarms } from '../model/active-alarms.ts';
import { bankOf } from '../model/bank.ts';
import { bar } from '../text/bar.ts';
import { column, fit, inRole, lineWidth, span, type Line } from '../text/line.ts';
import { showName } from '../text/name.ts';
import { millivolts, quantity, signed } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { displayWidth } from '../text/width.ts';
import { directionRole } from './facts.ts';
import { heartbeat, shownReading, stateWords } from './freshness.ts';
import { extent, firstToShow, part } from './list.ts';
import { title } from './title.ts';
import type { Room, Scene } from './view.ts';

/** A column of the list. Those of a high rank go first when there is little room. */
interface Column {
  readonly label: string;
  readonly width: number;
  readonly rank: number;
  readonly align?: 'right';
  readonly cell: (status: BatteryStatus, scene: Scene) => Line;
}

const columns: readonly Column[] = [
  { label: 'State', width: 22, rank: 1, cell: (status, scene) => [stateWords(status, scene)] },
  {
    label: 'Charge',
    width: 16,
    rank: 6,
    cell: (status, { now }) => {
      const { remainPercent } = shownReading(status, now)?.reading ?? {};
      if (remainPercent === undefined || remainPercent === null) return [span(signs.absent, 'dim')];
      const { fill, track } = bar(remainPercent / 100, 10);
      return [
        span(fill, remainPercent <= 10 ? 'notice' : 'good'),
        span(track, 'dim'),
        span(` ${remainPercent} %`),
      ];
    },
  },
  reading('Voltage', 9, 2, ({ batteryVoltage }) => span(quantity(batteryVoltage, 2, 'V'))),
  reading('Current', 10, 3, ({ batteryCurrent }) =>
    span(signed(batteryCurrent, 2, 'A'), directionRole(batteryCurrent)),
  ),
  reading('Power', 9, 5, ({ batteryPower }) =>
    span(signed(batteryPower, 0, 'W'), directionRole(batteryPower)),
  ),
  reading('Spread', 8, 4, ({ deltaCellVoltage }) => span(millivolts(deltaCellVoltage))),
  reading('Hottest', 8, 8, ({ batteryTemperature, mosfetTemperature }) => {
    const known = [...batteryTemperature, mosfetTemperature].filter((each) => each !== null);
    return span(quantity(known.length === 0 ? null : Math.max(...known), 1, '°C'));
  }),
  {
    label: 'Alarms',
    width: 10,
    rank: 7,
    cell: (status, { now }) => {
      const shown = shownReading(status, now);
      const active = shown && activeAlarms(shown.reading);
      if (!active) return [span(signs.absent, 'dim')];
      const count = active.filter(({ severity }) => severity === 'alarm').length;
      if (count > 0) return [span(`${signs.alarm} ${count} ALARM${count > 1 ? 'S' : ''}`, 'alarm')];
      return active.length > 0 ? [span('notice', 'notice')] : [span('none', 'dim')];
    },
  },
  { label: 'Age', width: 12, rank: 2, cell: heartbeat },
];

function reading(
  label: string,
  width: number,
  rank: number,
  cell: (reading: NonNullable<BatteryStatus['reading']>) => Line[number],
): Column {
  return {
    label,
    width,
    rank,
    align: 'right',
    cell: (status, { now }) => {
      const shown = shownReading(status, now);
      return [shown ? cell(shown.reading) : span(signs.absent, 'dim')];
    },
  };
}

/** The batteries, a line each, and below them what there is to say of the selected one. */
export function fleetView(
  statuses: readonly BatteryStatus[],
  selected: string | undefined,
  scene: Scene,
  { width, height }: Room,
): Line[] {
  const nameWidth = Math.min(
    Math.max(8, Math.floor(width / 4)),
    Math.max(8, ...statuses.map((status) => displayWidth(nameOf(status)))),
  );
  const shownColumns = columnsFor(width - nameWidth - 3);
  const room = Math.max(1, height - 3);
  const index = Math.max(
    0,
    statuses.findIndex(({ device }) => device === selected),
  );
  const shown = part(statuses, firstToShow(index, statuses.length, room), room);
  const head = fit(
    [
      ...column('  Battery', nameWidth + 2, 'dim'),
      ...shownColumns.flatMap(({ label, width: own, align }) => [
        span(' '),
        ...column(label, own, 'dim', align ?? 'left'),
      ]),
    ],
    width,
  );
  const rows = shown.items.map((status) =>
    row(status, status.device === statuses[index]?.device, nameWidth, shownColumns, scene, width),
  );
  return [
    title(heading(statuses, scene), width, extent(shown.first, shown.items.length, statuses.length)),
    head,
    ...rows,
    ...detail(statuses[index], width),
  ];
}

/** What is shown as the name of a battery. */
export function nameOf({ device, name }: BatteryStatus, width?: number): string {
  const shown = showName(device, width);
  return shown === '' ? showName(name ?? '', width) : shown;
}

function heading(statuses: readonly BatteryStatus[], { now }: Scene): string {
  const { batteries, live, current, power, remaining, capacity } = bankOf(statuses, now);
  const parts = [`${live} of ${batteries} live`];
  if (live > 1) {
    parts.push(signed(current, 1, 'A'), signed(power, 0, 'W'));
    if (remaining !== null && capacity !== null && capacity > 0) {
      parts.push(`${Math.round((remaining / capacity) * 100)} % of ${quantity(capacity, 0, 'A·h')}`);
    }
  }
  return `Batteries: ${parts.join(', ')}`;
}

function columnsFor(width: number): readonly Column[] {
  const kept = new Set<Column>();
  let left = width;
  for (const each of columns.toSorted((one, other) => one.rank - other.rank)) {
    if (each.width + 1 > left) break;
    kept.add(each);
    left -= each.width + 1;
  }
  return columns.filter((each) => kept.has(each));
}

function row(
  status: BatteryStatus,
  isSelected: boolean,
  nameWidth: number,
  shownColumns: readonly Column[],
  scene: Scene,
  width: number,
): Line {
  const stale = shownReading(status, scene.now)?.stale === true;
  const used = nameWidth + 2 + shownColumns.reduce((sum, each) => sum + each.width + 1, 0);
  const cells = shownColumns.map(({ label, width: own, align, cell }) => {
    const grown = label === 'State' ? own + Math.max(0, width - used) : own;
    const line = cell(status, scene);
    const greyed = stale && label !== 'State' && label !== 'Age' ? inRole(line, 'stale') : line;
    const gap = span(' '.repeat(Math.max(0, own - lineWidth(line))));
    return [span(' '), ...fit(align === 'right' ? [gap, ...greyed] : greyed, grown)];
  });
  const name = column(nameOf(status, nameWidth), nameWidth, isSelected ? 'selected' : 'text');
  return fit([span(isSelected ? `${signs.selected} ` : '  ', 'accent'), ...name, ...cells.flat()], width);
}

/** The sentence of a state, with the next step. */
function detail(status: BatteryStatus | undefined, width: number): Line[] {
  if (!status) return [];
  const { address, adapter, rssi, message } = status;
  const where = [address, adapter, rssi === undefined ? undefined : `${rssi} dBm`].filter(
    (each) => each !== undefined,
  );
  const text = message === undefined ? where.join(', ') : sanitize(message);
  return [fit([span('  '), span(text, message === undefined ? 'dim' : 'notice')], width)];
}
