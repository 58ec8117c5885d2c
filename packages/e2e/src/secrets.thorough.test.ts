import { encode, layouts } from '@ubmsc/protocol';
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formats } from '../surface/cases.ts';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';

/** What the passcodes of simulated batteries, and of the capture below, contain. */
const planted = /LEAKME/;

const capture = Buffer.from(
  encode(layouts['jk02-32s'].deviceInfo, {
    model: 'JK_TEST',
    devicePasscode: 'LEAKME-1',
    settingsPasscode: 'LEAKME-2',
    serialNumber: '1234567890\u0000LEAKM',
    commandSupport: new Uint8Array(32).fill(0xff),
  }).bytes,
).toString('hex');

describe('no passcode leaves the program', () => {
  let batteries: Awaited<ReturnType<typeof simulator>>;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    // One for each that reads at the same time.
    batteries = await simulator('--batteries', '6', '--log', 'trace');
    folder = await temporaryFolder();
    await writeFile(folder.file('capture.hex'), capture);
  });
  afterAll(async () => {
    await batteries[Symbol.asyncDispose]();
    expect((await batteries.running.ended).stderr).not.toMatch(planted);
    await folder[Symbol.asyncDispose]();
  });

  test.each(formats)('in format %s, nor in its log', async (format) => {
    const args = ['--adapter', batteries.adapter, '-d', 'UPS_BMS', '-i', '-c', '-l', 'trace', '-f', format];
    const { code, stdout, stderr } = await ubmsc(...args);
    expect(code, stderr.slice(-1000)).toBe(0);
    expect(stdout + stderr).not.toMatch(planted);
    expect(stderr).toContain('device info');
  });

  test.concurrent.each([
    ['scan', '-t', '3'],
    ['info', 'UPS_BMS'],
    ['read', 'UPS_BMS_2'],
    ['settings', 'UPS_BMS_3'],
    ['events', 'UPS_BMS_4'],
  ])('by ubmsc %s', async (...args) => {
    const { code, stdout, stderr } = await ubmsc('--adapter', batteries.adapter, ...args, '-l', 'trace');
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(planted);
  });

  test.concurrent('when libraries are asked to print what they do', async () => {
    const args = ['--adapter', batteries.adapter, '-d', 'UPS_BMS_5', '-i', '-c', '-f', 'json'];
    const { code, stdout, stderr } = await start(args, { DEBUG: '*' }).ended;
    expect(code).toBe(0);
    expect(stdout + stderr).not.toMatch(/LEAKM|4c45414b4d/i);
    expect(stderr).toBe('');
  });

  test.concurrent.each([
    ['--explain', '--raw'],
    [],
    ['--explain'],
    ['--raw'],
    ['-f', 'json'],
    ['-f', 'yaml', '--raw'],
  ])('by ubmsc decode %j', async (...args) => {
    const { code, stdout, stderr } = await ubmsc('decode', folder.file('capture.hex'), ...args);
    expect(code).toBe(0);
    expect(stdout).toContain('JK_TEST');
    expect(stdout + stderr).not.toMatch(/LEAKM|4c45414b4d/i);
  });

  test.concurrent('unless it is asked to show secrets', async () => {
    const [live, decoded] = await Promise.all([
      ubmsc('--adapter', batteries.adapter, '-d', 'UPS_BMS_6', '-i', '--show-secrets', '-f', 'json'),
      ubmsc('decode', folder.file('capture.hex'), '--show-secrets', '-f', 'json'),
    ]);
    expect(live.stdout).toMatch(planted);
    expect(decoded.stdout).toContain('LEAKME-1');
  });
});

test('a password in a URL does not stay in the list of processes', async () => {
  const url = 'http://anna:s3cret@127.0.0.1:9/api/v1/import/prometheus?token=t0ken';
  const running = start(['export', '-p', '--adapter', 'sim', '--push-url', url]);
  await running.told('are pushed to');
  const seen = await readFile(`/proc/${running.process.pid}/cmdline`, 'latin1');
  running.process.kill('SIGTERM');
  const { stderr } = await running.ended;
  expect(seen).toContain('http://***@127.0.0.1:9/');
  expect(seen + stderr).not.toMatch(/s3cret|t0ken/);
});

test('a link where the report of a simulation goes is not followed', async () => {
  await using folder = await temporaryFolder();
  await writeFile(folder.file('mine'), 'mine');
  await symlink(folder.file('mine'), folder.file('report.json'));
  const args = ['--listen', `unix:${folder.file('s')}`, '--report'];
  const end = async (file: string): Promise<number | null> => {
    const running = start(['simulate', ...args, folder.file(file)]);
    await running.printed('SIMULATED on');
    running.process.kill('SIGTERM');
    return (await running.ended).code;
  };
  expect(await end('report.json')).toBe(2);
  expect(await readFile(folder.file('mine'), 'utf8')).toBe('mine');
  await end('other.json');
  expect((await stat(folder.file('other.json'))).mode & 0o777).toBe(0o600);
});
