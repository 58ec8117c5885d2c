import { useEffect, useState } from 'preact/hooks';
import { ask, type HistoryRows } from './api.ts';

const DAY = 86_400_000;
const DAYS = 14;

interface Day {
  readonly date: Date;
  readonly charged: number;
  readonly discharged: number;
}

/** Energy of the last days. The day is that of the machine on which ubmsc runs. */
export function EnergyDays({ battery }: { readonly battery: string }) {
  const [days, setDays] = useState<readonly Day[]>([]);
  useEffect(() => {
    let isOver = false;
    const to = Date.now();
    ask<HistoryRows>('api/history', {
      battery,
      from: to - (DAYS + 1) * DAY,
      to,
      columns: 'energy_charged,energy_discharged',
      every: 'day',
    }).then(
      (rows) => !isOver && setDays(daysOf(rows)),
      () => !isOver && setDays([]),
    );
    return () => {
      isOver = true;
    };
  }, [battery]);
  if (days.length === 0) return null;
  const most = Math.max(...days.flatMap(({ charged, discharged }) => [charged, discharged]), 0.001);
  return (
    <figure>
      <figcaption>Energy per day</figcaption>
      <table class="energy">
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">In</th>
            <th scope="col">Out</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ date, charged, discharged }) => (
            <tr key={date.getTime()}>
              <th scope="row">
                {date.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short' })}
              </th>
              <Amount value={charged} most={most} kind="in" />
              <Amount value={discharged} most={most} kind="out" />
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function Amount({
  value,
  most,
  kind,
}: {
  readonly value: number;
  readonly most: number;
  readonly kind: string;
}) {
  return (
    <td class="number">
      {value.toFixed(2)} kWh
      <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" y="0" width={(value / most) * 100} height="4" class={kind} />
      </svg>
    </td>
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
    .slice(1)
    .slice(-DAYS);
}
