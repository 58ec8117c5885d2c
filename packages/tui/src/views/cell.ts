import { cellsOf } from '../model/cells.ts';
import type { History } from '../model/history.ts';
import { joined, type PastStretch } from '../model/past.ts';
import type { Limits } from '../model/limits.ts';
import { sags, type Sag } from '../model/sag.ts';
import type { Bucket } from '../text/bucket.ts';
import { fit, inRole, span, type Line } from '../text/line.ts';
import { duration, milliohms, millivolts, quantity } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { balancedCell } from './cells.ts';
import type { Shown } from './freshness.ts';
import { curveLines, pastStretch, type Buckets, type Curve } from './graphs.ts';
import { title } from './title.ts';
import type { Room, Scene } from './view.ts';

// A table is read by its columns:
// prettier-ignore
const curves = {
  voltage: { label: 'Voltage', unit: 'V', decimals: 3, factor: 1, least: 0.01, zero: false, role: 'accent' },
  deviation: { label: 'To mean', unit: 'mV', decimals: 0, factor: 1000, least: 10, zero: true, role: 'low' },
  resistance: { label: 'Lead', unit: 'mΩ', decimals: 0, factor: 1000, least: 10, zero: true, role: 'bar' },
} as const satisfies Readonly<Record<string, Curve>>;

/** Fewest lines of each graph before one of them is left out. */
const LEAST_GRAPH = 3;

export interface CellShown extends Shown {
  readonly cell: number;
  readonly history: History | undefined;
  readonly limits: Limits;
  /** The length of time that the graphs show, in seconds. */
  readonly seconds: number;
  /** What the history has of this cell, when the graphs reach back that far. */
  readonly earlier:
    ((name: 'cell_voltage' | 'cell_resistance', stretch: PastStretch) => readonly Bucket[]) | undefined;
}

/** One cell beside the others: now, at steps of the load, and over time. */
export function cellView(shown: CellShown, scene: Scene, { width, height }: Room): Line[] {
  const { reading, stale, cell, history, seconds, earlier } = shown;
  const facts = cellFacts(shown, scene).map((line) => fit(stale ? inRole(line, 'stale') : line, width));
  const room = Math.max(1, height - facts.length - 2);
  const cells = reading.cellVoltage.length;
  const past = (name: 'cell_voltage' | 'cell_resistance', points: number): readonly Bucket[] =>
    earlier?.(name, pastStretch(seconds, points, scene)) ?? [];
  const all: readonly (readonly [Curve, Buckets])[] = [
    [
      curves.voltage,
      (from, to, count) =>
        joined(history?.cellVoltage(cell, from, to, count, scene.now) ?? [], past('cell_voltage', count)),
    ],
    [curves.deviation, (from, to, count) => history?.cellDeviation(cell, from, to, count, scene.now) ?? []],
    [
      inCharacters(curves.resistance, scene),
      (from, to, count) =>
        joined(
          history?.cellResistance(cell, from, to, count, scene.now) ?? [],
          past('cell_resistance', count),
        ),
    ],
  ];
  const count = Math.max(1, Math.min(all.length, Math.floor(room / LEAST_GRAPH)));
  const rows = Math.max(1, Math.floor(room / count));
  const lines = all
    .slice(0, count)
    .flatMap(([curve, buckets]) =>
      curveLines(curve, buckets, seconds, scene, { width, height: rows }, (from, to, points) =>
        curve === curves.voltage ? (history?.allCells(cells, from, to, points, scene.now) ?? []) : [],
      ),
    );
  return [
    title(`Cell ${cell + 1} of ${reading.cellVoltage.length}`, width),
    ...facts,
    title('History', width, [span(historyNote(seconds, scene), 'dim')]),
    ...lines,
  ].slice(0, height);
}

/** Only graphs of dots have room for what is behind the curve. */
function historyNote(seconds: number, { graphStyle }: Scene): string {
  const last = `last ${duration(seconds)}`;
  return graphStyle === 'braille' ? `${last}, all cells in the background` : last;
}

function inCharacters(curve: Curve, { characters }: Scene): Curve {
  return characters === 'all' ? curve : { ...curve, unit: 'mohm' };
}

function cellFacts(
  { reading, cell, history, limits, seconds }: CellShown,
  { characters, now }: Scene,
): Line[] {
  const { cellVoltage, cellResistance } = reading;
  const { cells } = cellsOf(reading);
  const own = cells[cell];
  const voltage = own?.voltage ?? null;
  const deviation = own?.deviation;
  const higher = cellVoltage.filter((each) => each !== null && voltage !== null && each > voltage).length;
  const count = cellVoltage.filter((each) => each !== null).length;
  const mark =
    cell === reading.lowestCell
      ? span(`  ${signs.lowest} lowest`, 'low')
      : cell === reading.highestCell
        ? span(`  ${signs.highest} highest`, 'high')
        : span('');
  const balancing =
    balancedCell(reading) === cell ? quantity(reading.balanceCurrent, 2, 'A') : 'not balanced now';
  const all = sags(history, cellVoltage.length, now - seconds * 1000, now);
  const broken = own?.isWireBroken === true ? [span('  broken sense wire?', 'alarm')] : [];
  return [
    labelled('Voltage', span(quantity(voltage, 3, 'V'), 'title'), mark, ...broken, ...limitsInWords(limits)),
    labelled(
      'To the mean',
      span(
        deviation === undefined ? signs.absent : (deviation >= 0.5 ? '+' : '') + millivolts(deviation / 1000),
      ),
      span(voltage === null ? '' : `, ${higher + 1} of ${count} from the highest`, 'dim'),
    ),
    labelled('Load steps', ...sagInWords(all, cell, seconds, characters)),
    labelled(
      'Balance lead',
      span(milliohms(cellResistance[cell], characters)),
      span(`, ${balancing}`, 'dim'),
    ),
  ];
}

function limitsInWords({ cellUnderVoltage, cellOverVoltage }: Limits): Line {
  if (cellUnderVoltage === undefined || cellOverVoltage === undefined) return [];
  return [span(`  limits ${cellUnderVoltage.toFixed(3)} to ${cellOverVoltage.toFixed(3)} V`, 'dim')];
}

/** A cell that sags this many times as much as the others gives way. */
const WEAK = 1.5;

function sagInWords(
  all: readonly (Sag | undefined)[],
  cell: number,
  seconds: number,
  characters: Scene['characters'],
): Line {
  const own = all[cell];
  if (!own) return [span(`none in the last ${duration(seconds)}`, 'dim')];
  const others = all.flatMap((sag, index) => (sag && index !== cell ? [sag.perAmpere] : []));
  const mean = others.reduce((sum, each) => sum + each, 0) / Math.max(1, others.length);
  const isWeak = others.length > 0 && own.perAmpere > mean * WEAK;
  const unit = characters === 'all' ? 'mΩ' : 'mohm';
  return [
    ...(isWeak ? [span('gives way: ', 'notice')] : []),
    span(`sags ${(own.perAmpere * 1000).toFixed(2)} mV per A (${unit})`, isWeak ? 'notice' : 'text'),
    span(
      `, the others ${(mean * 1000).toFixed(2)}; ${own.steps} ${own.steps === 1 ? 'step' : 'steps'}`,
      'dim',
    ),
  ];
}

function labelled(label: string, ...value: Line): Line {
  return [span(`  ${label}`.padEnd(16), 'dim'), ...value];
}
