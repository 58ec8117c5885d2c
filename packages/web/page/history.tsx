import { useEffect, useState } from 'preact/hooks';
import { ask, type HistoryRows, type PastEvent } from './api.ts';
import { EnergyDays } from './energy-days.tsx';
import { words } from './format.ts';
import { GraphView, type Graph } from './graph.tsx';

const HOUR = 3_600_000;

/** How far back the graphs reach, in hours. */
const ranges = { Hour: 1, Day: 24, Week: 168, Month: 744, Year: 8784 } as const;

type RangeName = keyof typeof ranges;

const graphs: readonly Graph[] = [
  {
    title: 'State of charge',
    unit: '%',
    middle: 'remain_percent',
    lower: 'remain_percent',
    upper: 'remain_percent',
  },
  { title: 'Power', unit: 'W', middle: 'battery_power', lower: 'battery_power', upper: 'battery_power' },
  {
    title: 'Lowest and highest cell',
    unit: 'V',
    lower: 'lowest_cell_voltage',
    upper: 'highest_cell_voltage',
  },
  {
    title: 'Temperature',
    unit: '°C',
    middle: 'battery_temperature_0',
    lower: 'battery_temperature_0',
    upper: 'battery_temperature_0',
  },
];

const columns = [...new Set(graphs.flatMap(({ lower, upper }) => [lower, upper]))].join(',');

/** How often graphs of the last hour are asked for again, in milliseconds; longer ones seldom change. */
const REFRESH = 20_000;

interface Past {
  readonly span: readonly [from: number, to: number];
  readonly rows: HistoryRows;
  readonly events: readonly PastEvent[];
}

/** The past of a battery. */
export function History({ battery }: { readonly battery: string }) {
  const [range, setRange] = useState<RangeName>('Day');
  const [past, setPast] = useState<Past>();
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    let isOver = false;
    const load = async (): Promise<void> => {
      const to = Date.now();
      const from = to - ranges[range] * HOUR;
      const points = Math.min(Math.max(Math.round(window.innerWidth), 300), 2000);
      try {
        const [rows, events] = await Promise.all([
          ask<HistoryRows>('api/history', { battery, from, to, columns, points }),
          ask<readonly PastEvent[]>('api/events', { battery, from, to }),
        ]);
        if (isOver) return;
        setPast({ span: [from, to], rows, events });
        setFailure(undefined);
      } catch (error) {
        if (!isOver) setFailure(String(error));
      }
    };
    void load();
    const timer = setInterval(() => void load(), REFRESH * Math.max(1, Math.sqrt(ranges[range])));
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [battery, range]);
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <div class="ranges" role="group" aria-label="How far back">
        {names.map((name) => (
          <button key={name} type="button" aria-pressed={name === range} onClick={() => setRange(name)}>
            {name}
          </button>
        ))}
        <a class="csv" href={csvOf(battery, range)} download={`${battery}-${range.toLowerCase()}.csv`}>
          CSV
        </a>
      </div>
      {failure !== undefined && <p class="message">{failure}</p>}
      {past &&
        graphs.map((graph) => (
          <GraphView key={graph.title} graph={graph} rows={past.rows} span={past.span} />
        ))}
      <EnergyDays battery={battery} />
      {past && <Events events={past.events} />}
    </section>
  );
}

const names = Object.keys(ranges).filter((name): name is RangeName => name in ranges);

function csvOf(battery: string, range: RangeName): string {
  const to = Date.now();
  return `api/history.csv?${new URLSearchParams({ battery, from: String(to - ranges[range] * HOUR), to: String(to) })}`;
}

const verbs: Readonly<Record<PastEvent['kind'], (name: string) => string>> = {
  alarm: (name) => `Alarm: ${name}`,
  alarmEnded: (name) => `Alarm ended: ${name}`,
  state: (name) => `Link: ${name}`,
};

function Events({ events }: { readonly events: readonly PastEvent[] }) {
  const latest = events.slice(-100).toReversed();
  return (
    <details>
      <summary>Events ({events.length})</summary>
      <ul class="events">
        {latest.map(({ time, kind, name, reason }, index) => (
          <li key={index} class={kind}>
            <time dateTime={new Date(time).toISOString()}>{new Date(time).toLocaleString()}</time>{' '}
            {verbs[kind](words(name).toLowerCase())}
            {reason !== undefined && <span class="quiet"> ({reason})</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
