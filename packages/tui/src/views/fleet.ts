import { sanitize } from '@ubmsc/base';
import type { AlarmSeverity, Reading } from '@ubmsc/protocol';
import type { BatteryStatus } from '@ubmsc/session';
import { activeAlarms } from '../model/active-alarms.ts';
import { bankOf } from '../model/bank.ts';
import { bar } from '../text/bar.ts';
import { column, fit, inRole, lineWidth, span, wrap, type Line, type Role } from '../text/line.ts';
import { showName } from '../text/name.ts';
import { millivolts, quantity, signed } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { displayWidth } from '../text/width.ts';
import { directionRole } from './facts.ts';
import { heartbeat, shownReading, stateWords } from './freshness.ts';
import { extent, firstToShow, part } from './list.ts';
import { title } from './title.ts';
import type { Room, Scene } from './view.ts';

/** From this charge down, in %, a battery is nearly empty. */
const LOW_CHARGE = 10;

/** Columns in front of a name: whether it is selected, and whether it has an alarm. */
const MARKS = 4;

/** A column of the list. Those of a high rank go first when there is little room. */
interface Column {
  readonly label: string;
  readonly width: number;
  readonly rank: number;
  readonly align?: 'right';
  readonly cell: (status: BatteryStatus, scene: Scene) => Line;
}

/** The column that takes the room that is left. */
const GROWING = 'State';

// A table is read by its columns:
// prettier-ignore
const columns: readonly Column[] = [
  { label: GROWING, width: 18, rank: 1, cell: (status, scene) => [stateWords(status, scene)] },
  reading('Charge', 6, 3, ({ remainPercent }) => span(quantity(remainPercent, 0, '%'), chargeRole(remainPercent))),
  { label: '', width: 10, rank: 9, cell: chargeBar },
  reading('Voltage', 8, 4, ({ batteryVoltage }) => span(quantity(batteryVoltage, 2, 'V'))),
  reading('Current', 9, 5, ({ batteryCurrent }) => span(signed(batteryCurrent, 1, 'A'), directionRole(batteryCurrent))),
  reading('Power', 9, 8, ({ batteryPower }) => span(signed(batteryPower, 0, 'W'), directionRole(batteryPower))),
  reading('Spread', 7, 6, ({ deltaCellVoltage }) => span(millivolts(deltaCellVoltage))),
  reading('Hottest', 7, 10, (values) => span(quantity(hottest(values), 1, '°C'))),
  { label: 'Alarms', width: 10, rank: 7, cell: alarmWords },
  { label: 'Age', width: 12, rank: 2, cell: heartbeat },
];

function chargeRole(percent: number | null): Role {
  return percent !== null && percent <= LOW_CHARGE ? 'notice' : 'text';
}

function chargeBar(status: BatteryStatus, { now }: Scene): Line {
  const percent = shownReading(status, now)?.reading.remainPercent ?? null;
  if (percent === null) return [];
  const { fill, track } = bar(percent / 100, 10);
  return [span(fill, percent <= LOW_CHARGE ? 'notice' : 'bar'), span(track, 'dim')];
}

