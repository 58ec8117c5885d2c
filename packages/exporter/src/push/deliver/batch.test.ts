import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../encode/sample.ts';
import { halves, split, Suspects } from './batch.ts';
import { BatchSize } from './batch-size.ts';

const sample = (series: string, time: number): Sample => ({ series, value: 1, time });

describe('samples that were refused together', () => {
  test('are split until the bad ones are found, and the good ones are sent', () => {
    const given = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(5)), {
      maxLength: 24,
      selector: String,
    });
    fc.assert(
      fc.property(given, fc.subarray(['a', 'b', 'c', 'd']), (pairs, bad) => {
        const samples = pairs
          .map(([series, time]) => sample(series, time))
          .toSorted((a, b) => a.time - b.time);
        const suspects = new Suspects();
        const sent: Sample[] = [];
        const refused: Sample[] = [];
        const parts: (readonly Sample[])[] = [samples];
        for (let part = parts.pop(); part; part = parts.pop()) {
          if (!part.some(({ series }) => bad.includes(series))) {
            sent.push(...part);
            suspects.remove(part);
            continue;
          }
          const smaller = split(part, suspects);
          if (smaller) parts.push(...smaller);
          else {
            suspects.add(part);
            refused.push(...part);
          }
        }
        expect(new Set(refused)).toEqual(new Set(samples.filter(({ series }) => bad.includes(series))));
        expect(sent.length + refused.length).toBe(samples.length);
      }),
    );
  });

  test('are cut between two times where there are several', () => {
    const samples = [sample('a', 1), sample('a', 2), sample('b', 2), sample('c', 2)];
    expect(halves(samples)).toEqual([samples.slice(0, 1), samples.slice(1)]);
    expect(halves(samples.slice(1))).toEqual([samples.slice(1, 2), samples.slice(2)]);
  });

  test('that were refused before, each on its own, are not split again', () => {
    const suspects = new Suspects();
    const bad = [sample('a', 1), sample('b', 1)];
    suspects.add(bad);
    expect(split(bad, suspects)).toBeUndefined();
    expect(split([...bad, sample('c', 1)], suspects)).toEqual([[sample('c', 1)], bad]);
  });
});

describe('a batch', () => {
  test('grows while it gets through quickly, up to 1 MB or 20,000 samples', () => {
    const size = new BatchSize();
    for (let count = 0; count < 20; count++) size.carried(size.samples, size.samples * 10, 100);
    expect(size.samples).toBe(20_000);
    for (let count = 0; count < 20; count++) size.carried(size.samples, size.samples * 1000, 100);
    expect(size.samples).toBeLessThan(1010);
  });

  test('shrinks while it does not get through, and never to nothing', () => {
    const size = new BatchSize();
    const first = size.samples;
    size.stuck(first);
    expect(size.samples).toBe(first / 2);
    for (let count = 0; count < 20; count++) size.stuck(size.samples);
    expect(size.samples).toBe(20);
  });

  test('does not grow because little was sent', () => {
    const size = new BatchSize();
    const first = size.samples;
    for (let count = 0; count < 20; count++) size.carried(10, 100, 1);
    expect(size.samples).toBe(first);
  });
});
