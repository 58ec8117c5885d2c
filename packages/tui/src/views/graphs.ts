import type { History, Quantity } from '../model/history.ts';
import { joined, type PastStretch } from '../model/past.ts';
import { bucketsOf, graph, type RoleOf } from '../text/graph.ts';
import type { Bucket } from '../text/bucket.ts';
import { fit, span, type Line, type Role } from '../text/line.ts';
import { niceScale, type Scale } from '../text/scale.ts';
import { duration, quantity, signed } from '../text/numbers.ts';
import { title } from './title.ts';
import type { Room, Scene } from './view.ts';

/** How one graph is drawn. */
export interface Curve {
  readonly label: string;
  readonly unit: string;
  readonly decimals: number;
  /** Values are multiplied by it to be shown in the unit. */
  readonly factor: number;
  /** The graph spans at least this much, in the unit. */
  readonly least: number;
  /** Whether the graph always shows where 0 is. */
  readonly zero: boolean;
  /** The role of the curve; a signed quantity has those of charging and discharging, as everywhere. */
  readonly role: Role | 'signed';
}

/** The graphs of a battery; the first ones are drawn where there is little room. */
// A table is read by its columns:
// prettier-ignore
const curves: readonly (Curve & { readonly quantity: Quantity })[] = [
  { quantity: 'batteryVoltage', label: 'Voltage', unit: 'V', decimals: 2, factor: 1, least: 0.1, zero: false, role: 'accent' },
  { quantity: 'batteryCurrent', label: 'Current', unit: 'A', decimals: 1, factor: 1, least: 1, zero: true, role: 'signed' },
  { quantity: 'batteryPower', label: 'Power', unit: 'W', decimals: 0, factor: 1, least: 20, zero: true, role: 'signed' },
  { quantity: 'deltaCellVoltage', label: 'Spread', unit: 'mV', decimals: 0, factor: 1000, least: 5, zero: true, role: 'low' },
  { quantity: 'remainPercent', label: 'Charge', unit: '%', decimals: 0, factor: 1, least: 5, zero: false, role: 'good' },
  { quantity: 'temperature', label: 'Hottest', unit: '°C', decimals: 1, factor: 1, least: 2, zero: false, role: 'notice' },
];

/** Fewest graphs where there is room for any: the rest needs three lines for each. */
const FEWEST = 4;
const COMFORTABLE = 3;

/** What came within this time is the present, in s. */
const RECENT = 3;

/** Columns before and after a graph of several lines, and of one line. */
const margins = { tall: { left: 12, right: 10 }, flat: { left: 21, right: 16 } } as const;

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

/** The same stretch by the wall clock, by which the history counts. */
export function pastStretch(seconds: number, points: number, { wall }: Scene): PastStretch {
  return { ...stretch(wall, seconds, points), points };
}

/** The graphs of a battery, one below the other: more of them where there is room. */
export function graphsView(
  history: History | undefined,
  seconds: number,
  scene: Scene,
  { width, height }: Room,
  earlier?: (quantity: Quantity, stretch: PastStretch) => readonly Bucket[],
): Line[] {
  const room = height - 1;
  const count = room >= curves.length * COMFORTABLE ? curves.length : FEWEST;
  const rows = Math.max(1, Math.floor(room / count));
  const note = [span(`last ${duration(seconds)}`, 'dim')];
  return [
    title('History', width, note),
    ...curves.slice(0, count).flatMap((curve) => {
      const shown: Buckets = (from, to, buckets) =>
        joined(
          history?.quantity(curve.quantity, from, to, buckets, scene.now) ?? [],
          earlier?.(curve.quantity, pastStretch(seconds, buckets, scene)) ?? [],
        );
      return curveLines(curve, shown, seconds, scene, { width, height: rows });
    }),
  ].slice(0, height);
}

/** The values between two times in this many buckets. */
export type Buckets = (from: number, to: number, count: number) => readonly Bucket[];

/** One graph: what it shows, its latest value, and the ends of its scale; `curvesBehind` are what it is drawn upon. */
export function curveLines(
  curve: Curve,
  bucketsBetween: Buckets,
  seconds: number,
  { now, graphStyle }: Scene,
  { width, height }: Room,
  curvesBehind: (from: number, to: number, count: number) => readonly (readonly Bucket[])[] = () => [],
): Line[] {
  const { unit, decimals, factor, least, zero, role } = curve;
  const { left, right } = height === 1 ? margins.flat : margins.tall;
  const columns = Math.max(1, width - left - right);
  const count = bucketsOf(columns, graphStyle);
  const { from, to } = stretch(now, seconds, count);
  const buckets = bucketsBetween(from, to, count);
  const behind = curvesBehind(from, to, count);
  const ends = endsOf([buckets, ...behind]).map((value) => value * factor);
  const scale = niceScale(zero && ends.length > 0 ? [0, ...ends] : ends, least);
  // The curve is drawn by what the device tells, so that not each value has to be multiplied.
  const { low, high } = scale ?? { low: 0, high: 1 };
  const own = { low: low / factor, high: high / factor };
  const roleOf: RoleOf = role === 'signed' ? signedRole : () => role;
  const drawn = graph(buckets, height, own, graphStyle, roleOf, behind);
  // A graph that ends before the present says nothing of the present.
  const recent = Math.max(2, Math.ceil((RECENT * count) / seconds));
  const last = buckets.slice(-recent).findLast((bucket) => bucket !== undefined)?.last;
  const told = last === undefined ? undefined : last * factor;
  const value = (role === 'signed' ? signed : quantity)(told, decimals, unit);
  return drawn.map((line, row) => {
    const [name, end] =
      height === 1
        ? flatMargins(curve.label, value, scale, decimals)
        : tallMargins(row, height, curve.label, value, scale, decimals);
    return fit(
      [span('  '), ...fit(name, left - 2), ...fit(line, columns), span(' '), span(end, 'dim')],
      width,
    );
  });
}

/** The lowest and the highest value of curves; nothing when there is none. */
function endsOf(curvesOfIt: readonly (readonly Bucket[])[]): readonly number[] {
  let low = Infinity;
  let high = -Infinity;
  for (const buckets of curvesOfIt) {
    for (const bucket of buckets) {
      if (!bucket) continue;
      if (bucket.low < low && bucket.low !== -Infinity) low = bucket.low;
      if (bucket.high > high && bucket.high !== Infinity) high = bucket.high;
    }
  }
  return low <= high ? [low, high] : [];
}

function signedRole(value: number): Role {
  return value > 0 ? 'charge' : value < 0 ? 'discharge' : 'dim';
}

type Margins = readonly [name: Line, end: string];

function flatMargins(label: string, value: string, scale: Scale | undefined, decimals: number): Margins {
  const end = scale ? `${scale.low.toFixed(decimals)} to ${scale.high.toFixed(decimals)}` : '';
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
  const shown: Line = row === 1 ? [span(value)] : [];
  if (row === height - 1) return [shown, scale?.low.toFixed(decimals) ?? ''];
  return [shown, zeroMark(row, height, scale)];
}

/** `0` beside the line of zero. */
function zeroMark(row: number, height: number, scale: Scale | undefined): string {
  if (!scale || scale.low >= 0 || scale.high <= 0) return '';
  const zero = Math.floor((scale.high / (scale.high - scale.low)) * height);
  return row === Math.min(height - 1, zero) ? '0' : '';
}
