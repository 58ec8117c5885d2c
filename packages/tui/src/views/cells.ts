import type { Reading } from '@ubmsc/protocol';
import { bar } from '../text/bar.ts';
import { column, fit, inRole, span, type Line, type Role } from '../text/line.ts';
import { millivolts, quantity, signed } from '../text/numbers.ts';
import { niceScale, position, type Scale } from '../text/scale.ts';
import { signs } from '../text/signs.ts';
import { title } from './title.ts';
import type { Room } from './view.ts';

/** Bars span at least so much, in V: else the noise of the measurement would fill them. */
const LEAST_SPAN = 0.01;

/** Columns that a cell takes with and without its bar: number, voltage, mark. */
const NARROWEST = 14;

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
  const { cellVoltage, deltaCellVoltage } = reading;
  const voltages = cellVoltage.filter((voltage) => voltage !== null && voltage > 0);
  const scale = niceScale(
    voltages.filter((voltage) => voltage !== null),
    LEAST_SPAN,
  );
  const note = scale
    ? [
        span(`${millivolts(deltaCellVoltage)} apart`, stale ? 'stale' : 'text'),
        span(`, bars ${scale.low.toFixed(3)}…${scale.high.toFixed(3)} V`, 'dim'),
      ]
    : [];
  const heading = title(`${cellVoltage.length} cells, from 0`, room.width, note);
  if (cellVoltage.length === 0)
    return [heading, fit([span('  the battery names no cells', 'dim')], room.width)];
  const columns = cellColumns(cellVoltage.length, room);
  const rows = Math.ceil(cellVoltage.length / columns);
  const width = Math.floor(room.width / columns);
  const lines = Array.from({ length: rows }, (_, row) =>
    fit(
      Array.from({ length: columns }, (__, nth) => {
        const cell = nth * rows + row;
        if (cell >= cellVoltage.length) return fit([], width);
        return cellLine(reading, cell, { scale, width: columns === 1 ? width : width - 1, stale, selected });
      }).flatMap((line) => (columns === 1 ? line : [...line, span(' ')])),
      room.width,
    ),
  );
  return [heading, ...lines];
}

interface CellLook {
  readonly scale: Scale | undefined;
  readonly width: number;
  readonly stale: boolean;
  readonly selected: number | undefined;
}

function cellLine(reading: Reading, cell: number, { scale, width, stale, selected }: CellLook): Line {
  const voltage = reading.cellVoltage[cell] ?? null;
  const role: Role = cell === reading.lowestCell ? 'low' : cell === reading.highestCell ? 'high' : 'text';
  const isSelected = cell === selected;
  const number: Line = [
    span(isSelected ? signs.selected : ' ', 'accent'),
    ...column(String(cell), 2, isSelected ? 'selected' : 'dim', 'right'),
    span(' '),
    ...column(voltage === null ? signs.absent : voltage.toFixed(3), 5, role, 'right'),
    span(' '),
  ];
  const { words, short } = marks(reading, cell);
  const resistance = reading.cellResistance[cell] ?? null;
  const ohms = quantity(resistance === null ? null : resistance * 1000, 0, 'mΩ');
  const withWords = width >= 40;
  const withOhms = width >= 30;
  const tail: Line = [
    span(' '),
    ...column(withWords ? words : short, withWords ? 18 : 2, role),
    ...(withOhms ? column(ohms, 8, 'dim', 'right') : []),
  ];
  const room = width - 10 - tail.reduce((sum, { text }) => sum + text.length, 0);
  const drawn = bar(
    voltage === null || voltage <= 0 || !scale ? 0 : Math.max(0.001, position(voltage, scale)),
    Math.max(0, room),
  );
  const line = [...number, ...(room > 0 ? [span(drawn.fill, role), span(drawn.track, 'dim')] : []), ...tail];
  return fit(stale ? inRole(line, 'stale') : line, width);
}

/** What stands out of a cell: that it is the lowest or the highest, and what the balancer does with it. */
function marks(reading: Reading, cell: number): { words: string; short: string } {
  const isLowest = cell === reading.lowestCell;
  const isHighest = cell === reading.highestCell;
  const balanced = balancedCell(reading) === cell ? signed(reading.balanceCurrent, 2, 'A') : '';
  const sign = isLowest ? signs.lowest : isHighest ? signs.highest : '';
  const name = isLowest ? 'lowest' : isHighest ? 'highest' : '';
  return {
    words: [sign, name, balanced].filter((part) => part !== '').join(' '),
    short: sign + (balanced === '' ? '' : (reading.balanceCurrent ?? 0) > 0 ? '+' : '-'),
  };
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
