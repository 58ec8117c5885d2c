import { describe, expect, test } from 'vitest';
import { judge, retryAfter } from './judge.ts';
import { endpointKinds, type Answer, type EndpointKindName } from './kinds.ts';

const html = { 'content-type': 'text/html; charset=utf-8' };
const written = { 'x-prometheus-remote-write-samples-written': '3' };

const judged = (name: EndpointKindName, status: number, more: Partial<Answer> = {}): string => {
  const outcome = judge(endpointKinds[name], { status, headers: {}, body: '', ...more });
  return outcome.kind === 'accepted' ? 'accepted' : `${outcome.kind} ${outcome.because}`;
};

describe('samples are delivered only when the answer is the one that such an endpoint gives:', () => {
  test.each<readonly [EndpointKindName, number, Partial<Answer>, string]>([
    ['victoriametrics', 204, {}, 'accepted'],
    ['victoriametrics', 200, {}, 'held unexpected'],
    ['victoriametrics', 200, { headers: html, body: '<html>' }, 'held unexpected'],
    ['pushgateway', 200, {}, 'accepted'],
    ['pushgateway', 202, {}, 'accepted'],
    ['pushgateway', 200, { headers: html }, 'held unexpected'],
    ['pushgateway', 200, { body: '<!DOCTYPE html>' }, 'held unexpected'],
    ['remote-write', 204, {}, 'accepted'],
    ['remote-write', 200, {}, 'accepted'],
    ['remote-write', 200, { body: 'welcome' }, 'held unexpected'],
    ['remote-write-2', 204, { headers: written }, 'accepted'],
    ['remote-write-2', 204, {}, 'held unexpected'],
    ['influxdb-1', 204, {}, 'accepted'],
    ['influxdb-2', 204, {}, 'accepted'],
    ['influxdb-3', 204, {}, 'accepted'],
    ['influxdb-1', 200, {}, 'held unexpected'],
    ['text', 200, {}, 'accepted'],
    ['text', 201, { body: 'ok' }, 'accepted'],
    ['text', 200, { headers: html }, 'held unexpected'],
  ])('%s, %i %j: %s', (name, status, more, expected) => {
    expect(judged(name, status, more)).toBe(expected);
  });
});

test.each<readonly [number, Partial<Answer>, string]>([
  [400, { body: 'bad line' }, 'refused content'],
  [422, {}, 'refused content'],
  [413, { headers: html }, 'refused size'],
  [400, { headers: html }, 'held unexpected'],
  [400, { body: 'out of order sample' }, 'refused time'],
  [500, { body: 'too old sample' }, 'refused time'],
  [500, {}, 'held server'],
  [503, {}, 'held busy'],
  [429, {}, 'held busy'],
  [401, {}, 'held credentials'],
  [403, {}, 'held credentials'],
  [407, {}, 'held credentials'],
  [404, {}, 'held path'],
  [405, {}, 'held path'],
  [301, {}, 'held redirect'],
  [308, {}, 'held redirect'],
  [418, {}, 'held unexpected'],
  [100, {}, 'held unexpected'],
])('an answer with status %i, %j: %s', (status, more, expected) => {
  expect(judged('remote-write', status, more)).toBe(expected);
});

test('no status but 400, 413 and 422 gives samples up, and what it says fits in a line', () => {
  for (let status = 100; status < 600; status++) {
    const outcome = judge(endpointKinds.victoriametrics, {
      status,
      headers: { 'retry-after': '7' },
      body: `${'x'.repeat(500)}\nmore`,
    });
    if (outcome.kind === 'accepted') expect(status).toBe(204);
    else expect(outcome.text).toMatch(/^\d{3} x{200}$/);
    if (outcome.kind === 'refused') expect([400, 413, 422]).toContain(status);
    if (outcome.kind === 'held') expect(outcome.after).toBe(7000);
  }
});

test.each([
  [undefined, undefined],
  ['7', 7000],
  ['0', 0],
  ['999999999', 3_600_000],
  ['Wed, 21 Oct 2015 07:28:10 GMT', 10_000],
  ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s is %s ms', (header, wait) => {
  expect(retryAfter(header, Date.parse('Wed, 21 Oct 2015 07:28:00 GMT'))).toBe(wait);
});
