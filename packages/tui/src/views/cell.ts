import type { Reading } from '@ubmsc/protocol';
import type { History } from '../model/history.ts';
import { fit, inRole, span, type Line } from '../text/line.ts';
import { duration, millivolts, quantity } from '../text/numbers.ts';
import { signs } from '../text/signs.ts';
import { balancedCell } from './cells.ts';
import { curveLines, type Curve } from './graphs.ts';
import type { Shown } from './freshness.ts';
import { title } from './title.ts';
import type { Room, Scene } from './view.ts';

const curve: Curve = {
  label: 'Voltage',
  unit: 'V',
  decimals: 3,
  factor: 1,
  least: 0.01,
  zero: false,
  role: 'accent',
};

/** One cell beside the others, and its voltage over time. */
export function cellView(
  { reading, stale }: Shown,
  cell: number,
  history: History | undefined,
  seconds: number,
  scene: Scene,
  { width, height }: Room,
): Line[] {
  const facts = cellFacts(reading, cell).map((line) => fit(stale ? inRole(line, 'stale') : line, width));
  const graphRows = Math.max(1, height - facts.length - 2);
  const lines = curveLines(
    curve,
    (from, to, count) => history?.cellVoltage(cell, from, to, count, scene.now) ?? [],
    seconds,
    scene,
    { width, height: graphRows },
  );
  return [
    title(`Cell ${cell}`, width),
    ...facts,
    title('History', width, [span(`last ${duration(seconds)}`, 'dim')]),
    ...lines,
  ].slice(0, height);
}

function cellFacts(reading: Reading, cell: number): Line[] {
  const { cellVoltage, cellResistance, averageCellVoltage } = reading;
  const voltage = cellVoltage[cell] ?? null;
  const resistance = cellResistance[cell] ?? null;
  const difference = voltage === null || averageCellVoltage === null ? null : voltage - averageCellVoltage;
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
  return [
    labelled('Voltage', span(quantity(voltage, 3, 'V'), 'title'), mark),
    labelled(
      'To the mean',
      span(difference !== null && difference > 0 ? `+${millivolts(difference)}` : millivolts(difference)),
    ),
    labelled('Place', span(voltage === null ? signs.absent : `${higher + 1} of ${count}, from the highest`)),
    labelled('Balance lead', span(quantity(resistance === null ? null : resistance * 1000, 0, 'mΩ'))),
    labelled('Balancer', span(balancing)),
  ];
}

function labelled(label: string, ...value: Line): Line {
  return [span(`  ${label}`.padEnd(16), 'dim'), ...value];
}
