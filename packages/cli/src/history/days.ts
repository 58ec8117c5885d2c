import { localZone } from '@ubmsc/energy';
import { daySummaries, spreadTrend, type DaySummary, type Extreme } from '@ubmsc/history';
import { columns } from '../formats/columns.ts';
import { sanitize, type Document } from '../formats/index.ts';
import { localTime } from '../times.ts';
import { headingOf, originOf } from './forms.ts';
import type { KeptBattery } from './kept-batteries.ts';

/** Which days or weeks, and in which zone. */
export interface DaysAsked {
  readonly from: number;
  readonly to: number;
  readonly zone: string | undefined;
  readonly by: 'day' | 'week';
}

async function daysOf({ folder, key }: KeptBattery, asked: DaysAsked): Promise<readonly DaySummary[]> {
  return await daySummaries({ folder, battery: key, ...asked });
}

/** For people: a line for each day or week. */
export async function daysText(batteries: readonly KeptBattery[], asked: DaysAsked): Promise<string> {
  const texts = batteries.map(async (battery) => {
    const days = await daysOf(battery, asked);
    const rows = days.map((day) => [
      day.hours % 24 === 0 ? day.day : `${day.day} (${day.hours} h)`,
      number(day.charged, 2),
      number(day.discharged, 2),
      range(day.lowestPercent, day.highestPercent),
      cell(day.lowestCell),
      cell(day.highestCell),
      number(day.spread, 4),
      number(day.largestSpread, 3),
      number(day.cycles, 0),
      day.alarms.length === 0 ? '–' : sanitize(day.alarms.join(', ').replaceAll('_', ' ')),
      '',
    ]);
    const head = [
      '',
      'Charged, kWh',
      'Discharged, kWh',
      'State of charge, %',
      'Lowest cell',
      'Highest cell',
      'Spread, V',
      'Largest spread, V',
      'Cycles',
      'Alarms',
      '',
    ];
    const trend = asked.by === 'day' ? spreadTrend(days) : null;
    const lines = [
      `${headingOf(battery)}, ${asked.by}s of ${asked.zone ?? localZone()}`,
      ...(rows.length > 0 ? columns([head, ...rows], 'padStart') : ['  no readings in this time']),
      ...(trend === null ? [] : [`  The spread changes by ${(trend * 1000).toFixed(2)} mV a day.`]),
    ];
    return lines.map((line) => `${line}\n`).join('');
  });
  return (await Promise.all(texts)).join('\n');
}

/** For programs: a row for each day or week. */
export async function daysDocument(batteries: readonly KeptBattery[], asked: DaysAsked): Promise<Document> {
  const rows = batteries.map(async (battery) =>
    (await daysOf(battery, asked)).map((day) => ({
      ...originOf(battery),
      [asked.by]: day.day,
      zone: asked.zone ?? localZone(),
      hours: day.hours,
      readings: day.readings,
      energy_charged: day.charged,
      energy_discharged: day.discharged,
      remain_percent_min: day.lowestPercent,
      remain_percent_max: day.highestPercent,
      ...extremeOf('lowest', day.lowestCell),
      ...extremeOf('highest', day.highestCell),
      delta_cell_voltage: day.spread,
      delta_cell_voltage_max: day.largestSpread,
      cycle_count: day.cycles,
      alarms: day.alarms.join(','),
    })),
  );
  return { [`${asked.by}s`]: (await Promise.all(rows)).flat() };
}

function extremeOf(name: string, extreme: Extreme | null): Readonly<Record<string, string | number | null>> {
  return {
    [`${name}_cell_voltage`]: extreme?.value ?? null,
    [`${name}_cell`]: extreme?.cell ?? null,
    [`${name}_cell_time`]: extreme ? new Date(extreme.time).toISOString() : null,
  };
}

function number(value: number | null, decimals: number): string {
  return value === null ? '–' : value.toFixed(decimals);
}

function range(low: number | null, high: number | null): string {
  return low === null || high === null ? '–' : `${low}…${high}`;
}

/** `3.012 V #7 05:31`: the voltage, the number of the cell from 1, the local time. */
function cell(extreme: Extreme | null): string {
  if (!extreme) return '–';
  return `${extreme.value.toFixed(3)} V #${extreme.cell + 1} ${localTime(extreme.time).slice(11, 16)}`;
}
