import type { Reading } from '@ubmsc/protocol';
import type { Ahead } from '../model/ahead.ts';
import { cellsOf } from '../model/cells.ts';
import type { Limits } from '../model/limits.ts';
import { LOW_CHARGE, problems, ranks, type Verdict } from '../model/verdict.ts';
import type { WatchedStatus } from '../model/watch.ts';
import { bar } from '../text/bar.ts';
import { bigText } from '../text/big.ts';
import { fit, inRole, lineWidth, span, wrap, type Line, type Role } from '../text/line.ts';
import { duration, quantity, signed } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { balancedCell } from './cells.ts';
import type { Shown } from './freshness.ts';
import { title } from './title.ts';
import type { Room, Scene } from './view.ts';

const LABEL = 15;

/** From this height on the charge is told in large digits. */
const ROOMY = 7;

/** What the facts are of. */
export interface FactsShown extends Shown {
  readonly status: WatchedStatus;
  readonly ahead: Ahead | undefined;
  readonly limits: Limits;
}

/** A line of facts; those of a low rank stay when there is little room. */
interface Fact {
  readonly rank: number;
  readonly line: Line;
}

/** What is known of a battery, in as many lines as there is room for, the most important ones. */
export function factsView(shown: FactsShown, scene: Scene, { width, height }: Room): Line[] {
  const { reading, stale, status, ahead } = shown;
  const room = Math.max(0, height - 1);
  const first: Fact[] =
    height >= ROOMY
      ? largeLines(reading, ahead, scene, width).map((line) => ({ rank: 1, line }))
      : [
          { rank: 1, line: powerLine(reading) },
          { rank: 2, line: chargeLine(reading, width) },
        ];
  const rest: Fact[] = [
    ...(height >= ROOMY ? [] : [{ rank: 5, line: aheadLine(ahead) }]),
    { rank: 4, line: cellsLine(reading) },
    { rank: 6, line: temperatureLine(reading, width) },
    { rank: 7, line: switchLine(reading) },
    { rank: 8, line: balanceLine(reading) },
    ...energyLines(status).map((line) => ({ rank: 9, line })),
    { rank: 9, line: ageLine(reading) },
    { rank: 10, line: deviceLine(status) },
  ];
  const warnings = warningLines(shown, scene.now, width, Math.max(1, room - first.length));
  const facts = [...first, ...warnings.map((line) => ({ rank: 3, line })), ...rest];
  const kept = new Set(facts.toSorted((one, other) => one.rank - other.rank).slice(0, room));
  const lines = facts
    .filter((fact) => kept.has(fact))
    .map(({ line }) => fit(stale ? inRole(line, 'stale') : line, width));
  return [title('Battery', width), ...lines];
}

/** How many lines there would be with all the room in the world, beside the warnings. */
const OTHER_FACTS = 11;

/** How many lines there would be with all the room in the world. */
export function factsHeight(shown: FactsShown, now: number, width: number): number {
  return OTHER_FACTS + energyLines(shown.status).length + warningLines(shown, now, width, Infinity).length;
}

function labelled(label: string, ...value: Line): Line {
  return [span(`  ${label}`.padEnd(LABEL), 'dim'), ...value];
}

/** Direction of the current in a word. */
function direction(current: number | null): 'charging' | 'discharging' | 'idle' | undefined {
  if (current === null) return undefined;
  if (current === 0) return 'idle';
  return current > 0 ? 'charging' : 'discharging';
}

export function directionRole(current: number | null): Role {
  const way = direction(current);
  return way === 'charging' ? 'charge' : way === 'discharging' ? 'discharge' : 'text';
}

export function chargeRole(percent: number | null): Role {
  return percent !== null && percent <= LOW_CHARGE ? 'notice' : 'good';
}

function powerParts({ batteryVoltage, batteryCurrent, batteryPower }: Reading): Line {
  const way = direction(batteryCurrent);
  const role = directionRole(batteryCurrent);
  return [
    span(quantity(batteryVoltage, 2, 'V').padEnd(10), 'title'),
    span(signed(batteryCurrent, 2, 'A').padEnd(12), role),
    span(signed(batteryPower, 0, 'W').padEnd(10), role),
    span(way === undefined ? '' : `${signs[way]} ${way}`, role),
  ];
}

