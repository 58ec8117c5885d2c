import type { History, Quantity } from '../model/history.ts';
import { bucketsOf, graph, type Bucket } from '../text/graph.ts';
import { column, fit, span, type Line, type Role } from '../text/line.ts';
import { niceScale, type Scale } from '../text/scale.ts';
import { duration, quantity } from '../text/numbers.ts';
import { title } from './title.ts';
import type { Room, Scene } from './view.ts';

/** Lengths of time that graphs can show, in seconds. */
export const windows = [60, 300, 900, 3600] as const;

/** How one graph is drawn. */
export interface Curve {
  readonly label: string;
  readonly unit: string;
  readonly decimals: number;
  /** Values are multiplied by it to be shown in the unit. */
  readonly factor: number;
  /** The graph spans at least so much, in the unit. */
  readonly least: number;
  readonly role: Role;
}

/** The graphs of a battery, in their order. */
export const curves: Readonly<Record<Quantity, Curve>> = {
  batteryVoltage: { label: 'Voltage', unit: 'V', decimals: 2, factor: 1, least: 0.1, role: 'accent' },
  batteryCurrent: { label: 'Current', unit: 'A', decimals: 1, factor: 1, least: 1, role: 'charge' },
  batteryPower: { label: 'Power', unit: 'W', decimals: 0, factor: 1, least: 20, role: 'discharge' },
  deltaCellVoltage: { label: 'Spread', unit: 'mV', decimals: 0, factor: 1000, least: 5, role: 'low' },
};

const LABEL = 10;
const SCALE = 9;

/** The stretch of time that a graph shows, which moves on in whole buckets: so its old part stands still. */
export function stretch(
  now: number,
  seconds: number,
  buckets: number,
): { readonly from: number; readonly to: number } {
  const length = (seconds * 1000) / buckets;
  const to = Math.ceil(now / length) * length;
  return { from: to - seconds * 1000, to };
}

/** The graphs of a battery, one below the other. */
export function graphsView(
  history: History | undefined,
  seconds: number,
  scene: Scene,
  { width, height }: Room,
): Line[] {
  const names = Object.entries(curves);
  const rows = Math.max(1, Math.floor((height - 1) / names.length));
  const note = [span(`last ${duration(seconds)}`, 'dim')];
  return [
    title('History', width, note),
    ...names.flatMap(([name, curve]) => {
      const shown = (from: number, to: number, count: number): Bucket[] =>
        history && isQuantity(name) ? history.quantity(name, from, to, count) : [];
      return curveLines(curve, shown, seconds, scene, { width, height: rows });
    }),
  ].slice(0, height);
}

const isQuantity = (name: string): name is Quantity => Object.hasOwn(curves, name);

/** One graph: what it shows, its latest value, and the ends of its scale. */
export function curveLines(
  curve: Curve,
  bucketsBetween: (from: number, to: number, count: number) => readonly Bucket[],
  seconds: number,
  { now, graphStyle }: Scene,
  { width, height }: Room,
): Line[] {
  const { label, unit, decimals, factor, least, role } = curve;
  const columns = Math.max(1, width - LABEL - SCALE - 4);
  const count = bucketsOf(columns, graphStyle);
  const { from, to } = stretch(now, seconds, count);
  const buckets = bucketsBetween(from, to, count).map(
    (bucket): Bucket =>
      bucket && {
        low: bucket.low * factor,
        high: bucket.high * factor,
        mean: bucket.mean * factor,
        last: bucket.last * factor,
      },
  );
  const scale = niceScale(
    buckets.flatMap((bucket) => (bucket ? [bucket.low, bucket.high] : [])),
    least,
  );
  const drawn = graph(buckets, height, scale ?? { low: 0, high: 1 }, graphStyle);
  const last = buckets.findLast((bucket) => bucket !== undefined)?.last;
  const value = quantity(last, decimals, unit);
  return drawn.map((text, row) => {
    const isFirst = row === 0;
    const isLast = row === height - 1;
    const name = isFirst && !isLast ? label : height === 1 ? value : isLast ? value : '';
    return fit(
      [
        span('  '),
        ...column(
          height === 1 ? `${label.slice(0, 1)} ${value}` : name,
          LABEL,
          isFirst && height > 1 ? 'dim' : 'text',
        ),
        span(text, role),
        span(' '),
        span(scaleEnd(scale, isFirst, isLast, decimals), 'dim'),
      ],
      width,
    );
  });
}

function scaleEnd(scale: Scale | undefined, isFirst: boolean, isLast: boolean, decimals: number): string {
  if (!scale) return '';
  if (isFirst && isLast) return `${scale.low.toFixed(decimals)}…${scale.high.toFixed(decimals)}`;
  return isFirst ? scale.high.toFixed(decimals) : isLast ? scale.low.toFixed(decimals) : '';
}
