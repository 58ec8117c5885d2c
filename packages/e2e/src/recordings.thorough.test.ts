import { parseRecording } from '@ubmsc/recording';
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { eventually } from '@ubmsc/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture, simulator, start, temporaryFolder, ubmsc } from './command.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

describe.concurrent('ubmsc record', () => {
  test('writes over no recording that is there', async () => {
    const file = folder.file('there.jsonl');
    await writeFile(file, 'mine');
    const { code, stderr } = await ubmsc('--adapter', 'sim', 'record', '-o', file, '--for', '12s');
    expect(code).toBe(2);
    expect(stderr).toContain('is there already; give --force to write over it');
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  test('cuts a long recording into parts that each stand by themselves, and keeps the latest', async () => {
    const file = folder.file('parts.jsonl');
    const recorder = start([
      '--adapter',
      'sim:jk02-32s-15.41?speed=8',
      'record',
      '-o',
      file,
      '--rotate-size',
      '12k',
      '--keep',
      '2',
    ]);
    const names = async (): Promise<readonly string[]> =>
      (await readdir(folder.path)).filter((name) => name.startsWith('parts'));
    await eventually(async () =>
      expect((await names()).some((name) => Number(/-(\d+)/.exec(name)?.[1]) >= 3)).toBe(true),
    );
    recorder.process.kill('SIGINT');
    expect((await recorder.ended).code).toBe(0);
    const parts = await names();
    expect(parts).toHaveLength(2);
    expect(parts).not.toContain('parts.jsonl');
    const texts = await Promise.all(parts.map(async (name) => await readFile(folder.file(name), 'utf8')));
    const [earlier = 0, latest = 0] = texts
      .map((text) => parseRecording(text).header.part ?? 0)
      .toSorted((a, b) => a - b);
    expect(latest).toBe(earlier + 1);
    // The latest one may have just begun.
    const whole = texts.findIndex((text) => parseRecording(text).header.part === earlier);
    const part = folder.file(parts[whole] ?? '');
    const { stdout } = await ubmsc('replay', part, '--to', 'watch', '-f', 'json', '--count', '1');
    expect(stdout).toContain('"cell_voltage"');
  });

  test('packs what is called .gz, so that a killed recorder loses no more than a second', async () => {
    const file = folder.file('killed.jsonl.gz');
    const running = start(['--adapter', 'sim', 'record', '-o', file]);
    while (!existsSync(file) || statSync(file).size < 2500) await setTimeout(50);
    running.process.kill('SIGKILL');
    await running.ended;
    const { code, stdout } = await ubmsc('replay', file, '--to', 'info', '-f', 'json');
    expect(code).toBe(0);
    expect(stdout).toContain('JK_BD4A8S4P');
  });

  test('puts pseudonyms in place of name, address and serial number', async () => {
    const file = folder.file('anonymous.jsonl');
    await ubmsc('--adapter', 'sim', 'record', '-o', file, '--for', '12s', '--anonymize');
    const text = await readFile(file, 'utf8');
    for (const trace of [
      'UPS_BMS',
      'C8:47:80',
      Buffer.from('UPS_BMS').toString('hex'),
      Buffer.from('50912010001').toString('hex'),
    ])
      expect(text).not.toContain(trace);
    const { stdout } = await ubmsc('replay', file, '--to', 'info', '-f', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      device_info: [{ device_name: 'BATTERY_1', serial_number: '00000000001', device_model: 'JK_BD4A8S4P' }],
    });
  });

  test('of a battery that is not found names it and ends with exit code 4', async () => {
    const { code, stderr } = await ubmsc('--adapter', 'sim', 'record', '-d', 'NOBODY', '--for', '1s');
    expect(code).toBe(4);
    expect(stderr).toContain('NOBODY');
  });
});

describe.concurrent('ubmsc replay', () => {
  test.each(['read', 'info', 'settings'])('plays a recording into %s', async (command) => {
    const { code, stdout } = await ubmsc(
      'replay',
      'jk02-24s-10.07',
      '--speed',
      '4',
      '--to',
      command,
      '-f',
      'json',
    );
    expect(code).toBe(0);
    expect(stdout).toContain(command === 'read' ? '"cell_voltage"' : 'JK-B1A20S15P');
  });

  test('reads a recording that is packed, and one that was cut off, of which it says so', async () => {
    const whole = await ubmsc('--adapter', 'sim', 'record', '-o', '-', '--for', '12s');
    const packed = folder.file('packed.jsonl.gz');
    await writeFile(packed, gzipSync(whole.stdout));
    const cut = folder.file('cut.jsonl');
    await writeFile(cut, whole.stdout);
    await truncate(cut, whole.stdout.length - 200);
    const [fromPacked, fromCut] = await Promise.all([
      ubmsc('replay', packed, '--to', 'info', '-f', 'json'),
      ubmsc('replay', cut, '--to', 'info', '-f', 'json'),
    ]);
    expect(fromPacked.stdout).toContain('JK_BD4A8S4P');
    expect(fromCut.stdout).toBe(fromPacked.stdout);
    expect(fromCut.stderr).toContain('was cut off: its last line is left out');
  });
});

test.concurrent('ubmsc report without a battery says what the doctor found', async () => {
  const { code, stdout } = await ubmsc('--adapter', 'unix:/nowhere', 'report', '-o', '-', '--for', '1s');
  expect(code).toBe(0);
  expect(stdout).toMatch(/✘ Adapter opens/);
  expect(stdout).toContain('no battery was found');
});

test.concurrent('ubmsc simulate --replay is the recorded battery for another process', async () => {
  await using battery = await simulator('--replay', fixture('jk02-24s-7.1'));
  for (let link = 1; link <= 2; link++) {
    const { code, stdout } = await ubmsc(
      '--adapter',
      battery.adapter,
      '-d',
      'JK-BD6A17S6P',
      '-i',
      '-c',
      '-f',
      'json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ device_info: [{ software_version: '7.1.0H' }] });
  }
});

test.concurrent.each([
  ['watch', '--plain'],
  ['record', '-o', '-'],
])('ubmsc %s ends when nobody reads it any more', async (...args) => {
  const running = start(['--adapter', 'sim', ...args]);
  const { stdout } = running.process;
  stdout?.once('data', () => stdout.destroy());
  const { code } = await running.ended;
  expect(code).toBe(0);
});
