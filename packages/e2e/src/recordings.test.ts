import { parseRecording } from '@ubmsc/recording';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder, ubmsc } from './command.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

describe.concurrent('ubmsc record', () => {
  test('records a battery until the time is up, without passcodes, and says what it has', async () => {
    const file = folder.file('van.jsonl');
    const { code, stderr } = await ubmsc(
      '--adapter',
      'sim',
      'record',
      '-o',
      file,
      '--for',
      '12s',
      '--note',
      'a van',
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^ubmsc: UPS_BMS \(C8:47:80:00:00:01\) SIMULATED: .* as jk02-32s: .*van\.jsonl\n$/,
    );
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(Buffer.from('LEAKME').toString('hex'));
    const { header, events } = parseRecording(text);
    expect(header).toMatchObject({
      device: { name: 'UPS_BMS', model: 'JK_BD4A8S4P', hardware: '15A', firmware: '15.26' },
      layout: 'jk02-32s',
      mtu: 131,
      note: 'a van',
      simulated: true,
      redacted: true,
      anonymized: false,
    });
    expect(header.gatt?.find(({ uuid }) => uuid === 'ffe0')?.characteristics).toContainEqual({
      uuid: 'ffe1',
      properties: ['writeWithoutResponse', 'write', 'notify'],
    });
    const states = events.flatMap((event) => (event.kind === 'state' ? event.state : []));
    expect(states).toEqual([
      'heard',
      'connecting',
      'discovering',
      'subscribing',
      'identifying',
      'streaming',
      'closed',
    ]);
    const writes = events.filter(({ kind }) => kind === 'write');
    expect(writes).toHaveLength(2);
  });
});

describe.concurrent('ubmsc replay', () => {
  test('ends with the recording', async () => {
    const { code, stdout } = await ubmsc('replay', 'jk04-3.3', '--speed', '4', '-f', 'json');
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]).toMatchObject({ cell_data: [{ simulated: true }] });
  });

  test('lists the recordings that come with the program', async () => {
    const { stdout } = await ubmsc('replay', '--list');
    expect(stdout).toMatch(/^jk02-32s-19\.27 +JK02_32S, the newest firmware/m);
  });
});

test.concurrent(
  'ubmsc report has versions, findings, settings and a recording that can be replayed, and no passcode',
  async () => {
    const file = folder.file('report.md');
    const { code } = await ubmsc('--adapter', 'sim', 'report', '-o', file, '--for', '12s', '--anonymize');
    expect(code).toBe(0);
    const text = await readFile(file, 'utf8');
    for (const part of [
      'ubmsc     0.1.0',
      '✔ Device info        JK_BD4A8S4P',
      'adapter = "sim"',
      '"format":"ubmsc-recording"',
    ])
      expect(text).toContain(part);
    for (const trace of ['LEAKME', 'UPS_BMS', 'C8:47:80', '50912010001']) {
      expect(text).not.toContain(trace);
      expect(text).not.toContain(Buffer.from(trace).toString('hex'));
    }
    const { stdout } = await ubmsc('replay', file, '--speed', '4', '--to', 'info', '-f', 'json');
    expect(stdout).toContain('"device_name":"BATTERY_1"');
  },
);