function powerLine(reading: Reading): Line {
  return [span('  '), ...powerParts(reading)];
}

function chargeParts({ remainPercent, remainCapacity, nominalCapacity }: Reading, width: number): Line {
  const capacity =
    remainCapacity === null ? '' : `  ${remainCapacity.toFixed(1)} of ${quantity(nominalCapacity, 1, 'A·h')}`;
  const room = Math.max(0, Math.min(30, width - capacity.length));
  const { fill, track } = bar((remainPercent ?? 0) / 100, room);
  return [span(fill, chargeRole(remainPercent)), span(track, 'dim'), span(capacity)];
}

function chargeLine(reading: Reading, width: number): Line {
  const percent = quantity(reading.remainPercent, 0, '%').padStart(5);
  return [span(`  ${percent} `, 'title'), ...chargeParts(reading, width - 4 - percent.length)];
}

/** The charge in large digits, and beside it power and what is ahead. */
function largeLines(reading: Reading, ahead: Ahead | undefined, scene: Scene, width: number): Line[] {
  const { remainPercent } = reading;
  const digits = remainPercent === null ? signs.absent : remainPercent.toFixed(0);
  const large = bigText(`${digits}%`, scene.characters);
  const beside: readonly Line[] = [
    powerParts(reading),
    [span(`${quantity(remainPercent, 0, '%')}  `), ...chargeParts(reading, width - large[0].length - 14)],
    aheadParts(ahead),
  ];
  const role: Role = chargeRole(remainPercent) === 'good' ? 'title' : 'notice';
  return large.map((text, row): Line => [span(`  ${text}`, role), span('   '), ...(beside[row] ?? [])]);
}

function aheadParts(ahead: Ahead | undefined): Line {
  if (!ahead) return [span(signs.absent, 'dim')];
  if (ahead.kind === 'rest') return [span('at rest', 'dim')];
  if (ahead.kind === 'cut off') return [span(`cut off: ${ahead.what} is switched off`, 'notice')];
  const over = ahead.over < 1 ? 'now' : `mean of ${duration(ahead.over, 1)}`;
  return [
    span(`${ahead.kind} in ${duration(ahead.seconds)}`),
    span(` at ${signed(ahead.current, 1, 'A')}, ${over}`, 'dim'),
  ];
}

function aheadLine(ahead: Ahead | undefined): Line {
  return labelled('Ahead', ...aheadParts(ahead));
}

function cellsLine(reading: Reading): Line {
  const { lowestCellVoltage, highestCellVoltage, lowestCell, highestCell } = reading;
  if (lowestCellVoltage === null || highestCellVoltage === null) return labelled('Cells', span(signs.absent));
  const named = (cell: number | null): string => (cell === null ? '' : ` (${cell + 1})`);
  return labelled(
    'Cells',
    span(`${lowestCellVoltage.toFixed(3)}${named(lowestCell)} to `),
    span(`${quantity(highestCellVoltage, 3, 'V')}${named(highestCell)}`),
    span(`, mean ${quantity(cellsOf(reading).mean, 3, 'V')}`, 'dim'),
  );
}

function temperatureLine({ batteryTemperature, mosfetTemperature }: Reading, width: number): Line {
  const probes = batteryTemperature.map((value, index) => ({ name: `T${index + 1}`, value }));
  const line = probes
    .filter(({ value }) => value !== null)
    .flatMap(({ name, value }): Line => [span(`${name} `, 'dim'), span(`${value?.toFixed(1) ?? ''}  `)]);
  const absent = probes.filter(({ value }) => value === null).map(({ name }) => name);
  const told = labelled(
    'Temp. °C',
    ...line,
    span('MOS ', 'dim'),
    span(mosfetTemperature?.toFixed(1) ?? signs.absent),
  );
  const missing = [span(`, ${absent.join(', ')} not connected`, 'dim')];
  return absent.length > 0 && lineWidth([...told, ...missing]) <= width ? [...told, ...missing] : told;
}

function switchLine({ chargeMosfet, dischargeMosfet, heating, heatingCurrent }: Reading): Line {
  const parts = [
    ['charge', chargeMosfet],
    ['discharge', dischargeMosfet],
  ] as const;
  const line = parts.flatMap(([name, on], index): Line => [
    span(`${index === 0 ? '' : ', '}${name} `, 'dim'),
    span(on === null ? signs.absent : on ? 'on' : 'OFF', on === false ? 'notice' : 'text'),
  ]);
  const heater =
    heating === true ? [span(`, heating ${quantity(heatingCurrent, 1, 'A', '')}`.trimEnd(), 'notice')] : [];
  return labelled('Switches', ...line, ...heater);
}

