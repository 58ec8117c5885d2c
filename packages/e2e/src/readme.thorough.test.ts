import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseRecording } from '@ubmsc/recording';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './command.ts';
import { examplesIn, runExample } from './run-example.ts';

describe('the examples of the libraries', () => {
  const examplesOf = (name: string): readonly string[] =>
    examplesIn(readFileSync(new URL(`../../${name}/README.md`, import.meta.url), 'utf8'));

  test('read one battery, and stream', async () => {
    const [once = '', stream = ''] = examplesOf('client');
    expect(await runExample(once)).toMatch(/^\d+\.\d+ V, \d+ %, 4 cells\n$/);
    expect(await runExample(stream)).toMatch(/^(\d{4}-\d\d-\d\dT[\d:.]+Z -?\d+(\.\d+)? W\n){3}$/);
  });

  test('read bytes, and a recording', async () => {
    const fixture = new URL('../../../fixtures/jk02-24s-7.1.jsonl', import.meta.url);
    const { events } = parseRecording(readFileSync(fixture, 'utf8'));
    await using folder = await temporaryFolder();
    const bytes = events.flatMap((event) => (event.kind === 'notify' ? [event.bytes] : []));
    writeFileSync(folder.file('capture.bin'), Buffer.concat(bytes));
    const [decoded = ''] = examplesOf('protocol');
    expect(await runExample(decoded, { env: { CAPTURE: folder.file('capture.bin') } })).toMatch(
      /^(\d+\.\d+ V, \d+ %\n)+$/,
    );
    const [read = ''] = examplesOf('recording');
    expect(await runExample(read, { env: { RECORDING: fileURLToPath(fixture) } })).toMatch(
      /^(2026-01-01T[\d:.]+Z \d+\.\d+\n)+$/,
    );
  });

  test('format a duration, and say what to do about an error', async () => {
    const [code = ''] = examplesOf('base');
    expect(await runExample(code)).toBe('1 h 30 min\n"soon" is not a time; give one such as 30s\n');
  });

  test('judge the records of a session', async () => {
    const fixture = new URL('../../../fixtures/jk02-24s-7.1.jsonl', import.meta.url);
    const [code = ''] = examplesOf('session');
    expect(await runExample(code, { env: { RECORDING: fileURLToPath(fixture) } })).toMatch(
      /^(\d+(\.\d+)? V\n){10,}$/,
    );
  });

  test('add up energy', async () => {
    const [code = ''] = examplesOf('energy');
    expect(await runExample(code)).toBe('0.1 kWh, 2 Ah\n');
  });

  test('print metrics', async () => {
    const [code = ''] = examplesOf('exporter');
    expect(await runExample(code)).toMatch(/^battery_voltage\{device="UPS_BMS"\} \d+/m);
  });

  test('answer with the page', async () => {
    const [code = ''] = examplesOf('web');
    expect(await runExample(code)).toMatch(/^200 text\/html/);
  });

  test('reset a virtual controller', async () => {
    const [code = ''] = examplesOf('hci');
    expect(await runExample(code)).toBe('040e0401030c00\n');
  });

  test('say why nothing is published', async () => {
    const [code = ''] = examplesOf('mqtt');
    expect(await runExample(code, { env: { BROKER: 'mqtt://127.0.0.1:1' } })).toMatch(/refused/i);
  });

  test('simulate a battery in the tests of a program', async () => {
    const [code = ''] = examplesOf('simulator');
    expect(await runExample(code)).toContain('an empty cell is an alarm');
  });
});
