import { sanitize } from '@ubmsc/base';
import { sessionReasons } from '@ubmsc/session';
import { bankOf } from '../model/bank.ts';
import { spreadLevel, type SpreadLevel } from '../model/cells.ts';
import { hottest } from '../model/history.ts';
import type { Limits } from '../model/limits.ts';
import { isLive, problems, ranks, verdictOf, type Verdict } from '../model/verdict.ts';
import type { WatchedStatus } from '../model/watch.ts';
import { bar } from '../text/bar.ts';
import { column, fit, inRole, lineWidth, span, wrap, type Line, type Role } from '../text/line.ts';
import { showName } from '../text/name.ts';
import { millivolts, quantity, signed } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { displayWidth } from '../text/width.ts';
import { chargeRole, directionRole } from './facts.ts';
import { heartbeat, shownReading, stateWord, stateWords } from './freshness.ts';
import { extent, firstToShow, part } from './list.ts';
import { title } from './title.ts';
import type { Pane, Room, Scene } from './view.ts';

/** Columns before a name: whether it is selected, and whether something is wrong. */
const MARKS = 4;

/** The batteries of the list, in its order. */
export interface FleetShown {
  readonly statuses: readonly WatchedStatus[];
  readonly selected: string | undefined;
  readonly limits: (device: string) => Limits;
  /** What is said beside the name of the pane: how it is sorted, and filtered. */
  readonly note: string;
}

/** A column of the list. Those of a high rank go first when there is little room. */
interface Column {
  readonly label: string;
  readonly rank: number;
  readonly align?: 'right';
  /** Columns it takes, or as many as its widest text. */
  readonly width: number | 'text';
  readonly cell: (status: WatchedStatus, scene: Scene) => Line;
}

// A table is read by its columns:
// prettier-ignore
const columns: readonly Column[] = [
  { label: 'State', width: 'text', rank: 1, cell: (status, scene) => [stateWord(status, scene)] },
  reading('Charge', 6, 2, ({ remainPercent }) => span(quantity(remainPercent, 0, '%'), chargeRole(remainPercent) === 'good' ? 'text' : 'notice')),
  { label: '', width: 10, rank: 8, cell: chargeBar },
  reading('Voltage', 8, 5, ({ batteryVoltage }) => span(quantity(batteryVoltage, 2, 'V'))),
  reading('Current', 9, 3, ({ batteryCurrent }) => span(signed(batteryCurrent, 1, 'A'), directionRole(batteryCurrent))),
  reading('Power', 9, 7, ({ batteryPower }) => span(signed(batteryPower, 0, 'W'), directionRole(batteryPower))),
  reading('Spread', 7, 4, ({ deltaCellVoltage }) => span(millivolts(deltaCellVoltage), spreadRole(deltaCellVoltage))),
  reading('Hottest', 7, 9, (values) => span(quantity(hottest(values), 1, '°C'))),
  { label: 'Age', width: 12, rank: 6, cell: heartbeat },
];

/** The share of the width that is kept for what is wrong; it gets all that is left. */
const LEAST_VERDICT = 0.22;

const spreadRoles: Readonly<Record<SpreadLevel, Role>> = {
  even: 'good',
  fair: 'text',
  uneven: 'notice',
  bad: 'alarm',
};

export function spreadRole(spread: number | null): Role {
  return spread === null ? 'dim' : spreadRoles[spreadLevel(spread)];
}

function chargeBar(status: WatchedStatus, { now }: Scene): Line {
  const percent = shownReading(status, now)?.reading.remainPercent ?? null;
  if (percent === null) return [span(signs.absent, 'dim')];
  const { fill, track } = bar(percent / 100, 10);
  return [span(fill, chargeRole(percent) === 'good' ? 'bar' : 'notice'), span(track, 'dim')];
}

