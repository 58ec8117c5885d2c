import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, type HistoryRows, type PastEvent } from './api.ts';
import { EnergyDays } from './energy-days.tsx';
import { Events } from './events.tsx';
import { GraphView, type Graph } from './graph.tsx';
import { useDark } from './use-dark.ts';
import { latest, movedOn, shifted, zoomed, type View } from './view.ts';

const HOUR = 3_600_000;

/** How far back the graphs reach, in milliseconds. */
const ranges = {
  Hour: HOUR,
  Day: 24 * HOUR,
  Week: 168 * HOUR,
  Month: 744 * HOUR,
  Year: 8784 * HOUR,
} as const;

const names = Object.keys(ranges).filter((name): name is keyof typeof ranges => name in ranges);

/** A graph of one column. */
function graphOf(title: string, unit: string, column: string): Graph {
  return { title, unit, middle: column, lower: column, upper: column };
}

const graphs: readonly Graph[] = [
  graphOf('State of charge', '%', 'remain_percent'),
  graphOf('Power', 'W', 'battery_power'),
  {
    title: 'Lowest and highest cell',
    unit: 'V',
    lower: 'lowest_cell_voltage',
    upper: 'highest_cell_voltage',
  },
  graphOf('Cell spread', 'V', 'delta_cell_voltage'),
  graphOf('Temperature', '°C', 'battery_temperature_0'),
];

const columns = [...new Set(graphs.flatMap(({ lower, upper }) => [lower, upper]))].join(',');

/** A view is asked for when it has stayed for this time, in milliseconds. */
const SETTLED = 150;

/** What a graph is narrower than its section, in pixels: the axis and margins. */
const MARGIN = 100;

/** How often graphs of the last hour are asked for again, in milliseconds; longer ones seldom change. */
const REFRESH = 20_000;

interface Past {
  readonly rows: HistoryRows;
  readonly events: readonly PastEvent[];
}

const nothing: Past = { rows: { step: 0, times: [], columns: {} }, events: [] };

/** The past of a battery. All graphs show the same time. */
export function History({ battery }: { readonly battery: string }) {
  const place = useRef<HTMLElement>(null);
  const [view, setView] = useState<View>(() => latest(ranges.Day, Date.now()));
  const [past, setPast] = useState<Past>();
  const [failure, setFailure] = useState<string>();
  const isDark = useDark();
  const onView = useCallback((change: (view: View) => View) => setView(change), []);
  const { from, to, follows } = view;
  useEffect(() => {
    let isOver = false;
    const load = async (): Promise<void> => {
      const span = { battery, from: Math.floor(from), to: Math.ceil(to) };
      // A row has two values: the least and the largest.
      const points = Math.min(Math.max((place.current?.clientWidth ?? 0) - MARGIN, 200), 2000);
      try {
        const [rows, events] = await Promise.all([
          ask<HistoryRows>('api/history', { ...span, columns, points }),
          ask<readonly PastEvent[]>('api/events', span),
        ]);
        if (isOver) return;
        setPast({ rows, events });
        setFailure(undefined);
      } catch (error) {
        if (!isOver) setFailure(String(error));
      }
    };
    const settled = setTimeout(() => void load(), SETTLED);
    const next = follows
      ? setTimeout(
          () => setView((before) => movedOn(before, Date.now())),
          REFRESH * Math.max(1, Math.sqrt((to - from) / HOUR)),
        )
      : undefined;
    return () => {
      isOver = true;
      clearTimeout(settled);
      clearTimeout(next);
    };
  }, [battery, from, to, follows]);
  const { rows, events } = past ?? nothing;
  const shown = graphs.filter(({ lower }) => rows.columns[lower]?.value.some((value) => value !== null));
  const now = Date.now();
  return (
    <section aria-labelledby="history" ref={place}>
      <h2 id="history">History</h2>
      <div class="ranges" role="group" aria-label="How far back">
        {names.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={follows && Math.round(to - from) === ranges[name]}
            onClick={() => setView(latest(ranges[name], Date.now()))}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="ranges" role="group" aria-label="Zoom and move">
        <button type="button" aria-label="Earlier" onClick={() => setView(shifted(view, -0.5, now))}>
          ←
        </button>
        <button
          type="button"
          aria-label="Later"
          disabled={follows}
          onClick={() => setView(shifted(view, 0.5, now))}
        >
          →
        </button>
        <button
          type="button"
          aria-label="Zoom in"
          onClick={() => setView(zoomed(view, (from + to) / 2, 0.5, now))}
        >
          +
        </button>
        <button
          type="button"
          aria-label="Zoom out"
          onClick={() => setView(zoomed(view, (from + to) / 2, 2, now))}
        >
          −
        </button>
        <a class="csv" href={csvOf(battery, view)} download={`${battery}.csv`}>
          CSV
        </a>
        <span class="quiet span">{spanText(view)}</span>
      </div>
      {failure !== undefined && <p class="message">{failure}</p>}
      {past && shown.length === 0 && <p class="quiet">No readings in this time.</p>}
      {shown.map((graph) => (
        <GraphView
          key={graph.title}
          graph={graph}
          rows={rows}
          events={events}
          view={view}
          isDark={isDark}
          onView={onView}
        />
      ))}
      <EnergyDays battery={battery} from={from} to={to} />
      {past && <Events events={events} />}
    </section>
  );
}

function csvOf(battery: string, { from, to }: View): string {
  const query = { battery, from: String(Math.floor(from)), to: String(Math.ceil(to)) };
  return `api/history.csv?${new URLSearchParams(query)}`;
}

function spanText({ from, to }: View): string {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return format.formatRange(from, to);
}
