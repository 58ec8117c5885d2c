import {
  median,
  resistances,
  resistanceTrends,
  type DayResistance,
  type ResistanceTrend,
} from '@ubmsc/history';
import { columns } from '../formats/columns.ts';
import type { Document } from '../formats/index.ts';
import { headingOf, originOf } from './forms.ts';
import type { KeptBattery } from './kept-batteries.ts';

interface Asked {
  readonly from: number;
  readonly to: number;
}

/** A cell with this many times the median of its pack stands out. */
const CONSPICUOUS = 1.3;

/** For people: the cells on the latest day, counted from 1, and how they change. */
export async function resistanceText(batteries: readonly KeptBattery[], asked: Asked): Promise<string> {
  const texts = batteries.map(async (battery) => {
    const days = await resistances({ folder: battery.folder, battery: battery.key, ...asked });
    const last = days.at(-1);
    const lines = last
      ? describe(last, resistanceTrends(days))
      : ['  there are not enough load steps: 20 of 10 A on a day are needed'];
    return [`${headingOf(battery)}, resistance of the cells from load steps`, ...lines]
      .map((line) => `${line}\n`)
      .join('');
  });
  return (await Promise.all(texts)).join('\n');
}

function describe(
  { day, steps, temperature, cells }: DayResistance,
  trends: readonly ResistanceTrend[],
): readonly string[] {
  const middle = median(cells.flatMap((cell) => cell?.resistance ?? []));
  const rows = cells.map((cell, number) => {
    const trend = trends.find((each) => each.cell === number);
    return [
      `#${number + 1}`,
      cell ? `${(cell.resistance * 1000).toFixed(3)} ± ${(cell.uncertainty * 1000).toFixed(3)}` : '–',
      cell ? (cell.resistance / middle).toFixed(2) : '–',
      trend ? `${(trend.change * 100).toFixed(1)} ± ${(trend.uncertainty * 100).toFixed(1)}` : '–',
      '',
    ];
  });
  const warm = temperature === null ? '' : ` at ${temperature.toFixed(1)} °C`;
  const loose = cells.flatMap((cell, number) =>
    cell && cell.resistance > CONSPICUOUS * middle ? [`#${number + 1}`] : [],
  );
  return [
    ...columns([['', 'mΩ', 'Of the median', 'Change in 30 days, %', ''], ...rows], 'padStart'),
    `  ${steps} steps on ${day}${warm}. It is that of about a second, with busbar and sense point.`,
    ...(loose.length > 0 ? [`  ${loose.join(', ')}: see first whether the busbar is loose.`] : []),
  ];
}

/** For programs: a row for each day and cell, in Ω and °C. */
export async function resistanceDocument(batteries: readonly KeptBattery[], asked: Asked): Promise<Document> {
  const rows = batteries.map(async (battery) => {
    const days = await resistances({ folder: battery.folder, battery: battery.key, ...asked });
    return days.flatMap(({ day, steps, temperature, cells }) =>
      cells.map((cell, number) => ({
        ...originOf(battery),
        day,
        steps,
        temperature,
        cell: number,
        resistance: cell?.resistance ?? null,
        uncertainty: cell?.uncertainty ?? null,
      })),
    );
  });
  return { resistance: (await Promise.all(rows)).flat() };
}
