import type { Reading } from '@ubmsc/protocol';
import {
  cellsOf,
  spreadLevel,
  type CellDeviation,
  type CellsSummary,
  type SpreadLevel,
} from '../model/cells.ts';
import type { Limits } from '../model/limits.ts';
import { column, fit, inRole, lineWidth, span, type Line, type Role } from '../text/line.ts';
import { millivolts, milliohms } from '../text/numbers.ts';
import { signs, type Characters } from '../text/signs.ts';
import { deviationBar } from './deviation-bar.ts';
import { title } from './title.ts';
import type { Pane, Room } from './view.ts';

/** Columns that a cell takes at least: number, voltage, mark, and the gap to the next one. */
const NARROWEST = 12;

/** From this width on there is a gap in front of the mark, and room for the direction of the balancer. */
const ROOMY = 13;

/** Narrower bars would show nothing. */
const LEAST_BAR = 7;

/** How many cells stand beside each other so that all fit. */
export function cellColumns(cells: number, { width, height }: Room): number {
  const most = Math.max(1, Math.floor(width / NARROWEST));
  return Math.min(most, Math.max(1, Math.ceil(cells / Math.max(1, height - 1))));
}

/** How uneven cells are called, and how that looks. */
const verdicts: Readonly<Record<SpreadLevel, { readonly word: string; readonly role: Role }>> = {
  even: { word: 'even', role: 'good' },
  fair: { word: 'fairly even', role: 'text' },
  uneven: { word: 'UNEVEN', role: 'notice' },
  bad: { word: 'FAR APART', role: 'alarm' },
};

export interface CellsShown {
  readonly reading: Reading;
  readonly stale: boolean;
  readonly limits: Limits;
  readonly characters: Characters;
  readonly selected?: number | undefined;
}

/** The cells as deviations from their mean, on an axis of one of a few fixed widths: so even cells look even. */
export function cellsView(shown: CellsShown, room: Room): Pane {
  const { cellVoltage } = shown.reading;
  const summary = cellsOf(shown.reading);
  const heading = headingOf(summary, shown, room.width);
  const { width } = room;
  if (cellVoltage.length === 0)
    return { width, lines: [heading, fit([span('  the battery names no cells', 'dim')], width)] };
  const columns = cellColumns(cellVoltage.length, room);
  const rows = Math.ceil(cellVoltage.length / columns);
  const own = Math.floor(width / columns);
  const lines = Array.from({ length: rows }, (_, row) =>
    fit(
      Array.from({ length: columns }, (__, nth) => {
        const cell = nth * rows + row;
        if (cell >= cellVoltage.length) return fit([], own - 1);
        return cellLine(shown, summary, cell, columns === 1 ? own : own - 1);
      }).flatMap((line) => (columns === 1 ? line : [...line, span(' ')])),
      width,
    ),
  );
  return {
    width,
    lines: [heading, ...lines],
    hit: (at, line) => {
      const cell = Math.floor(at / own) * rows + line - 1;
      return line >= 1 && line <= rows && at < own * columns && cell < cellVoltage.length
        ? { kind: 'cell', cell }
        : undefined;
    },
  };
}

function headingOf(
  { spread, step }: CellsSummary,
  { reading, stale, limits, characters }: CellsShown,
  width: number,
): Line {
  const count = reading.cellVoltage.length;
  const name = count === 0 ? 'No cells' : count === 1 ? 'Cell 1' : `Cells 1–${count}`;
  if (spread === undefined) return title(name, width);
  const { word, role } = verdicts[spreadLevel(spread)];
  const apart: Line = [span(`${millivolts(spread)} apart, ${word}`, stale ? 'stale' : role)];
  const { cellUnderVoltage: low, cellOverVoltage: high } = limits;
  const reach = `${characters === 'ascii' ? '+-' : '±'}${step} mV`;
  const axis: Line = [...apart, span(`; bars span ${reach} from the mean`, 'dim')];
  const withLimits: Line =
    low === undefined || high === undefined
      ? []
      : [...axis, span(`; limits ${low.toFixed(2)} to ${high.toFixed(2)} V`, 'dim')];
  return title(name, width, withLimits, axis, [...apart, span(`; ${reach}`, 'dim')], apart);
}

