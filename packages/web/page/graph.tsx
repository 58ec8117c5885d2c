import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { HistoryRows, PastEvent } from './api.ts';
import { Plot, type Line, type PlotData } from './plot.ts';
import { viewAfterKey, viewOf, zoomed, shifted, type View } from './view.ts';

/** A graph: the mean of one column with its range, or the range between two columns. */
export interface Graph {
  readonly title: string;
  readonly unit: string;
  /** Columns of the middle, the lower and the upper line. */
  readonly middle?: string;
  readonly lower: string;
  readonly upper: string;
}

/** What graphs of one time have in common. */
export interface GraphsShown {
  readonly rows: HistoryRows;
  readonly events: readonly PastEvent[];
  readonly view: View;
  /** Whether the colours are those for the dark. */
  readonly isDark: boolean;
  readonly onView: (change: (view: View) => View) => void;
}

/** Draws a graph. Times without readings are gaps. */
export function GraphView(props: GraphsShown & { readonly graph: Graph }) {
  const { graph, rows, events, view, isDark, onView } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>();
  const [row, setRow] = useState<number | null>(null);
  const data = useMemo(() => dataOf(graph, rows), [graph, rows]);
  useEffect(() => {
    if (!place.current) return undefined;
    plot.current = new Plot(place.current, {
      onZoom: (at, factor) => onView((before) => zoomed(before, at, factor, Date.now())),
      onPan: (part) => onView((before) => shifted(before, part, Date.now())),
      onSelect: (from, to) => onView(() => viewOf(from, to, Date.now())),
      onCursor: setRow,
    });
    return () => plot.current?.destroy();
  }, [onView, isDark]);
  useEffect(() => plot.current?.setData(data, events), [data, events, isDark]);
  useEffect(() => plot.current?.setView(view.from, view.to), [view.from, view.to, data, isDark]);
  const range = rangeOf(data, graph);
  const onKeyDown = (event: KeyboardEvent): void => {
    const after = event.ctrlKey || event.metaKey ? undefined : viewAfterKey(view, event.key, Date.now());
    if (!after) return;
    event.preventDefault();
    onView(() => after);
  };
  return (
    <figure>
      <figcaption>
        {graph.title}{' '}
        <span class="quiet">{(row === null ? undefined : atRow(data, row, graph)) ?? range}</span>
      </figcaption>
      <div
        ref={place}
        class="plot"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys zoom it and move it
        tabIndex={0}
        role="group"
        aria-roledescription="graph"
        aria-label={`${graph.title}: ${range}`}
        aria-keyshortcuts="+ - ArrowLeft ArrowRight End"
        onKeyDown={onKeyDown}
      />
    </figure>
  );
}

function rangeOf({ lines: [, low, high] }: PlotData, { unit }: Graph): string {
  let [least, most] = [Infinity, -Infinity];
  for (const value of low) if (value !== null) least = Math.min(least, value);
  for (const value of high) if (value !== null) most = Math.max(most, value);
  return least > most ? 'no readings in this time' : `${text(least)} to ${text(most)} ${unit}`;
}

/** The time and the values of a row; undefined in a gap. */
function atRow({ times, lines }: PlotData, row: number, { unit }: Graph): string | undefined {
  const [mean, low, high] = lines.map((line) => line[row] ?? null);
  const time = times[row];
  if (time === undefined || typeof low !== 'number' || typeof high !== 'number') return undefined;
  const range = low === high ? text(low) : `${text(low)} to ${text(high)}`;
  const values = typeof mean === 'number' && low !== high ? `${text(mean)} (${range})` : range;
  return `${new Date(time * 1000).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' })}: ${values} ${unit}`;
}

function text(value: number): string {
  return String(Math.round(value * 1000) / 1000).replace('-', '−');
}

/** A gap is a time without rows that is longer than this, in milliseconds; batteries may be read this seldom. */
const SELDOM = 30_000;

/** Times in seconds, and three lines, with a gap wherever rows are missing. */
function dataOf(graph: Graph, rows: HistoryRows): PlotData {
  const middle = rows.columns[graph.middle ?? ''];
  const lower = rows.columns[graph.lower];
  const upper = rows.columns[graph.upper];
  const sources = [middle?.value, lower?.min ?? lower?.value, upper?.max ?? upper?.value];
  const longest = Math.max((rows.step ?? 0) * 1.5, SELDOM);
  const times: number[] = [];
  const lines: [(number | null)[], (number | null)[], (number | null)[]] = [[], [], []];
  let before: number | undefined;
  rows.times.forEach((time, row) => {
    if (before !== undefined && time - before > longest) {
      times.push((before + 1) / 1000);
      for (const line of lines) line.push(null);
    }
    times.push(time / 1000);
    lines.forEach((line, index) => {
      const value = sources[index]?.[row];
      line.push(typeof value === 'number' ? value : null);
    });
    before = time;
  });
  return { times, lines: lines satisfies readonly Line[] };
}
