import { eventually } from '@ubmsc/testing';
import { expect, test } from 'vitest';
import { simulator, start, temporaryFolder } from './command.ts';
import { startExporter } from './exporter.ts';

test.concurrent(
  'a service that is started without its adapter waits for it, and answers meanwhile',
  async () => {
    await using folder = await temporaryFolder();
    const adapter = `unix:${folder.file('ether.sock')}`;
    await using exporter = await startExporter('export', '--adapter', adapter);
    const said = await exporter.running.told('no battery is watched until the adapter can be opened');
    expect(said.match(/no battery is watched/g)).toHaveLength(1);
    expect((await fetch(exporter.url)).status).toBe(200);
    const batteries = start(['simulate', '--listen', adapter]);
    await batteries.printed('SIMULATED on');
    await eventually(async () => expect(await exporter.page()).toContain('battery_voltage{'));
    batteries.process.kill('SIGTERM');
    await batteries.ended;
  },
);

test.concurrent('with --log-format json every line on standard error is an object of JSON', async () => {
  await using batteries = await simulator();
  const args = ['export', '--adapter', batteries.adapter, '--log', 'info', '--log-format', 'json'];
  const running = start([...args, '-u', 'http://127.0.0.1:0/metrics']);
  await running.told('is streaming');
  running.process.kill('SIGTERM');
  const { stderr } = await running.ended;
  const lines = stderr.trimEnd().split('\n');
  for (const line of lines) {
    expect(JSON.parse(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      level: expect.stringMatching(/^(error|warn|info)$/),
      target: expect.stringMatching(/^ubmsc/),
      message: expect.any(String),
    });
  }
  const refused = await start(['--log-format', 'json', '--adapter', 'nonsense', 'read']).ended;
  expect(JSON.parse(refused.stderr)).toMatchObject({ level: 'error' });
});

test.concurrent.each([
  ['tcp:0.0.0.0:0', true],
  ['tcp:127.0.0.1:0', false],
])('simulate --listen %s: that other machines can reach it is said: %s', async (listen, isSaid) => {
  const running = start(['simulate', '--listen', listen]);
  await running.printed('SIMULATED on');
  running.process.kill('SIGTERM');
  const { stderr } = await running.ended;
  expect(stderr.includes('can be reached from other machines')).toBe(isSaid);
});
