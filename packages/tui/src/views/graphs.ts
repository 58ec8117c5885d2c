import type { History, Quantity } from '../model/history.ts';
import { bucketsOf, graph, type Bucket } from '../text/graph.ts';
import { fit, span, type Line, type Role } from '../text/line.ts';
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
  /** Whether the graph always shows where 0 is. */
  readonly zero: boolean;
  readonly role: Role;
}

/** The graphs of a battery, in their order. */
export const curves: Readonly<Record<Quantity, Curve>> = {
  batteryVoltage: {
    label: 'Voltage',
    unit: 'V',
    decimals: 2,
    factor: 1,
    least: 0.1,
    zero: false,
    role: 'accent',
  },
  batteryCurrent: {
    label: 'Current',
    unit: 'A',
    decimals: 1,
    factor: 1,
    least: 1,
    zero: true,
    role: 'charge',
  },
  batteryPower: {
    label: 'Power',
    unit: 'W',
    decimals: 0,
    factor: 1,
    least: 20,
    zero: true,
    role: 'discharge',
  },
  deltaCellVoltage: {
    label: 'Spread',
    unit: 'mV',
    decimals: 0,
    factor: 1000,
    least: 5,
    zero: true,
    role: 'low',
  },
};

/** Columns in front of and behind a graph of several lines, and of one line. */
const margins = { tall: { left: 12, right: 10 }, flat: { left: 21, right: 14 } } as const;

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
        history && isQuantity(name) ? history.quantity(name, from, to, count, scene.now) : [];
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
  const { label, unit, decimals, factor, least, zero, role } = curve;
  const { left, right } = height === 1 ? margins.flat : margins.tall;
  const columns = Math.max(1, width - left - right);
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
  const ends = buckets.flatMap((bucket) => (bucket ? [bucket.low, bucket.high] : []));
  const scale = niceScale(zero && ends.length > 0 ? [0, ...ends] : ends, least);
  const drawn = graph(buckets, height, scale ?? { low: 0, high: 1 }, graphStyle);
  // A graph that ends before the present says nothing of the present.
  const value = quantity((buckets.at(-1) ?? buckets.at(-2))?.last, decimals, unit);
  return drawn.map((text, row) => {
    const [name, end] =
      height === 1
        ? flatMargins(label, value, scale, decimals)
        : tallMargins(row, height, label, value, scale, decimals);
    return fit([span('  '), ...fit(name, left - 2), span(text, role), span(' '), span(end, 'dim')], width);
  });
}

type Margins = readonly [name: Line, end: string];

function flatMargins(label: string, value: string, scale: Scale | undefined, decimals: number): Margins {
  const end = scale ? `${scale.low.toFixed(decimals)}…${scale.high.toFixed(decimals)}` : '';
  return [[span(label.padEnd(9), 'dim'), span(value)], end];
}

function tallMargins(
  row: number,
  height: number,
  label: string,
  value: string,
  scale: Scale | undefined,
  decimals: number,
): Margins {
  if (row === 0) return [[span(label, 'dim')], scale?.high.toFixed(decimals) ?? ''];
  if (row === height - 1) return [[span(value)], scale?.low.toFixed(decimals) ?? ''];
  return [[], ''];
}
