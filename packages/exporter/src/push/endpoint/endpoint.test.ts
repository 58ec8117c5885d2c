import { UsageError } from '@ubmsc/base';
import { describe, expect, test } from 'vitest';
import { parsePushUrl, pushProtocols } from './endpoint.ts';

describe('a URL', () => {
  test.each([
    ['http://pi:9091/metrics/job/ubmsc', 'pushgateway'],
    ['http://pi:9091/prefix/metrics/job/ubmsc/instance/house', 'pushgateway'],
    ['http://pi:9091/metrics/job@base64/dWJtc2M/device@base64/YS9i', 'pushgateway'],
    ['http://victoria:8428/api/v1/import/prometheus', 'victoriametrics'],
    ['http://vminsert:8480/insert/0/prometheus/api/v1/import/prometheus', 'victoriametrics'],
    ['https://victoria/api/v1/import/prometheus?extra_label=job=ubmsc', 'victoriametrics'],
    ['http://victoria:8428/api/v1/import/prometheus/metrics/job/ubmsc', 'victoriametrics'],
    ['http://prometheus:9090/api/v1/write', 'remote-write'],
    ['https://mimir/api/v1/push', 'remote-write'],
    ['http://thanos:19291/api/v1/receive', 'remote-write'],
    ['https://prometheus-prod.grafana.net/api/prom/push', 'remote-write'],
    ['http://influx:8086/write?db=ubmsc', 'influxdb-1'],
    ['http://influx:8086/api/v2/write?org=o&bucket=b', 'influxdb-2'],
    ['http://influx:8181/api/v3/write_lp?db=ubmsc', 'influxdb-3'],
    ['http://pi:8000/write', 'text'],
    ['http://pi:8000/anything', 'text'],
  ])('%s is %s', (url, kind) => {
    expect(parsePushUrl(url).kind).toBe(kind);
  });

  test.each(pushProtocols)('may be said to be %s', (protocol) => {
    expect(parsePushUrl('http://pi/metrics/job/a', { protocol }).kind).toBe(protocol);
  });

  test('of InfluxDB gets the precision of times, unless it has one', () => {
    const hrefOf = (url: string): string => parsePushUrl(url).url.search;
    expect(hrefOf('http://pi/write?db=a')).toBe('?db=a&precision=ms');
    expect(hrefOf('http://pi/api/v3/write_lp?db=a')).toBe('?db=a&precision=millisecond');
    expect(hrefOf('http://pi/write?db=a&precision=ms')).toBe('?db=a&precision=ms');
  });

  test('has user and password taken out, and neither they nor a query are in its title', () => {
    const { url, title, userinfo } = parsePushUrl(
      'https://anna:p%40ss@pi/api/v1/import/prometheus?token=x#y',
    );
    expect(userinfo).toEqual({ user: 'anna', password: 'p@ss' });
    expect(url.href).toBe('https://pi/api/v1/import/prometheus?token=x');
    expect(title).toBe('https://pi/api/v1/import/prometheus');
  });

  test.each([
    ['http://127.0.0.1:9889/metrics', 'such as /metrics/job/ubmsc'],
    ['http://pi:9091/metrics/', 'such as /metrics/job/ubmsc'],
    ['http://pi:9091/metrics/job', 'give each label a value'],
    ['http://pi:9091/metrics/job/', 'give each label a value'],
    ['http://pi:9091/metrics/job/ubmsc/', 'give each label a value'],
    ['http://pi:9091/metrics/job/ubmsc/instance/', 'give each label a value'],
    ['http://pi:9091/metrics/job/ubmsc/instance', 'give each label a value'],
    ['http://pi:9091/metrics/job/ubmsc//x', 'give each label a value'],
    ['http://pi:9091/metrics/job/ubmsc/instance@base64/=', 'give each label a value'],
    ['ftp://pi/', 'give one such as'],
    ['pi:9091', 'give one such as'],
    ['', 'give one such as'],
  ])('%j is refused with a hint', (url, hint) => {
    let error: unknown;
    try {
      parsePushUrl(url);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toHaveProperty('hint', expect.stringContaining(hint));
  });

  test('is not quoted when it is wrong: it may hold a password', () => {
    expect(() => parsePushUrl('htp://anna:s3cret@pi')).toThrow(/^(?!.*s3cret)/);
  });

  test('of VictoriaMetrics does not go with protobuf', () => {
    const url = 'http://victoria:8428/api/v1/import/prometheus';
    expect(() => parsePushUrl(url, { protobuf: true })).toThrow('ignores protobuf');
    expect(() => parsePushUrl('http://pi:9091/metrics/job/a', { protobuf: true })).not.toThrow();
  });
});
