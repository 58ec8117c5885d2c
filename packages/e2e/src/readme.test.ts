import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulator } from './command.ts';
import { examplesIn, runExample } from './run-example.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const examples = examplesIn(readme);

describe('the examples of the README', () => {
  let batteries: Awaited<ReturnType<typeof simulator>>;
  beforeAll(async () => {
    batteries = await simulator('--batteries', '2');
  });
  afterAll(async () => {
    await batteries[Symbol.asyncDispose]();
  });

  test('are two', () => {
    expect(examples).toHaveLength(2);
  });

  test('open a device by name and print what it says', async () => {
    const output = await runExample(examples[0] ?? '', { env: { UBMSC_ADAPTER: batteries.adapter } });
    expect(output).toMatch(
      /^JK_BD4A8S4P, software 15\.26\n\d+\.\d+ V, -?\d+(\.\d+)? A, cells (\d\.\d+ ){4}V\n$/,
    );
  });

  test('find all devices and print each', async () => {
    const output = await runExample(examples[1] ?? '', { env: { UBMSC_ADAPTER: batteries.adapter } });
    expect(output.trimEnd().split('\n').toSorted()).toEqual([
      expect.stringMatching(/^UPS_BMS C8:47:80:00:00:01 -60 dBm: \d+ %$/),
      expect.stringMatching(/^UPS_BMS_2 C8:47:80:00:00:02 -60 dBm: \d+ %$/),
    ]);
  });
});
