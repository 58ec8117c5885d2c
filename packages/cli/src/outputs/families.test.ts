import { counter, Exporter, type Family } from '@ubmsc/exporter';
import { expect, test } from 'vitest';
import { labelled, merged } from './families.ts';

/** The lines of these metrics on a page. */
function linesOf(families: readonly Family[]): string[] {
  const source = { statuses: [], now: () => 0, observe: () => ({ [Symbol.dispose]: () => {} }) };
  const exporter = new Exporter({ source, version: '1', processMetrics: false, more: () => families });
  return String(exporter.page())
    .split('\n')
    .filter((line) => line.includes('ubmsc_push_'));
}

test('metrics of two outputs of one kind are one metric with a label that tells them apart', () => {
  const sent = (value: number): Family => counter('ubmsc_push_sent_samples_total', 'Samples', value);
  const families = [labelled(sent(3), { target: 'http://a' }), labelled(sent(4), { target: 'http://b' })];
  expect(linesOf(merged(families))).toEqual([
    '# HELP ubmsc_push_sent_samples_total Samples',
    '# TYPE ubmsc_push_sent_samples_total counter',
    'ubmsc_push_sent_samples_total{target="http://a"} 3',
    'ubmsc_push_sent_samples_total{target="http://b"} 4',
  ]);
});
