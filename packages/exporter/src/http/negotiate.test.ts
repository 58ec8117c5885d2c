import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptsGzip, negotiateFormat } from './negotiate.ts';

describe('the format', () => {
  test.each([
    [undefined, 'text'],
    ['', 'text'],
    ['*/*', 'text'],
    ['text/html', 'text'],
    ['application/openmetrics-text', 'openMetrics'],
    ['application/openmetrics-text; version=1.0.0', 'openMetrics'],
    ['application/openmetrics-text;version=0.0.1', 'text'],
    ['application/openmetrics-text;q=0.2, text/plain;q=0.8', 'text'],
    ['APPLICATION/OpenMetrics-Text ; VERSION="1.0.0" ; q=0.9 , */* ; q=0.1', 'openMetrics'],
    ['application/openmetrics-text;q=0, */*', 'text'],
    ['text/plain;q=0, */*', 'openMetrics'],
    ['application/*', 'openMetrics'],
    ['text/*;q=0.5, application/openmetrics-text;q=0.4', 'text'],
    ['application/openmetrics-text;q=nonsense', 'text'],
    // Prometheus 2.42, 3.5 and vmagent
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openMetrics',
    ],
    [
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
      'openMetrics',
    ],
    ['text/plain;version=0.0.4;q=1,*/*;q=0.1', 'text'],
    ['application/vnd.google.protobuf', 'text'],
  ] as const)('that %j likes best is %s', (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format);
  });

  test('is one that there is, whatever the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (accept) => {
        expect(['text', 'openMetrics']).toContain(negotiateFormat(accept));
      }),
    );
  });
});

test.each([
  [undefined, false],
  ['gzip', true],
  ['gzip;q=0', false],
  ['deflate, GZIP;q=0.1', true],
  ['*', true],
  ['*, gzip;q=0', false],
  ['identity', false],
])('a client that says %j takes gzip: %j', (header, expected) => {
  expect(acceptsGzip(header)).toBe(expected);
});
