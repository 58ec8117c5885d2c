import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';

describe.concurrent('ubmsc', () => {
  test('prints the contract’s JSON for a simulated battery', async () => {
    const { code, stdout, stderr } = await ubmsc('--adapter', 'sim', '-f', 'J', '-i', '-c');
    expect([code, stderr]).toEqual([0, '']);
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({
      device_info: [
        {
          device_model: 'JK_BD4A8S4P',
          hardware_version: '15A',
          software_version: '15.26',
          device_name: 'UPS_BMS',
          device_passcode: '***',
          passcode: '***',
          setup_passcode: '***',
          simulated: true,
        },
      ],
      cell_data: [{ simulated: true }],
    });
    expect(stdout).toContain('\n  "device_info": [');
  });

  test('shows its help when nothing is asked of it', async () => {
    const [bare, asked] = await Promise.all([ubmsc(), ubmsc('--help')]);
    expect(bare).toEqual(asked);
    expect(bare.stdout).toContain('Examples:');
    expect(bare.code).toBe(0);
  });

  test('shows its version', async () => {
    expect(await ubmsc('-v')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });

  // Each way of ending once; cli/src/main.test.ts has the others.
  test.each([
    [['--frmat', 'j'], 2, '(Did you mean --format?)'],
    [['--adapter', 'unix:/nowhere/ether.sock', '-c'], 3, 'start the simulator'],
    [['--adapter', 'sim', '-d', 'nobody', '-t', '2', '-c'], 4, 'received only UPS_BMS'],
  ] as const)('ends %j with exit code %i and one line that says why', async (args, code, text) => {
    const ended = await ubmsc(...args);
    expect(ended.stderr).toContain(text);
    expect([ended.code, ended.stdout]).toEqual([code, '']);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('ends without an error when its reader has gone', async () => {
    const { process: child, ended } = start(['--help']);
    child.stdout?.destroy();
    expect((await ended).stderr).toBe('');
  });
});

describe('batteries that another process simulates', () => {
  let batteries: Awaited<ReturnType<typeof simulator>>;
  beforeAll(async () => {
    batteries = await simulator('--batteries', '3');
  });
  afterAll(async () => await batteries[Symbol.asyncDispose]());

  const client = async (...args: string[]): ReturnType<typeof ubmsc> =>
    await ubmsc('--adapter', batteries.adapter, ...args);

  test.concurrent('are listed as JSON, one object a line', async () => {
    const { stdout } = await client('scan', '-t', '3', '-f', 'json');
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(names).toContainEqual({
      address: 'C8:47:80:00:00:02',
      name: 'UPS_BMS_2',
      rssi: -60,
      likelihood: 'certain',
      simulated: true,
    });
  });

  test('are read by name, whatever its case and separators, or by address', async () => {
    const [byName, byAddress] = await Promise.all([
      client('-d', 'ups-bms 2', '-i', '-f', 'j'),
      client('info', 'c84780000003', '-f', 'j'),
    ]);
    expect(byName.stdout).toContain('"device_name":"UPS_BMS_2"');
    expect(byAddress.stdout).toContain('"device_name":"UPS_BMS_3"');
  });
});

describe.concurrent('ubmsc simulate', () => {
  test('ends with exit code 0 and takes its socket along when it is interrupted', async () => {
    await using folder = await temporaryFolder();
    const adapter = `unix:${folder.file('e.sock')}`;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const running = start(['simulate', '--listen', adapter]);
      await running.printed('SIMULATED');
      running.process.kill(signal);
      expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
    }
  });
});
