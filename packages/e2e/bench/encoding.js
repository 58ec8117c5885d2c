// How many samples a second are encoded for each kind of endpoint, on one core, with what compresses them.
import { gzipSync } from 'node:zlib';
import { endpointKinds, samplesOf } from '@ubmsc/exporter';
import { measure, printTable, spread } from './measure.js';

const ROUNDS = 20;

/** As after an outage: pages of three batteries with 16 cells each, 25 of them in a batch. */
const PAGES = 25;
const BATTERIES = ['house', 'van', 'boat'];
const CELLS = 16;
const ALARMS = 75;
const OTHERS = 30;

/** @param {string} name @param {string} battery @param {number} count @param {(index: number) => string} label */
function family(name, battery, count, label) {
  return Array.from({ length: count }, (_, index) => {
    return `${name}{device="${battery}",${label(index)}} ${(Math.random() * 100).toFixed(3)}\n`;
  });
}

function page() {
  return BATTERIES.flatMap((battery) => [
    ...family('cell_voltage', battery, CELLS, (cell) => `cell="${cell}"`),
    ...family('cell_resistance', battery, CELLS, (cell) => `cell="${cell}"`),
    ...family('alarm', battery, ALARMS, (alarm) => `alarm="alarm_${alarm}"`),
    ...family('battery_value', battery, OTHERS, (value) => `value="value_${value}"`),
  ]).join('');
}

export async function benchmarkEncoding() {
  const pages = Array.from({ length: PAGES }, page);
  const parse = () => pages.flatMap((text, index) => samplesOf(text, 1_700_000_000_000 + 10_000 * index));
  const samples = parse();
  /** @param {() => unknown} work */
  const perSecond = (work) => () => {
    const start = performance.now();
    work();
    return samples.length / (performance.now() - start) / 1000;
  };
  const kinds = Object.entries(endpointKinds).filter(([, { encode }]) => encode !== undefined);
  const cases = Object.fromEntries(
    kinds.map(([name, { encode }]) => [name, perSecond(() => encode?.(samples))]),
  );
  const rates = await measure('encoding', ROUNDS, { 'from the buffer': perSecond(parse), ...cases });
  printTable(
    ['Samples to be pushed', 'millions per second (aim: 1)', 'bytes per sample'],
    Object.entries(rates).map(([name, each]) => {
      const kind = kinds.find(([found]) => found === name)?.[1];
      const encoded = kind?.encode?.(samples);
      const bytes = encoded && (kind?.gzip ? gzipSync(encoded) : encoded).length / samples.length;
      return [name, spread(each, 2), bytes?.toFixed(1) ?? ''];
    }),
  );
}
