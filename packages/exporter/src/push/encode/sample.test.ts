import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lines } from '../../metrics/lines.ts';
import { parseSeries, samplesOf } from './sample.ts';

const labels = fc.dictionary(fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/), fc.string(), { maxKeys: 3 });

test('what stands on a page is parsed as it was meant', () => {
  fc.assert(
    fc.property(labels, fc.double({ noNaN: true, noDefaultInfinity: true }), (given, value) => {
      const { text } = new Lines('a_b', () => given).set(1, () => value);
      const page = `# HELP a_b A\n# TYPE a_b gauge${Buffer.from(text, 'latin1').toString()}\n`;
      const [sample, ...others] = samplesOf(page, 7);
      expect(others).toEqual([]);
      expect(sample).toMatchObject({ time: 7 });
      expect(Number(sample?.value) + 0).toBe(value + 0);
      expect(parseSeries(sample?.series ?? '')).toEqual({ name: 'a_b', labels: Object.entries(given) });
    }),
  );
});

test('a line may have its own time, or say that the series has ended', () => {
  expect(samplesOf('a 1 5\nb{c="} 9"} stale\n\nd\ne x\n', 7)).toEqual([
    { series: 'a', value: 1, time: 5 },
    { series: 'b{c="} 9"}', value: Number.NaN, time: 7 },
  ]);
});

test('any text gives samples with finite times or nothing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '{', '}', '"', ' ', '\n', '#', '1', '\\', '=') }),
      (page) => {
        for (const { series } of samplesOf(page, 7)) parseSeries(series);
      },
    ),
  );
});
