import type { BatteryStatus, Reading } from '@ubmsc/protocol';
import { activeAlarms } from '../model/active-alarms.ts';
import { forecast } from '../model/forecast.ts';
import { bar } from '../text/bar.ts';
import { fit, inRole, span, type Line, type Role } from '../text/line.ts';
import { duration, quantity, signed } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { balancedCell } from './cells.ts';
import type { Shown } from './freshness.ts';
import { title } from './title.ts';
import type { Room } from './view.ts';

const LABEL = 15;

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
  const facts = [
    { rank: 1, line: powerLine(reading) },
    { rank: 2, line: chargeLine(reading, width) },
    ...alarmFacts(reading),
    { rank: 5, line: forecastLine(reading, meanCurrent) },
    { rank: 4, line: cellsLine(reading) },
    { rank: 6, line: temperatureLine(reading) },
    { rank: 7, line: switchLine(reading) },
    { rank: 8, line: balanceLine(reading) },
    { rank: 9, line: ageLine(reading) },
    { rank: 10, line: deviceLine(status) },
  ];
  const kept = new Set(
    facts.toSorted((one, other) => one.rank - other.rank).slice(0, Math.max(0, height - 1)),
  );
  const lines = facts
    .filter((fact) => kept.has(fact))
    .map(({ line }) => fit(stale ? inRole(line, 'stale') : line, width));
  return [title('Battery', width), ...lines];
}

/** How many lines there would be with all the room in the world. */
export function factsHeight(reading: Reading): number {
  return 10 + Math.max(1, reading.alarms?.length ?? 1);
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

function alarmFacts(reading: Reading): Fact[] {
  const active = activeAlarms(reading);
  if (!active) return [{ rank: 3, line: labelled('Alarms', span('–')) }];
  if (active.length === 0) return [{ rank: 3, line: labelled('Alarms', span('none')) }];
  return active.map(({ severity, text }) => ({
    rank: 3,
    line: labelled(severity === 'alarm' ? `${signs.alarm} ALARM` : '  Notice', span(text, severity)),
  }));
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
