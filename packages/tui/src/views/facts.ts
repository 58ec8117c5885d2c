import type { BatteryStatus } from '@ubmsc/session';
import type { Reading } from '@ubmsc/protocol';
import { activeAlarms } from '../model/active-alarms.ts';
import { forecast } from '../model/forecast.ts';
import { bar } from '../text/bar.ts';
import { fit, inRole, span, wrap, type Line, type Role } from '../text/line.ts';
import { duration, quantity, signed } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { balancedCell } from './cells.ts';
import type { Shown } from './freshness.ts';
import { title } from './title.ts';
import type { Room } from './view.ts';

const LABEL = 15;
const ALARM_LABEL = 11;

/** A line of facts; those of a low rank stay when there is little room. */
interface Fact {
  readonly rank: number;
  readonly line: Line;
}

/** What a battery says of itself, in as many lines as there is room for, the most important ones. */
export function factsView(
  status: BatteryStatus,
  { reading, stale }: Shown,
  meanCurrent: number | null,
  { width, height }: Room,
): Line[] {
  const first: Fact[] = [
    { rank: 1, line: powerLine(reading) },
    { rank: 2, line: chargeLine(reading, width) },
  ];
  const rest: Fact[] = [
    { rank: 5, line: forecastLine(reading, meanCurrent) },
    { rank: 4, line: cellsLine(reading) },
    { rank: 6, line: temperatureLine(reading) },
    { rank: 7, line: switchLine(reading) },
    { rank: 8, line: balanceLine(reading) },
    { rank: 9, line: ageLine(reading) },
    { rank: 10, line: deviceLine(status) },
  ];
  const room = Math.max(0, height - 1);
  const alarms = alarmLines(reading, width, Math.max(1, room - first.length)).map((line) => ({
    rank: 3,
    line,
  }));
  const facts = [...first, ...alarms, ...rest];
  const kept = new Set(facts.toSorted((one, other) => one.rank - other.rank).slice(0, room));
  const lines = facts
    .filter((fact) => kept.has(fact))
    .map(({ line }) => fit(stale ? inRole(line, 'stale') : line, width));
  return [title('Battery', width), ...lines];
}

/** How many lines there would be with all the room in the world, beside the alarms. */
const OTHER_FACTS = 10;

/** How many lines there would be with all the room in the world. */
export function factsHeight(reading: Reading, width: number): number {
  return OTHER_FACTS + alarmLines(reading, width, Infinity).length;
}

function labelled(label: string, ...value: Line): Line {
  return [span(`  ${label}`.padEnd(LABEL), 'dim'), ...value];
}

/** Direction of the current in a word. */
export function direction(current: number | null): 'charging' | 'discharging' | 'idle' | undefined {
  if (current === null) return undefined;
  if (current === 0) return 'idle';
  return current > 0 ? 'charging' : 'discharging';
}

export function directionRole(current: number | null): Role {
  const way = direction(current);
  return way === 'charging' ? 'charge' : way === 'discharging' ? 'discharge' : 'text';
}

function powerLine({ batteryVoltage, batteryCurrent, batteryPower }: Reading): Line {
  const way = direction(batteryCurrent);
  const role = directionRole(batteryCurrent);
  return [
    span('  '),
    span(quantity(batteryVoltage, 2, 'V').padEnd(10), 'title'),
    span(signed(batteryCurrent, 2, 'A').padEnd(12), role),
    span(signed(batteryPower, 0, 'W').padEnd(10), role),
    span(way === undefined ? '' : `${signs[way]} ${way}`, role),
  ];
}

function chargeLine({ remainPercent, remainCapacity, nominalCapacity }: Reading, width: number): Line {
  const capacity =
    remainCapacity === null ? '' : `  ${remainCapacity.toFixed(1)} of ${quantity(nominalCapacity, 1, 'A·h')}`;
  const percent = quantity(remainPercent, 0, '%').padStart(5);
  const room = Math.min(30, width - 4 - percent.length - capacity.length);
  const { fill, track } = bar((remainPercent ?? 0) / 100, Math.max(0, room));
  const role: Role = remainPercent !== null && remainPercent <= 10 ? 'notice' : 'good';
  return [span(`  ${percent} `, 'title'), span(fill, role), span(track, 'dim'), span(capacity)];
}

function forecastLine(reading: Reading, meanCurrent: number | null): Line {
  const ahead = forecast(reading, meanCurrent);
  if (!ahead) return labelled('Ahead', span(direction(reading.batteryCurrent) === 'idle' ? 'at rest' : '–'));
  return labelled(
    'Ahead',
    span(`${ahead.to} in ${duration(ahead.seconds)}`),
    span(` at ${signed(meanCurrent, 1, 'A')}`, 'dim'),
  );
}

