import { parseRecording } from '@ubmsc/recording';
import { existsSync, statSync } from 'node:fs';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { eventually } from '@ubmsc/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url).pathname;

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

  test('says why there is no recording', async () => {
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

  test.each([
    [['replay'], 'replay needs a recording'],
    [['replay', 'nothing.jsonl'], 'there is no such file'],
    [['replay', `${fixtures}README.md`], 'it is not a recording'],
    [['replay', 'jk04-3.3', '--to', 'replay'], 'a recording cannot be played into "replay"'],
    [['--adapter', 'sim:nothing', 'read'], 'no recording is called "nothing"'],
    [['--adapter', 'replay:x?speed=0', 'read'], 'has a wrong "speed"'],
    [['simulate', '--replay', 'x', '--fault', 'flap=1', '--listen', 'tcp:127.0.0.1:0'], 'its own faults'],
  ])('%j is told what is wrong', async (args, message) => {
    const { code, stderr } = await ubmsc(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
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

test.concurrent('ubmsc report without a battery says what the doctor found', async () => {
  const { code, stdout } = await ubmsc('--adapter', 'unix:/nowhere', 'report', '-o', '-', '--for', '1s');
  expect(code).toBe(0);
  expect(stdout).toMatch(/✘ Adapter opens/);
  expect(stdout).toContain('no battery was found');
});

test.concurrent('ubmsc simulate --replay is the recorded battery for another process', async () => {
  await using battery = await simulator('--replay', `${fixtures}jk02-24s-7.1.jsonl`);
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
