import { UsageError } from '@ubmsc/base';
import { describe, expect, test } from 'vitest';
import { parsePushUrl } from './endpoint.ts';

describe('a URL', () => {
  test.each([
    ['http://pi:9091/metrics/job/ubmsc', 'PUT', false],
    ['http://pi:9091/prefix/metrics/job/ubmsc/instance/house', 'PUT', false],
    ['http://pi:9091/metrics/job@base64/dWJtc2M/device@base64/YS9i', 'PUT', false],
    ['http://victoria:8428/api/v1/import/prometheus', 'POST', true],
    ['https://victoria/api/v1/import/prometheus?extra_label=job=ubmsc', 'POST', true],
    ['http://victoria:8428/api/v1/import/prometheus/metrics/job/ubmsc', 'POST', true],
    ['http://pi:8000/anything', 'PUT', true],
  ])('%s: %s, times are kept: %s', (url, method, keepsTime) => {
    expect(parsePushUrl(url)).toMatchObject({ method, keepsTime });
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
    expect(() => parsePushUrl(url, { protobuf: true })).toThrow('throws protobuf away');
    expect(() => parsePushUrl('http://pi:9091/metrics/job/a', { protobuf: true })).not.toThrow();
  });
});