function cellsLine(reading: Reading): Line {
  const { lowestCellVoltage, highestCellVoltage, averageCellVoltage } = reading;
  if (lowestCellVoltage === null || highestCellVoltage === null) return labelled('Cells', span('–'));
  return labelled(
    'Cells',
    span(`${lowestCellVoltage.toFixed(3)}…${quantity(highestCellVoltage, 3, 'V')}`),
    span(`, mean ${quantity(averageCellVoltage, 3, 'V')}`, 'dim'),
  );
}

function temperatureLine({ batteryTemperature, mosfetTemperature }: Reading): Line {
  const probes = batteryTemperature.map((value) => (value === null ? signs.absent : value.toFixed(1)));
  return labelled(
    'Temperature',
    span(probes.length === 0 ? signs.absent : `${probes.join(' ')} °C`),
    span(`, MOSFET ${quantity(mosfetTemperature, 1, '°C')}`, 'dim'),
  );
}

function switchLine({ chargeMosfet, dischargeMosfet, heating, heatingCurrent }: Reading): Line {
  const parts = [
    ['charge', chargeMosfet],
    ['discharge', dischargeMosfet],
  ] as const;
  const line = parts.flatMap(([name, on], index): Line => [
    span(`${index === 0 ? '' : ', '}${name} `, 'dim'),
    span(on === null ? '–' : on ? 'on' : 'OFF', on === false ? 'notice' : 'text'),
  ]);
  const heater =
    heating === true ? [span(`, heating ${quantity(heatingCurrent, 1, 'A', '')}`.trimEnd(), 'notice')] : [];
  return labelled('Switches', ...line, ...heater);
}

function balanceLine(reading: Reading): Line {
  const { balancing, balanceCurrent } = reading;
  if (balancing === null) return labelled('Balancer', span('–'));
  if (!balancing) return labelled('Balancer', span('idle'));
  const cell = balancedCell(reading);
  if (cell === undefined || balanceCurrent === null) return labelled('Balancer', span('works'));
  const current = quantity(Math.abs(balanceCurrent), 2, 'A');
  const words =
    balanceCurrent > 0
      ? `gives ${current} to the lowest, ${cell}`
      : `takes ${current} from the highest, ${cell}`;
  return labelled('Balancer', span(words, balanceCurrent > 0 ? 'low' : 'high'));
}

/** Alarms and notices in words, in at most `room` lines; it is said when that is not enough for all. */
function alarmLines(reading: Reading, width: number, room: number): Line[] {
  const active = activeAlarms(reading);
  if (!active) return [labelled('Alarms', span(signs.absent))];
  if (active.length === 0) return [labelled('Alarms', span('none'))];
  const blocks = active.map(({ severity, text }) => {
    const label = severity === 'alarm' ? `${signs.alarm} ALARM` : '  Notice';
    return wrap(text, width - ALARM_LABEL).map((line, index): Line => [
      span(`  ${index === 0 ? label : ''}`.padEnd(ALARM_LABEL), severity),
      span(line, severity),
    ]);
  });
  if (blocks.flat().length <= room) return blocks.flat();
  const shown: Line[] = [];
  let told = 0;
  for (const block of blocks) {
    if (shown.length + block.length >= room) break;
    shown.push(...block);
    told++;
  }
  const severity = active[told]?.severity ?? 'alarm';
  const more = told === 0 ? `${active.length} alarms and notices` : `and ${active.length - told} more`;
  return [...shown, [span(`  ${told === 0 ? signs.alarm : ' '} ${more}: l lists them`, severity)]];
}

function ageLine({ cycleCount, cycleCapacity, stateOfHealth, upTime }: Reading): Line {
  const health = stateOfHealth === null ? '' : `, health ${stateOfHealth} %`;
  const running = upTime === null ? '' : `, up ${duration(upTime)}`;
  return labelled(
    'Cycles',
    span(cycleCount === null ? '–' : String(cycleCount)),
    span(` (${quantity(cycleCapacity, 0, 'Ah')})${health}${running}`, 'dim'),
  );
}

function deviceLine({ deviceInfo }: BatteryStatus): Line {
  if (!deviceInfo) return labelled('Device', span('–'));
  const { deviceModel, hardwareVersion, softwareVersion } = deviceInfo;
  return labelled(
    'Device',
    span(deviceModel ?? '–'),
    span(`, hardware ${hardwareVersion ?? '–'}, software ${softwareVersion ?? '–'}`, 'dim'),
  );
}
