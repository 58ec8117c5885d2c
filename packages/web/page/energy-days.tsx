import { useEffect, useState } from 'preact/hooks';
import { ask, type HistoryRows } from './api.ts';

const DAY = 86_400_000;

/** Least and most days that are shown. */
const LEAST = 7;
const MOST = 400;

/** Days in the table below the bars. */
const LISTED = 31;

interface Day {
  readonly date: Date;
  readonly charged: number;
  readonly discharged: number;
}

/** Energy of each day of a time, and of a week at least. The days are those of the machine on which ubmsc runs. */
export function EnergyDays(props: { readonly battery: string; readonly from: number; readonly to: number }) {
  const { battery } = props;
  const [days, setDays] = useState<readonly Day[]>([]);
  const to = Math.ceil(props.to / DAY) * DAY;
  const length = Math.min(Math.max(Math.round((props.to - props.from) / DAY), LEAST), MOST);
  useEffect(() => {
    let isOver = false;
    // The day before says from which totals the first one begins.
    const from = to - (length + 2) * DAY;
    const query = { battery, from, to, columns: 'energy_charged,energy_discharged', every: 'day' };
    const load = (): void => {
      ask<HistoryRows>('api/history', query).then(
        (rows) => !isOver && setDays(daysOf(rows).slice(-length)),
        () => {},
      );
    };
    const settled = setTimeout(load, 300);
    return () => {
      isOver = true;
      clearTimeout(settled);
    };
  }, [battery, to, length]);
  if (days.length === 0) return null;
  return (
    <figure>
      <figcaption>
        Energy per day <span class="quiet">{totalsOf(days)}</span>
      </figcaption>
      <Bars days={days} />
      <details>
        <summary>Days as numbers</summary>
        <table class="energy">
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">In, kWh</th>
              <th scope="col">Out, kWh</th>
            </tr>
          </thead>
          <tbody>
            {days
              .slice(-LISTED)
              .toReversed()
              .map(({ date, charged, discharged }) => (
                <tr key={date.getTime()}>
                  <th scope="row">{dayText(date)}</th>
                  <td class="number">{charged.toFixed(2)}</td>
                  <td class="number">{discharged.toFixed(2)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function dayText(date: Date): string {
  return date.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
}

function totalsOf(days: readonly Day[]): string {
  const sum = (of: (day: Day) => number): string =>
    days.reduce((total, day) => total + of(day), 0).toFixed(1);
  return `${sum((day) => day.charged)} kWh in, ${sum((day) => day.discharged)} kWh out`;
}

/** For each day what went in, upwards, and what came out, downwards. */
function Bars({ days }: { readonly days: readonly Day[] }) {
  const most = Math.max(...days.flatMap(({ charged, discharged }) => [charged, discharged]), 0.001);
  const width = 100 / days.length;
  const label = `Energy per day: ${totalsOf(days)}`;
  return (
    <>
      <svg class="days" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={label}>
        {days.map(({ date, charged, discharged }, index) => {
          const x = index * width + width * 0.1;
          return (
            <g key={date.getTime()}>
              <title>{`${dayText(date)}: ${charged.toFixed(2)} kWh in, ${discharged.toFixed(2)} kWh out`}</title>
              <rect
                x={x}
                y={50 - (charged / most) * 50}
                width={width * 0.8}
                height={(charged / most) * 50}
                class="in"
              />
              <rect x={x} y={50} width={width * 0.8} height={(discharged / most) * 50} class="out" />
            </g>
          );
        })}
        <line x1="0" x2="100" y1="50" y2="50" class="axis" />
      </svg>
      <p class="ends quiet">
        <span>{days[0] && dayText(days[0].date)}</span>
        <span>
          <i class="key in" /> in <i class="key out" /> out, up to {most.toFixed(1)} kWh
        </span>
        <span>{dayText(days.at(-1)?.date ?? new Date())}</span>
      </p>
    </>
  );
}

/** Totals only grow, so a day is what its last one exceeds that of the day before. */
function daysOf({ times, columns }: HistoryRows): Day[] {
  const charged = columns['energy_charged']?.value ?? [];
  const discharged = columns['energy_discharged']?.value ?? [];
  const rise = (totals: readonly (number | string | null)[], row: number): number => {
    const [before, after] = [totals[row - 1], totals[row]];
    return typeof before === 'number' && typeof after === 'number' ? Math.max(after - before, 0) : 0;
  };
  return times
    .map((time, row) => ({
      date: new Date(time),
      charged: rise(charged, row),
      discharged: rise(discharged, row),
    }))
    .slice(1);
}
