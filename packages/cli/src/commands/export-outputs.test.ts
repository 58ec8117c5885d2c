import { expect, test } from 'vitest';
import { outputsOf } from './export-outputs.ts';

const url = 'http://127.0.0.1:9889/metrics';
const pushUrl = 'http://victoria/api/v1/import/prometheus';
const textfile = 'ubmsc.prom';

const base = { url, push: undefined, pushUrl: undefined, textfile: undefined };

test.each([
  ['-e listens', {}, false, { listen: url }],
  ['-e -p pushes to --url and does not listen', { push: true }, true, { push: url }],
  ['--push-url pushes besides listening', { pushUrl }, false, { listen: url, push: pushUrl }],
  ['-p with --push-url is the same', { push: true, pushUrl }, false, { listen: url, push: pushUrl }],
  ['--textfile opens no port', { textfile }, false, { textfile }],
  ['--textfile with --url does', { textfile }, true, { listen: url, textfile }],
  ['-p with --textfile does both', { push: true, textfile }, true, { push: url, textfile }],
])('%s', (_, options, isUrlGiven, outputs) => {
  expect(outputsOf({ ...base, ...options }, isUrlGiven)).toEqual({
    listen: undefined,
    push: undefined,
    textfile: undefined,
    ...outputs,
  });
});
