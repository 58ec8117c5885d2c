import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulator } from './command.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

// Bundled into this package's folder, from where noble is found.
const folder = fileURLToPath(new URL('../dist/', import.meta.url));
const packageFolder = fileURLToPath(new URL('../', import.meta.url));

/** Runs an example as its reader would, with the simulated batteries as the adapter. */
async function runExample(code: string, name: string, adapter: string): Promise<string> {
  const outfile = `${folder}${name}.js`;
  await build({
    stdin: { contents: code, loader: 'ts', resolveDir: packageFolder },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    conditions: ['@ubmsc/source'],
    external: ['@abandonware/*'],
  });
  const child = spawn(process.execPath, [outfile], {
    env: { ...process.env, UBMSC_ADAPTER: adapter },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [exitCode] = await once(child, 'close');
  expect(exitCode).toBe(0);
  return output;
}

describe('the examples of the README', () => {
  let batteries: Awaited<ReturnType<typeof simulator>>;
  beforeAll(async () => {
    batteries = await simulator('--batteries', '2');
  });
  afterAll(async () => {
    await batteries[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('are two', () => {
    expect(examples).toHaveLength(2);
  });

  test('open a device by name and print what it says', async () => {
    const output = await runExample(examples[0] ?? '', 'open', batteries.adapter);
    expect(output).toMatch(
      /^JK_BD4A8S4P, software 15\.26\n\d+\.\d+ V, -?\d+(\.\d+)? A, cells (\d\.\d+ ){4}V\n$/,
    );
  });

  test('find all devices and print each', async () => {
    const output = await runExample(examples[1] ?? '', 'scan', batteries.adapter);
    expect(output.trimEnd().split('\n').toSorted()).toEqual([
      expect.stringMatching(/^UPS_BMS C8:47:80:00:00:01 -60 dBm: \d+ %$/),
      expect.stringMatching(/^UPS_BMS_2 C8:47:80:00:00:02 -60 dBm: \d+ %$/),
    ]);
  });
});
