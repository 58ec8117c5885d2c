import uPlot from 'uplot';
import type { PastEvent } from './api.ts';
import { followGestures } from './gestures.ts';

const HEIGHT = 180;

/** A line of a plot; null where there is no value. */
export type Line = readonly (number | null)[];

/** The mean of a column, and the range of its values. */
export interface PlotData {
  /** Seconds since 1970-01-01 UTC. */
  readonly times: readonly number[];
  readonly lines: readonly [mean: Line, low: Line, high: Line];
}

/** What a person does with a plot. Times are in milliseconds since 1970-01-01 UTC. */
export interface PlotActions {
  readonly onZoom: (at: number, factor: number) => void;
  readonly onPan: (part: number) => void;
  readonly onSelect: (from: number, to: number) => void;
  /** The row under the cursor; null when the cursor has left. */
  readonly onCursor: (row: number | null) => void;
}

/** A graph over time with the range of its values and with events, drawn by uPlot. */
export class Plot {
  readonly #plot: uPlot;
  readonly #closing = new AbortController();
  #events: readonly PastEvent[] = [];

  constructor(place: HTMLElement, actions: PlotActions) {
    const color = colors();
    const line = { stroke: color('--faint'), width: 1 };
    const axis = { stroke: color('--ink'), grid: line, ticks: line };
    const edge = { stroke: color('--accent'), width: 0.5, spanGaps: false };
    this.#plot = new uPlot(
      {
        width: place.clientWidth,
        height: HEIGHT,
        axes: [
          { ...axis, size: 28, space: 64, values: timeTexts },
          { ...axis, size: 56 },
        ],
        legend: { show: false },
        cursor: {
          sync: { key: 'time', setSeries: false },
          drag: { x: true, y: false, setScale: false },
          points: { show: false },
        },
        scales: { x: { time: true, auto: false } },
        padding: [14, 16, null, null],
        series: [{}, { stroke: color('--accent'), width: 1.5, spanGaps: false }, edge, edge],
        bands: [{ series: [3, 2], fill: `${color('--accent')}40` }],
        hooks: {
          setSelect: [(plot) => this.#select(plot, actions)],
          setCursor: [(plot) => actions.onCursor(plot.cursor.idx ?? null)],
          draw: [(plot) => drawEvents(plot, this.#events, color)],
        },
      },
      [[], [], [], []],
      place,
    );
    const { over } = this.#plot;
    followGestures(
      over,
      {
        onZoom: (at, factor) =>
          actions.onZoom(this.#plot.posToVal(at * over.clientWidth, 'x') * 1000, factor),
        onPan: actions.onPan,
      },
      this.#closing.signal,
    );
    const resized = new ResizeObserver(() =>
      this.#plot.setSize({ width: place.clientWidth, height: HEIGHT }),
    );
    resized.observe(place);
    this.#closing.signal.addEventListener('abort', () => resized.disconnect());
  }

  /** Shows data and events; the time that is shown stays. */
  setData({ times, lines }: PlotData, events: readonly PastEvent[]): void {
    this.#events = events;
    this.#plot.setData([[...times], ...lines.map((line) => [...line])] as uPlot.AlignedData, false);
    this.#plot.redraw(false, true);
  }

  /** Shows a time, in milliseconds since 1970-01-01 UTC. */
  setView(from: number, to: number): void {
    this.#plot.setScale('x', { min: from / 1000, max: to / 1000 });
  }

  destroy(): void {
    this.#closing.abort();
    this.#plot.destroy();
  }

  #select(plot: uPlot, { onSelect }: PlotActions): void {
    const { left, width } = plot.select;
    if (width < 8) return;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    onSelect(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
  }
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const month = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });

/** Times of the axis as people of this place write them: midnight is the day that begins. */
function timeTexts(_: uPlot, times: number[], _axis: number, _space: number, step: number): string[] {
  return times.map((seconds) => {
    const time = new Date(seconds * 1000);
    const isMidnight = time.getHours() === 0 && time.getMinutes() === 0;
    const format = step >= 28 * 86_400 ? month : step >= 86_400 || isMidnight ? day : clock;
    return format.format(time);
  });
}

/** The colours of the style sheet. */
function colors(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}

/** Marks above the graph with a line down: alarms, and links that were lost or came back. */
function drawEvents(plot: uPlot, events: readonly PastEvent[], color: (name: string) => string): void {
  const { ctx, bbox } = plot;
  const size = 5 * devicePixelRatio;
  let drawn = -Infinity;
  ctx.save();
  for (const { time, kind, name } of events) {
    const x = plot.valToPos(time / 1000, 'x', true);
    const isEnd = kind === 'alarmEnded' || (kind === 'state' && name === 'streaming');
    if (isEnd || x < bbox.left || x > bbox.left + bbox.width || x - drawn < size / 2) continue;
    drawn = x;
    ctx.strokeStyle = ctx.fillStyle = color(kind === 'alarm' ? '--bad' : '--soft');
    ctx.globalAlpha = 0.35;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.moveTo(x - size, bbox.top - 2 * size);
    ctx.lineTo(x + size, bbox.top - 2 * size);
    ctx.lineTo(x, bbox.top);
    ctx.fill();
  }
  ctx.restore();
}
