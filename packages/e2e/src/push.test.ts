import { readdir, readFile, stat } from 'node:fs/promises';
import { eventually } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';
import { expectPushed, GROUP, IMPORT, receiver } from './push-receiver.ts';

describe.concurrent('ubmsc push', () => {
  test('pushes what batteries say once, and succeeds when that was taken', async () => {
    await expectPushed('push');
  });
});

test.concurrent('a push that is refused fails, and says why without the password', async () => {
  await using server = await receiver();
  server.status = 400;
  const url = `${server.url.replace('//', '//anna:s3cret@')}${GROUP}?token=s3cret`;
  const { code, stderr } = await ubmsc('-p', '--adapter', 'sim', '-u', url);
  expect([code, stderr]).toEqual([
    5,
    `ubmsc: ${server.url}${GROUP} has not taken the metrics: 400 not now; check the URL and the credentials\n`,
  ]);
});

describe.concurrent('ubmsc -e -p', () => {
  test('pushes at the interval, and delivers what the endpoint did not take before', async () => {
    await using server = await receiver();
    await using simulation = await simulator();
    await using folder = await temporaryFolder();
    server.status = 503;
    const buffer = ['--buffer', folder.file('buffer')];
    const where = ['-u', `${server.url}${IMPORT}`, '--adapter', simulation.adapter];
    const running = start(['-e', '-p', '-s', '0.2', ...where, ...buffer]);
    await running.told('are pushed to');
    await running.told('does not take samples');
    await eventually(async () => expect((await readdir(folder.file('buffer'))).length).toBeGreaterThan(0));
    server.status = 204;
    await eventually(() => expect(server.pushed.length).toBeGreaterThan(2));
    running.process.kill('SIGTERM');
    const { code } = await running.ended;
    const times = server.pushed
      .flatMap(({ text }) => text.split('\n'))
      .filter((line) => line.startsWith('ubmsc_device_up{'))
      .map((line) => Number(line.split(' ').at(-1)));
    expect(code).toBe(0);
    expect(times.length).toBeGreaterThan(server.pushed.length);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  });
});

describe.concurrent('a textfile', () => {
  test('is written once', async () => {
    await using folder = await temporaryFolder();
    const file = folder.file('ubmsc.prom');
    const { code, stdout } = await ubmsc('--adapter', 'sim', '--textfile', file);
    expect([code, stdout]).toEqual([0, '']);
    expect(await readFile(file, 'utf8')).toContain('battery_voltage{device="UPS_BMS"}');
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  });
});
