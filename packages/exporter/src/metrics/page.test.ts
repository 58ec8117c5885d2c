import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counter, family, gauge } from './family.ts';
import { pageFormats, Page, renderPage, type PageFormat } from './page.ts';

const text = fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'n', '{', ',', ' ', 'é', '😀', 'a') });
const labels = fc.dictionary(fc.constantFrom('device', 'cell', 'reason'), text);
const value = fc.double({ noNaN: true, noDefaultInfinity: true });
const familyOfSeries = fc
  .record({
    name: fc.stringMatching(/^[a-z_:][a-z0-9_:]{0,10}(_total)?$/),
    help: text.filter((help) => help !== ''),
    type: fc.constantFrom('counter', 'gauge'),
    series: fc.array(fc.tuple(labels, value), { minLength: 1, maxLength: 5 }),
  })
  .map(({ type, name, help, series }) => family(type, name, help, series));
const families = fc.uniqueArray(familyOfSeries, { selector: ({ name }) => name, maxLength: 5 });

describe.each(['text', 'openMetrics'] as const)('in %s', (format: PageFormat) => {
  test('a page is what prom-client itself would write', async () => {
    await fc.assert(
      fc.asyncProperty(families, async (each) => {
        const page = new Page();
        page.setContentType(pageFormats[format]);
        for (const one of each) page.add(one);
        expect(String(page.bytes())).toBe(await page.metrics());
      }),
    );
  });
});

test('a counter that is not called _total has one name whoever scrapes it', () => {
  const counters = [counter('cycle_count', 'Cycles', 3), counter('frames_total', 'Frames', 4)];
  expect(String(renderPage(counters, 'openMetrics'))).toBe(
    '# HELP cycle_count Cycles\n# TYPE cycle_count unknown\ncycle_count 3\n' +
      '# HELP frames Frames\n# TYPE frames counter\nframes_total 4\n# EOF\n',
  );
  expect(String(renderPage(counters))).toBe(
    '# HELP cycle_count Cycles\n# TYPE cycle_count counter\ncycle_count 3\n\n' +
      '# HELP frames_total Frames\n# TYPE frames_total counter\nframes_total 4\n',
  );
});

test('a metric without series is not on the page', () => {
  expect(String(renderPage([gauge('a', 'A', undefined), gauge('b', 'B', 1)]))).not.toContain('a A');
});

test('a name that no metric can have is refused', () => {
  expect(() => renderPage([gauge('1 a', 'A', 1)])).toThrow(/name/);
});