function reading(
  label: string,
  width: number,
  rank: number,
  cell: (reading: NonNullable<WatchedStatus['reading']>) => Line[number],
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

/** Lines above the batteries: title, whether all is well, and the heads of the columns; two more for a bank. */
function linesAbove({ statuses }: FleetShown): number {
  return statuses.length > 1 ? 4 : 3;
}

/** How many lines the list would have with all the room in the world. */
export function fleetLines(shown: FleetShown, scene: Scene, width: number): number {
  return (
    linesAbove(shown) + shown.statuses.length + detail(current(shown), shown.limits, scene, width).length
  );
}

function current({ statuses, selected }: FleetShown): WatchedStatus | undefined {
  return statuses.find(({ device }) => device === selected) ?? statuses[0];
}

/** Whether all is well, the batteries, a line each, and below them what there is to say of the selected one. */
export function fleetView(shown: FleetShown, scene: Scene, { width, height }: Room): Pane {
  const { statuses, note } = shown;
  const selected = current(shown);
  const nameWidth = Math.min(
    Math.max(8, Math.floor(width / 4)),
    Math.max(8, ...statuses.map((status) => displayWidth(nameOf(status)))),
  );
  const forVerdict = Math.floor(width * LEAST_VERDICT);
  const used = columnsFor(width - nameWidth - MARKS - 1 - forVerdict, statuses, scene);
  const below = detail(selected, shown.limits, scene, width);
  const above = linesAbove(shown);
  const room = Math.max(1, height - above - below.length);
  const index = Math.max(0, selected ? statuses.indexOf(selected) : 0);
  const inSight = part(statuses, firstToShow(index, statuses.length, room), room);
  const head = fit(
    [
      ...column('    Battery', nameWidth + MARKS, 'dim'),
      ...used.flatMap(({ label, width: own, align }) => [span(' '), ...column(label, own, 'dim', align)]),
      span('  '),
      span('What to know', 'dim'),
    ],
    width,
  );
  const lines = [
    title('Batteries', width, [
      span(note, 'dim'),
      ...(inSight.items.length < statuses.length ? [span(note === '' ? '' : ', ', 'dim')] : []),
      ...extent(inSight.first, inSight.items.length, statuses.length),
    ]),
    fit(summary(shown, scene), width),
    ...(statuses.length > 1 ? [fit(bankLine(statuses, scene), width)] : []),
    head,
    ...inSight.items.map((status) => row(status, status === selected, nameWidth, used, shown, scene, width)),
    ...below,
  ];
  return {
    width,
    lines,
    hit: (_, line) => {
      const status = line < above ? undefined : inSight.items[line - above];
      return status && { kind: 'battery', device: status.device };
    },
  };
}

/** What is shown as the name of a battery. */
export function nameOf({ device, name }: Pick<WatchedStatus, 'device' | 'name'>, width?: number): string {
  const shown = showName(device, width);
  return shown === '' ? showName(name ?? '', width) : shown;
}

/** Whether all is well, in one line. */
function summary({ statuses, limits }: FleetShown, { now }: Scene): Line {
  const verdicts = statuses.map((status) => ({
    status,
    verdict: verdictOf(status, now, limits(status.device)),
  }));
  const of = (...wanted: readonly number[]): typeof verdicts =>
    verdicts.filter(({ verdict }) => wanted.includes(verdict.rank));
  const alarmed = of(ranks.alarm);
  const lost = of(ranks.lost);
  const noted = of(ranks.notice, ranks.remark);
  const coming = of(ranks.coming);
  const names = (all: typeof verdicts): string => all.map(({ status }) => nameOf(status, 20)).join(', ');
  if (alarmed.length > 0)
    return [
      span(`  ${signs.alarm} `, 'alarm'),
      span(`${count(alarmed, 'battery has an alarm', 'batteries have alarms')}: ${names(alarmed)}`, 'alarm'),
    ];
  if (lost.length > 0)
    return [span(`    ${count(lost, 'battery is', 'batteries are')} not live: ${names(lost)}`, 'notice')];
  if (noted.length > 0)
    return [span(`    ${count(noted, 'battery needs', 'batteries need')} a look: ${names(noted)}`, 'notice')];
  if (coming.length > 0) return [span(`    ${count(coming, 'battery is', 'batteries are')} not live yet`)];
  return [span(statuses.length === 1 ? '    All is well' : `    All ${statuses.length} are well`, 'good')];
}

function count(all: readonly unknown[], one: string, many: string): string {
  return `${all.length} ${all.length === 1 ? one : many}`;
}

/** All batteries as one. */
function bankLine(statuses: readonly WatchedStatus[], { now }: Scene): Line {
  const { batteries, live, doubtful, current: amperes, power, remaining, capacity } = bankOf(statuses, now);
  const role = directionRole(amperes);
  const charge =
    remaining !== null && capacity !== null && capacity > 0
      ? `  ${Math.round((remaining / capacity) * 100)} % of ${quantity(capacity, 0, 'A·h')}`
      : '';
  return [
    span(`    Together: ${live} of ${batteries} live`, live < batteries ? 'notice' : 'text'),
    ...(doubtful > 0 ? [span(`, ${doubtful} doubtful`, 'notice')] : []),
    ...(live > 0 ? [span(`  ${signed(amperes, 1, 'A')}  ${signed(power, 0, 'W')}`, role), span(charge)] : []),
  ];
}

type SizedColumn = Column & { readonly width: number };

/** The columns that there is room for. */
function columnsFor(room: number, statuses: readonly WatchedStatus[], scene: Scene): readonly SizedColumn[] {
  const sized = columns.map((each): SizedColumn => {
    const widest = (): number =>
      Math.max(each.label.length, ...statuses.map((status) => lineWidth(each.cell(status, scene))));
    return { ...each, width: each.width === 'text' ? Math.min(22, widest()) : each.width };
  });
  const kept = new Set<Column>();
  let left = room;
  for (const each of sized.toSorted((one, other) => one.rank - other.rank)) {
    if (each.width + 1 > left) break;
    kept.add(each);
    left -= each.width + 1;
  }
  return sized.filter((each) => kept.has(each));
}

function row(
  status: WatchedStatus,
  isSelected: boolean,
  nameWidth: number,
  used: readonly SizedColumn[],
  { limits }: FleetShown,
  scene: Scene,
  width: number,
): Line {
  const isOld = !isLive(status, scene.now);
  const cells = used.flatMap(({ label, width: own, align, cell }): Line => {
    const line = cell(status, scene);
    const greyed = isOld && label !== 'State' && label !== 'Age' ? inRole(line, 'stale') : line;
    const gap = span(' '.repeat(Math.max(0, own - lineWidth(line))));
    return [span(' '), ...fit(align === 'right' ? [gap, ...greyed] : greyed, own)];
  });
  const found = problems(status, scene.now, limits(status.device));
  const [worst] = found;
  const isBad = (worst?.rank ?? 0) >= ranks.lost;
  const marks = [
    span(isSelected ? `${signs.selected} ` : '  ', 'accent'),
    span(isBad ? `${signs.alarm} ` : '  ', worst?.role ?? 'text'),
  ];
  const name = column(nameOf(status, nameWidth), nameWidth, isSelected ? 'selected' : 'text');
  const before = [...marks, ...name, ...cells, span('  ')];
  return fit([...before, ...verdictWords(status, found, Math.max(0, width - lineWidth(before)))], width);
}

/** The worst of what is wrong, and how many others there are. */
function verdictWords(status: WatchedStatus, found: readonly Verdict[], width: number): Line {
  const [worst] = found;
  if (!worst) return [span('all well', 'good')];
  const more = found.length > 1 ? [span(` +${found.length - 1}`, 'dim')] : [];
  const words = [span(wordsOf(status, worst), worst.role)];
  const room = width - lineWidth(more);
  return lineWidth(words) <= room ? [...words, ...more] : [...fit(words, room), ...more];
}

function wordsOf(status: WatchedStatus, verdict: Verdict): string {
  return verdict.rank === ranks.lost || verdict.rank === ranks.coming
    ? whyNotLive(status, verdict)
    : verdict.text;
}

function whyNotLive({ reason, cause }: WatchedStatus, { text }: Verdict): string {
  if (cause) return cause.text;
  return reason === undefined || reason === 'closedByUser' ? text : sessionReasons[reason].title;
}

/** Most lines of a sentence about a state. */
const MOST_SENTENCE = 3;

/** What there is to say of a battery below the list: its state, where it is, and the next step or all that is wrong. */
function detail(
  status: WatchedStatus | undefined,
  limits: FleetShown['limits'],
  scene: Scene,
  width: number,
): Line[] {
  if (!status) return [];
  const { address, adapter, rssi, message, cause } = status;
  const where = [address, adapter, rssi === undefined ? undefined : `${rssi} dBm`]
    .filter((each) => each !== undefined && each !== '')
    .join(', ');
  const sentence = message ?? cause?.sentence;
  const first = fit([span('    '), ...stateWords(status, scene), span(`  ${where}`, 'dim')], width);
  if (sentence !== undefined) {
    const lines = wrap(sanitize(sentence), width - 5).slice(0, MOST_SENTENCE);
    return [first, ...lines.map((line) => fit([span(`    ${line}`, 'notice')], width))];
  }
  const found = problems(status, scene.now, limits(status.device)).filter(({ rank }) => rank > ranks.coming);
  if (found.length === 0) return [first];
  const role = found[0]?.role ?? 'notice';
  const lines = wrap(found.map(({ text }) => text).join('; '), width - 5).slice(0, MOST_SENTENCE);
  return [first, ...lines.map((line) => fit([span(`    ${line}`, role)], width))];
}
