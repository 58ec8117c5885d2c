import { UsageError } from '@ubmsc/base';
import { valuesOf } from '@ubmsc/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSeries } from '../push/encode/sample.ts';
import { family, gauge } from './family.ts';
import { Page, renderPage } from './page.ts';
import { staticLabels } from './static-labels.ts';

describe('static labels', () => {
  test('stand on every series of a page, before its own', () => {
    const families = [gauge('a', 'A', 1), family('gauge', 'b', 'B', [[{ cell: '0' }, 2]])];
    const page = String(renderPage(families, 'text', staticLabels({ site: 'marina-7', host: '$1 "x"' })));
    expect([...valuesOf(page).keys()]).toEqual([
      String.raw`a{site="marina-7",host="$1 \"x\""}`,
      String.raw`b{site="marina-7",host="$1 \"x\"",cell="0"}`,
    ]);
  });

  test('are the same in the pages of prom-client', async () => {
    const page = new Page(staticLabels({ site: 'é' }));
    page.add(family('gauge', 'b', 'B', [[{ cell: '{ }' }, 2]]));
    expect((await page.metrics()).trim()).toBe(String(page.bytes()).trim());
  });

  test('may have any value, and come back from the page', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        const labels = staticLabels({ site: `x${value}` });
        const page = String(renderPage([family('gauge', 'b', 'B', [[{ cell: '0' }, 2]])], 'text', labels));
        const [series = ''] = valuesOf(page).keys();
        expect(Object.fromEntries(parseSeries(series).labels)).toEqual({ ...labels, cell: '0' });
      }),
    );
  });

  test.each([
    [{ device: 'x' }, 'themselves'],
    [{ __name__: 'x' }, 'cannot be the name'],
    [{ 'a b': 'x' }, 'cannot be the name'],
    [{ '1a': 'x' }, 'cannot be the name'],
    [{ site: '' }, 'no value'],
  ])('are refused when they cannot be labels: %j', (labels, message) => {
    expect(() => staticLabels(labels)).toThrow(UsageError);
    expect(() => staticLabels(labels)).toThrow(message);
  });
});
