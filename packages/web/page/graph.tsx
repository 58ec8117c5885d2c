import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { HistoryRows } from './api.ts';

/** A graph: the mean of one column with its range, or the range between two columns. */
export interface Graph {
  readonly title: string;
  readonly unit: string;
  /** Columns of the middle, the lower and the upper line. */
  readonly middle?: string;
  readonly lower: string;
  readonly upper: string;
}

type Line = (number | null)[];

/** Draws a graph. Times without readings are gaps. */
export function GraphView(props: {
  readonly graph: Graph;
  readonly rows: HistoryRows;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly span: readonly [from: number, to: number];
}) {
  const { graph, rows, span } = props;
  const place = useRef<HTMLDivElement>(null);
  const { times, lines } = linesOf(graph, rows);
  useEffect(() => {
    const { current } = place;
    if (!current || times.length === 0) return undefined;
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--ink').trim();
    const faint = style.getPropertyValue('--faint').trim();
    const accent = style.getPropertyValue('--accent').trim();
    const axis = { stroke: ink, grid: { stroke: faint, width: 1 }, ticks: { stroke: faint, width: 1 } };
    const edge = { stroke: accent, width: 0.5, spanGaps: false };
    const plot = new uPlot(
      {
        width: current.clientWidth,
        height: 180,
        axes: [axis, { ...axis, size: 56 }],
        legend: { show: false },
        cursor: { sync: { key: 'time' }, drag: { setScale: false, x: false, y: false } },
        scales: { x: { range: [span[0] / 1000, span[1] / 1000] } },
        padding: [null, 16, null, null],
        series: [{}, { label: graph.title, stroke: accent, width: 1.5, spanGaps: false }, edge, edge],
        bands: [{ series: [3, 2], fill: `${accent}40` }],
      },
      [times, ...lines],
      current,
    );
    const resized = new ResizeObserver(() => plot.setSize({ width: current.clientWidth, height: 180 }));
    resized.observe(current);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [graph, rows, span]);
  const all = lines.flat().filter((value) => value !== null);
  const range =
    all.length === 0
      ? 'no readings in this time'
      : `${Math.min(...all)} to ${Math.max(...all)} ${graph.unit}`;
  return (
    <figure>
      <figcaption>
        {graph.title} <span class="quiet">{range}</span>
      </figcaption>
      <div ref={place} class="plot" role="img" aria-label={`${graph.title}: ${range}`} />
    </figure>
  );
}

/** Times in seconds, and three lines, with a gap wherever rows are missing. */
function linesOf(graph: Graph, rows: HistoryRows): { readonly times: number[]; readonly lines: Line[] } {
  const middle = rows.columns[graph.middle ?? graph.lower];
  const lower = rows.columns[graph.lower];
  const upper = rows.columns[graph.upper];
  const sources = [
    graph.middle === undefined ? undefined : middle?.value,
    lower?.min ?? lower?.value,
    upper?.max ?? upper?.value,
  ];
  const longest = Math.max(rows.step ?? 0, 20_000) * 1.5;
  const times: number[] = [];
  const lines: Line[] = [[], [], []];
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
  return { times, lines };
}
