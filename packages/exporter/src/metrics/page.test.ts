import fc from 'fast-check';
import { Registry, type RegistryContentType } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { counter, gauge, type Family } from './family.ts';
import { Labels } from './labels.ts';
import { pageFormats, renderPage, Snapshot, typeIn, WrittenFamilies, type PageFormat } from './page.ts';

const text = fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'n', '{', ',', ' ', 'é', '😀', 'a') });
const series = fc.record({
  labels: fc
    .dictionary(fc.constantFrom('device', 'cell', 'reason'), text)
    .map((values) => new Labels(values)),
  value: fc.double({ noNaN: true, noDefaultInfinity: true }),
});
const family: fc.Arbitrary<Family> = fc.record({
  name: fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,10}(_total)?$/),
  help: text.filter((help) => help !== ''),
  type: fc.constantFrom('counter', 'gauge'),
  series: fc.array(series, { minLength: 1, maxLength: 5 }),
});
const page = fc.uniqueArray(family, { selector: ({ name }) => name, maxLength: 5 });

describe.each(['text', 'openMetrics'] as const)('in %s', (format: PageFormat) => {
  test('a page is what prom-client itself would write', async () => {
    await fc.assert(
      fc.asyncProperty(page, async (families) => {
        const registry = new Registry<RegistryContentType>();
        const contentType = pageFormats[format];
        registry.setContentType(contentType);
        for (const each of families) registry.registerMetric(new Snapshot(each, typeIn(contentType, each)));
        expect(String(await renderPage(families, format))).toBe(await registry.metrics());
      }),
    );
  });
});

test('a counter that is not called _total has one name whoever scrapes it', async () => {
  const families = [counter('cycle_count', 'Cycles', 3), counter('frames_total', 'Frames', 4)];
  expect(String(await renderPage(families, 'openMetrics'))).toBe(
    '# HELP cycle_count Cycles\n# TYPE cycle_count unknown\ncycle_count 3\n' +
      '# HELP frames Frames\n# TYPE frames counter\nframes_total 4\n# EOF\n',
  );
  expect(String(await renderPage(families))).toBe(
    '# HELP cycle_count Cycles\n# TYPE cycle_count counter\ncycle_count 3\n\n' +
      '# HELP frames_total Frames\n# TYPE frames_total counter\nframes_total 4\n',
  );
});

test('what has not changed since the page before is the same, and what has changed is not', async () => {
  const written = new WrittenFamilies();
  const pages = fc.array(fc.tuple(page, fc.constantFrom('text', 'openMetrics')), {
    minLength: 2,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(pages, async (each) => {
      // A page again is what most pages are.
      for (const [families, format] of each.flatMap((one) => [one, one])) {
        expect(await renderPage(families, format, written)).toEqual(await renderPage(families, format));
      }
    }),
  );
});

test('a metric without series is not on the page', async () => {
  expect(String(await renderPage([gauge('a', 'A', undefined), gauge('b', 'B', 1)]))).not.toContain('a A');
});

test('a name that no metric can have is refused', async () => {
  await expect(renderPage([gauge('1 a', 'A', 1)])).rejects.toThrow(/name/);
});
