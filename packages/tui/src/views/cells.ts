import type { Reading } from '@ubmsc/protocol';
import { bar } from '../text/bar.ts';
import { column, fit, inRole, span, type Line, type Role } from '../text/line.ts';
import { millivolts, quantity } from '../text/numbers.ts';
import { niceScale, position, type Scale } from '../text/scale.ts';
import { signs } from '../text/signs.ts';
import { title } from './title.ts';
import type { Room } from './view.ts';

/** Bars span at least so much, in V: else the noise of the measurement would fill them. */
const LEAST_SPAN = 0.01;

/** Columns that a cell takes at least: number, voltage, mark, and the gap to the next one. */
const NARROWEST = 12;

/** From this width on there is a gap in front of the mark, and room for the direction of the balancer. */
const ROOMY = 13;

/** How many cells stand beside each other so that all fit. */
export function cellColumns(cells: number, { width, height }: Room): number {
  const most = Math.max(1, Math.floor(width / NARROWEST));
  return Math.min(most, Math.max(1, Math.ceil(cells / Math.max(1, height - 1))));
}

/** The cells with bars on one scale, which shows the spread and not the voltage. */
export function cellsView(
  { reading, stale }: { readonly reading: Reading; readonly stale: boolean },
  room: Room,
  selected?: number,
): Line[] {
  const { cellVoltage } = reading;
  const scale = cellScale(cellVoltage);
  const heading = headingOf(reading, scale, stale, room.width);
  if (cellVoltage.length === 0)
    return [heading, fit([span('  the battery names no cells', 'dim')], room.width)];
  const columns = cellColumns(cellVoltage.length, room);
  const rows = Math.ceil(cellVoltage.length / columns);
  const width = Math.floor(room.width / columns);
  const lines = Array.from({ length: rows }, (_, row) =>
    fit(
      Array.from({ length: columns }, (__, nth) => {
        const cell = nth * rows + row;
        if (cell >= cellVoltage.length) return fit([], width - 1);
        return cellLine(reading, cell, { scale, width: columns === 1 ? width : width - 1, stale, selected });
      }).flatMap((line) => (columns === 1 ? line : [...line, span(' ')])),
      room.width,
    ),
  );
  return [heading, ...lines];
}

/** The cell that stands in a line and a column of the view, both from 0. */
export function cellAt(line: number, at: number, cells: number, room: Room): number | undefined {
  const columns = cellColumns(cells, room);
  const rows = Math.ceil(cells / columns);
  const cell = Math.floor(at / Math.floor(room.width / columns)) * rows + line - 1;
  return line >= 1 && line <= rows && cell < cells ? cell : undefined;
}

function headingOf(
  { cellVoltage, deltaCellVoltage }: Reading,
  scale: Scale | undefined,
  stale: boolean,
  width: number,
): Line {
  const count = cellVoltage.length;
  const name = count === 0 ? 'No cells' : count === 1 ? 'Cell 0' : `Cells 0–${count - 1}`;
  if (!scale) return title(name, width);
  const apart = span(`${millivolts(deltaCellVoltage)} apart`, stale ? 'stale' : 'text');
  const ends = `${scale.low.toFixed(3)}…${scale.high.toFixed(3)} V`;
  return title(
    name,
    width,
    [apart, span(`, bars span ${ends}`, 'dim')],
    [apart, span(`, ${ends}`, 'dim')],
    [apart],
  );
}

interface CellLook {
  readonly scale: Scale | undefined;
  readonly width: number;
  readonly stale: boolean;
  readonly selected: number | undefined;
}

function cellLine(reading: Reading, cell: number, { scale, width, stale, selected }: CellLook): Line {
  const voltage = reading.cellVoltage[cell] ?? null;
  const { words, short, role } = marks(reading, cell);
  const isSelected = cell === selected;
  const number: Line = [
    span(isSelected ? signs.selected : ' ', 'accent'),
    ...column(String(cell), 2, isSelected ? 'selected' : 'dim', 'right'),
    span(' '),
    ...column(voltage === null ? signs.absent : voltage.toFixed(3), 5, role, 'right'),
    span(' '),
  ];
  const resistance = reading.cellResistance[cell] ?? null;
  const ohms = quantity(resistance === null ? null : resistance * 1000, 0, 'mΩ');
  const withWords = width >= 40;
  const withOhms = width >= 30;
  const tail: Line = [
    ...(width < ROOMY
      ? column(short.slice(0, 1), 1, role)
      : [span(' '), ...column(withWords ? words : short, withWords ? 15 : 2, role)]),
    ...(withOhms ? column(ohms, 8, 'dim', 'right') : []),
  ];
  const room = width - 10 - tail.reduce((sum, { text }) => sum + text.length, 0);
  const drawn = bar(
    voltage === null || voltage <= 0 || !scale ? 0 : Math.max(0.001, position(voltage, scale)),
    Math.max(0, room),
  );
  const line = [
    ...number,
    ...(room > 0 ? [span(drawn.fill, role === 'text' ? 'bar' : role), span(drawn.track, 'dim')] : []),
    ...tail,
  ];
  return fit(stale ? inRole(line, 'stale') : line, width);
}

/** A scale around all cells that have a voltage, with some room below, so that the lowest one has a bar, too. */
function cellScale(cellVoltage: Reading['cellVoltage']): Scale | undefined {
  const voltages = cellVoltage.flatMap((voltage) => (voltage !== null && voltage > 0 ? [voltage] : []));
  const lowest = Math.min(...voltages);
  return niceScale([...voltages, lowest - (Math.max(...voltages) - lowest) / 10], LEAST_SPAN);
}

/** What stands out of a cell: that it is the lowest or the highest, and what the balancer does with it. */
function marks(reading: Reading, cell: number): { words: string; short: string; role: Role } {
  const { lowestCell, highestCell, deltaCellVoltage } = reading;
  const isLowest = cell === lowestCell && deltaCellVoltage !== 0;
  const isHighest = cell === highestCell && deltaCellVoltage !== 0;
  const balanced = balancedCell(reading) === cell;
  if (isLowest) {
    const words = `${signs.lowest} lowest${balanced ? ' takes' : ''}`;
    return { words, short: signs.lowest + (balanced ? '+' : ''), role: 'low' };
  }
  if (isHighest) {
    const words = `${signs.highest} highest${balanced ? ' gives' : ''}`;
    return { words, short: signs.highest + (balanced ? '-' : ''), role: 'high' };
  }
  return { words: '', short: '', role: 'text' };
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