function hottest({ batteryTemperature, mosfetTemperature }: Reading): number | null {
  const known = [...batteryTemperature, mosfetTemperature].filter((each) => each !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** How many alarms and notices are active; undefined where that is not known. */
function alarmCounts(
  status: BatteryStatus,
  now: number,
): { readonly alarms: number; readonly notices: number } | undefined {
  const shown = shownReading(status, now);
  const active = shown && activeAlarms(shown.reading);
  const count = (severity: AlarmSeverity): number =>
    active?.filter((each) => each.severity === severity).length ?? 0;
  return active && { alarms: count('alarm'), notices: count('notice') };
}

function alarmWords(status: BatteryStatus, { now }: Scene): Line {
  const counts = alarmCounts(status, now);
  if (!counts) return [span(signs.absent, 'dim')];
  const { alarms, notices } = counts;
  if (alarms > 0) return [span(`${alarms} ALARM${alarms > 1 ? 'S' : ''}`, 'alarm')];
  return notices > 0 ? [span(`${notices} notice${notices > 1 ? 's' : ''}`, 'notice')] : [span('none', 'dim')];
}

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
  const shownColumns = columnsFor(width - nameWidth - MARKS);
  const current = statuses.find(({ device }) => device === selected) ?? statuses[0];
  const shown = inSight(statuses, current, { width, height });
  const head = fit(
    [
      ...column('    Battery', nameWidth + MARKS, 'dim'),
      ...shownColumns.flatMap(({ label, width: own, align }) => [
        span(' '),
        ...column(label, own, 'dim', align),
      ]),
    ],
    width,
  );
  const rows = shown.items.map((status) =>
    row(status, status.device === current?.device, nameWidth, shownColumns, scene, width),
  );
  return [
    title(heading(statuses, scene), width, extent(shown.first, shown.items.length, statuses.length)),
    head,
    ...rows,
    ...detail(current, width),
  ];
}

/** Lines above the batteries: title, and heads of the columns. */
const ABOVE = 2;

/** How many lines the list would have with all the room in the world. */
export function fleetLines(
  statuses: readonly BatteryStatus[],
  selected: BatteryStatus | undefined,
  width: number,
): number {
  return ABOVE + statuses.length + detail(selected, width).length;
}

/** The batteries that are in sight, the selected one among them. */
function inSight(
  statuses: readonly BatteryStatus[],
  selected: BatteryStatus | undefined,
  { width, height }: Room,
): { readonly items: readonly BatteryStatus[]; readonly first: number } {
  const room = Math.max(1, height - ABOVE - detail(selected, width).length);
  const index = Math.max(
    0,
    statuses.findIndex(({ device }) => device === selected?.device),
  );
  return part(statuses, firstToShow(index, statuses.length, room), room);
}

/** The battery in a line of the list. */
export function batteryInLine(
  line: number,
  statuses: readonly BatteryStatus[],
  selected: BatteryStatus | undefined,
  room: Room,
): BatteryStatus | undefined {
  return line < ABOVE ? undefined : inSight(statuses, selected, room).items[line - ABOVE];
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

/** The columns that there is room for; one of them takes what is left. */
function columnsFor(width: number): readonly Column[] {
  const kept = new Set<Column>();
  let left = width;
  for (const each of columns.toSorted((one, other) => one.rank - other.rank)) {
    if (each.width + 1 > left) break;
    kept.add(each);
    left -= each.width + 1;
  }
  return columns
    .filter((each) => kept.has(each))
    .map((each) => (each.label === GROWING ? { ...each, width: each.width + left } : each));
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
  const cells = shownColumns.flatMap(({ label, width: own, align, cell }): Line => {
    const line = cell(status, scene);
    const greyed = stale && label !== GROWING && label !== 'Age' ? inRole(line, 'stale') : line;
    const gap = span(' '.repeat(Math.max(0, own - lineWidth(line))));
    return [span(' '), ...fit(align === 'right' ? [gap, ...greyed] : greyed, own)];
  });
  const isAlarmed = (alarmCounts(status, scene.now)?.alarms ?? 0) > 0;
  const marks = [
    span(isSelected ? `${signs.selected} ` : '  ', 'accent'),
    span(isAlarmed ? `${signs.alarm} ` : '  ', stale ? 'stale' : 'alarm'),
  ];
  const name = column(nameOf(status, nameWidth), nameWidth, isSelected ? 'selected' : 'text');
  return fit([...marks, ...name, ...cells], width);
}

/** Most lines of a sentence about a state. */
const MOST_SENTENCE = 3;

/** What there is to say of a battery below the list: the sentence of its state with the next step, or where it is. */
function detail(status: BatteryStatus | undefined, width: number): Line[] {
  if (!status) return [];
  const { address, adapter, rssi, message } = status;
  const where = [address, adapter, rssi === undefined ? undefined : `${rssi} dBm`].filter(
    (each) => each !== undefined,
  );
  if (message === undefined) return [fit([span(`    ${where.join(', ')}`, 'dim')], width)];
  return wrap(sanitize(message), width - 5)
    .slice(0, MOST_SENTENCE)
    .map((line) => fit([span(`    ${line}`, 'notice')], width));
}