function balanceLine(reading: Reading): Line {
  const { balancing, balanceCurrent } = reading;
  if (balancing === null) return labelled('Balancer', span(signs.absent));
  if (!balancing) return labelled('Balancer', span('idle'));
  const cell = balancedCell(reading);
  if (cell === undefined || balanceCurrent === null) return labelled('Balancer', span('works'));
  const current = quantity(Math.abs(balanceCurrent), 2, 'A');
  const words =
    balanceCurrent > 0
      ? `gives ${current} to the lowest, cell ${cell + 1}`
      : `takes ${current} from the highest, cell ${cell + 1}`;
  return labelled('Balancer', span(words, balanceCurrent > 0 ? 'low' : 'high'));
}

/** What is wrong, each across the whole width; in one calm line that nothing is. */
function warningLines(
  { status, limits, reading }: FactsShown,
  now: number,
  width: number,
  room: number,
): Line[] {
  if (reading.alarms === null) return [labelled('Alarms', span(signs.absent))];
  const found = problems(status, now, limits).filter(({ rank }) => rank > ranks.coming);
  if (found.length === 0) return [labelled('Alarms', span('none, nothing is switched off', 'good'))];
  const blocks = found.map((each) => banner(each, width));
  if (blocks.flat().length <= room) return blocks.flat();
  const shown: Line[] = [];
  let told = 0;
  for (const block of blocks) {
    if (shown.length + block.length >= room) break;
    shown.push(...block);
    told++;
  }
  const more = told === 0 ? `${found.length} alarms and notices` : `and ${found.length - told} more`;
  const role: Role = found[told]?.role === 'alarm' ? 'banner-alarm' : 'notice';
  return [...shown, fit([span(`  ${signs.alarm} ${more}: i lists them`, role)], width)];
}

function banner({ role, rank, text }: Verdict, width: number): Line[] {
  const label = rank >= ranks.alarm ? 'ALARM' : role === 'alarm' ? 'BAD' : 'NOTE';
  const own: Role = role === 'alarm' ? 'banner-alarm' : 'banner-notice';
  const head = ` ${role === 'alarm' ? signs.alarm : ' '} ${label} `.padEnd(9);
  return wrap(text, width - head.length - 3).map((line, index): Line => [
    span('  '),
    span(`${index === 0 ? head : ' '.repeat(head.length)}${line} `, own),
  ]);
}

/** What went in and out, where that is added up. */
function energyLines({ energy }: WatchedStatus): readonly Line[] {
  if (!energy) return [];
  const inAndOut = (into: number | null, out: number | null): Line => [
    span(`${quantity(into, 2, 'kWh')} in`, 'charge'),
    span(', ', 'dim'),
    span(`${quantity(out, 2, 'kWh')} out`, 'discharge'),
  ];
  return [
    labelled('Today', ...inAndOut(energy.energyChargedToday, energy.energyDischargedToday)),
    labelled('Month', ...inAndOut(energy.energyChargedMonth, energy.energyDischargedMonth)),
  ];
}

function ageLine({ cycleCount, cycleCapacity, stateOfHealth, upTime }: Reading): Line {
  const health = stateOfHealth === null ? '' : `, health ${stateOfHealth} %`;
  const running = upTime === null ? '' : `, up ${duration(upTime)}`;
  return labelled(
    'Cycles',
    span(cycleCount === null ? signs.absent : String(cycleCount)),
    span(` (${quantity(cycleCapacity, 0, 'A·h')})${health}${running}`, 'dim'),
  );
}

function deviceLine({ deviceInfo }: WatchedStatus): Line {
  if (!deviceInfo) return labelled('Device', span(signs.absent));
  const { deviceModel, hardwareVersion, softwareVersion } = deviceInfo;
  return labelled(
    'Device',
    span(deviceModel ?? signs.absent),
    span(`, hardware ${hardwareVersion ?? signs.absent}, software ${softwareVersion ?? signs.absent}`, 'dim'),
  );
}
