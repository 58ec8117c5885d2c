import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { BatteriesOptions } from '../command-line/context.ts';
import { settings } from '../command-line/options.ts';
import { parseConfig } from '../config/load.ts';
import { outputNames, outputs, type OutputName } from './index.ts';
import { planOutputs } from './plan.ts';
import { outputTables } from './tables.ts';

const pushUrl = 'http://victoria/api/v1/import/prometheus';
const textfile = 'ubmsc.prom';

// What the user of this machine keeps is not what these tests are about.
beforeEach(() => {
  vi.stubEnv('STATE_DIRECTORY', '');
  vi.stubEnv('XDG_STATE_HOME', '/dev/null');
});

/** Options of a run on which nothing is given but these. */
function optionsWith(given: Readonly<Record<string, unknown>>): BatteriesOptions {
  const defaults = Object.fromEntries(settings.map((row) => [row.name, row.default]));
  const options: unknown = { ...defaults, batteries: undefined, ...given };
  if (!isOptions(options)) throw new TypeError('options are an object');
  return options;
}

function isOptions(value: unknown): value is BatteriesOptions {
  return typeof value === 'object' && value !== null && 'scrapeInterval' in value;
}

interface Given {
  readonly options: Readonly<Record<string, unknown>>;
  readonly config?: string;
  readonly refused?: string[];
}

async function planned({ options, config, refused = [] }: Given): Promise<OutputName[]> {
  const plan = await planOutputs(outputNames, optionsWith(options), {
    isGiven: (name) => Object.hasOwn(options, name),
    refuseIdle: (names) => void refused.push(...names),
    config: () => (config === undefined ? undefined : parseConfig(config, 'config.toml')),
  });
  return plan.map(({ name }) => name);
}

describe('the outputs that options ask for', () => {
  test.each([
    ['-e listens', {}, ['listen']],
    ['-e -p pushes to --url and does not listen', { push: true, url: pushUrl }, ['push']],
    ['--push-url pushes besides listening', { pushUrl }, ['push', 'listen']],
    ['-p with --push-url is the same', { push: true, pushUrl }, ['push', 'listen']],
    ['--textfile opens no port', { textfile }, ['textfile']],
    ['--textfile with --url does', { textfile, url: 'http://127.0.0.1:0/metrics' }, ['textfile', 'listen']],
    ['--state keeps a history besides listening', { state: '/tmp' }, ['history', 'listen']],
    ['--disable-history does not', { state: '/tmp', disableHistory: true }, ['listen']],
    ['-p with --textfile does both', { push: true, url: pushUrl, textfile }, ['push', 'textfile']],
  ])('%s', async (_, options, names) => {
    expect(await planned({ options })).toEqual(names);
  });
});

test('every [[push]] of the configuration file is one more output, besides that of the options', async () => {
  const config = `[[push]]\nurl = "${pushUrl}"\n[[push]]\nurl = "${pushUrl}"\nuser = "anna"\n`;
  expect(await planned({ options: {}, config })).toEqual(['push', 'push', 'listen']);
  expect(await planned({ options: { pushUrl }, config })).toEqual(['push', 'push', 'push', 'listen']);
});

test('options that do nothing are refused, also where tables ask for that output', async () => {
  const refused: string[] = [];
  await planned({ options: {}, config: `[[push]]\nurl = "${pushUrl}"`, refused });
  expect(refused).toContain('pushTokenFile');
});

test('settings of an output are checked before one is started', async () => {
  await expect(planned({ options: { pushUrl: 'http://victoria/metrics' } })).rejects.toThrow('are read');
  const config = '[[push]]\nurl = "http://victoria/metrics"';
  await expect(planned({ options: {}, config })).rejects.toThrow('are read');
});

test('tables are those of outputs, and their keys are settings', () => {
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(Object.keys(outputTables)));
  const names = settings.map(({ name }) => name);
  for (const keys of Object.values(outputTables)) {
    expect(names).toEqual(expect.arrayContaining(Object.values(keys)));
  }
});