function cellLine(
  { reading, stale, limits, characters, selected }: CellsShown,
  summary: CellsSummary,
  cell: number,
  width: number,
): Line {
  const own = summary.cells[cell];
  const { words, short } = marks(reading, cell);
  const role = cellRole(own, limits);
  const isSelected = cell === selected;
  const number: Line = [
    span(isSelected ? signs.selected : ' ', 'accent'),
    ...column(String(cell + 1), 2, isSelected ? 'selected' : 'dim', 'right'),
    span(' '),
    ...column(own?.voltage?.toFixed(3) ?? signs.absent, 5, role, 'right'),
    span(' '),
  ];
  if (own?.isWireBroken === true && width >= 28) {
    const line = [...number, span('broken sense wire?', 'alarm')];
    return fit(stale ? inRole(line, 'stale') : line, width);
  }
  const markRole =
    role === 'text' || role === 'bar' ? (short.startsWith(signs.highest) ? 'high' : 'low') : role;
  const ohms = milliohms(reading.cellResistance[cell], characters);
  const tail: Line = [
    ...(width >= 40 ? column(deviationWords(own), 9, role, 'right') : []),
    ...(width < ROOMY
      ? column(short.slice(0, 1), 1, markRole)
      : [span(' '), ...column(width >= 50 ? words : short, width >= 50 ? 15 : 2, markRole)]),
    ...(width >= 56 ? column(ohms, 10, 'dim', 'right') : []),
  ];
  const room = width - lineWidth(number) - lineWidth(tail);
  const bar = room < LEAST_BAR ? [] : deviationBar(own?.deviation, summary, limits, role, room);
  const gap = span(' '.repeat(Math.max(0, room - lineWidth(bar))));
  const line = [...number, ...bar, gap, ...tail];
  return fit(stale ? inRole(line, 'stale') : line, width);
}

function deviationWords(own: CellDeviation | undefined): string {
  const deviation = own?.deviation;
  if (deviation === undefined) return signs.absent;
  const text = `${deviation.toFixed(0)} mV`.replace(/^-0 /, '0 ');
  return Number(deviation.toFixed(0)) > 0 ? `+${text}` : text;
}

/** How far a cell is from the mean in a colour; beyond a limit of the device it is always alarming. */
function cellRole(own: CellDeviation | undefined, { cellUnderVoltage, cellOverVoltage }: Limits): Role {
  if (!own || own.voltage === null) return 'dim';
  if (own.isWireBroken) return 'alarm';
  if (own.voltage <= (cellUnderVoltage ?? -Infinity) || own.voltage >= (cellOverVoltage ?? Infinity))
    return 'alarm';
  const away = Math.round(Math.abs(own.deviation ?? 0));
  if (away <= 10) return 'bar';
  return away <= 30 ? 'text' : away <= 100 ? 'notice' : 'alarm';
}

/** What stands out of a cell: that it is the lowest or the highest, and what the balancer does with it. */
function marks(reading: Reading, cell: number): { readonly words: string; readonly short: string } {
  const { lowestCell, highestCell, deltaCellVoltage } = reading;
  const balanced = balancedCell(reading) === cell;
  if (deltaCellVoltage !== 0 && cell === lowestCell)
    return {
      words: `${signs.lowest} lowest${balanced ? ' takes' : ''}`,
      short: signs.lowest + (balanced ? '+' : ''),
    };
  if (deltaCellVoltage !== 0 && cell === highestCell)
    return {
      words: `${signs.highest} highest${balanced ? ' gives' : ''}`,
      short: signs.highest + (balanced ? '-' : ''),
    };
  return { words: '', short: '' };
}

/**
 * The cell that the balancer acts on. Devices tell only the direction: an active balancer takes charge from the highest
 * cell and gives it to the lowest.
 */
export function balancedCell({
  balancing,
  balanceCurrent,
  lowestCell,
  highestCell,
}: Reading): number | undefined {
  if (balancing !== true || balanceCurrent === null || balanceCurrent === 0) return undefined;
  return (balanceCurrent > 0 ? lowestCell : highestCell) ?? undefined;
}
