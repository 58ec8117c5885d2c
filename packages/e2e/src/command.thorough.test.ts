import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { openAdapter } from '@ubmsc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulator, start, temporaryFolder, ubmsc } from './command.ts';

describe.concurrent('ubmsc', () => {
  test('prints passcodes only when it is asked to', async () => {
    const { stdout } = await ubmsc('--adapter', 'sim', '-f', 'j', '-i', '--show-secrets');
    expect(stdout).not.toContain('***');
    expect(stdout).toMatch(/"device_passcode":"[^"]+"/);
  });

  test('says in one line what is missing for a real adapter', async () => {
    const { code, stdout, stderr } = await ubmsc('--adapter', 'hci37', '-c');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^ubmsc: .*hci37.*\n$/);
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

  test.concurrent('are listed as they are received, with address, strength and name', async () => {
    const { code, stdout } = await client('scan', '-t', '3');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n').toSorted();
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^C8:47:80:00:00:01 +-60 dBm {2}UPS_BMS +JK, SIMULATED$/);
  });

  test('are read by two clients at the same time', async () => {
    const [one, two] = await Promise.all([
      client('read', 'UPS_BMS', '-f', 'j'),
      client('read', 'UPS_BMS_2', '-f', 'j'),
    ]);
    expect([one.code, two.code]).toEqual([0, 0]);
  });

  test('are all read when no device is named', async () => {
    const { code, stdout } = await client('-c', '-f', 'm', '-t', '5');
    expect(code).toBe(0);
    expect(stdout.match(/^battery_voltage\{/gm)).toHaveLength(3);
  });

  test('print what was reached and fail for what was not', async () => {
    const { code, stdout, stderr } = await client(
      '-d',
      'UPS_BMS',
      '-d',
      'nobody',
      '-t',
      '5',
      '-i',
      '-f',
      'j',
    );
    expect(code).toBe(4);
    expect(stdout).toContain('"device_name":"UPS_BMS"');
    expect(stderr).toContain('"nobody" was not received');
  });

  test('tell a client that the battery is taken', async () => {
    await using adapter = await openAdapter(batteries.adapter);
    await using battery = await adapter.open('UPS_BMS');
    await battery.deviceInfo();
    const { code, stderr } = await client('-d', 'UPS_BMS', '-c', '-t', '3');
    expect(code).toBe(4);
    expect(stderr).toContain('held by another');
  });

  test('survive any client', async () => {
    const path = batteries.adapter.slice('unix:'.length);
    const garbage = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.alloc(70_000, 0x02),
      Buffer.of(0x01, 0x03),
      Buffer.of(4, 0xff, 0xff),
    ];
    for (const bytes of garbage) {
      const socket = connect(path);
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.end(bytes);
      socket.resume();
      await once(socket, 'close');
    }
    const { code } = await client('info', 'UPS_BMS', '-f', 'j');
    expect(code).toBe(0);
  });

  test('are free again after a client was interrupted or killed', async () => {
    const cases = [
      ['UPS_BMS', 'SIGINT', 130],
      ['UPS_BMS_2', 'SIGTERM', 143],
      ['UPS_BMS_3', 'SIGKILL', -1],
    ] as const;
    const ends = cases.map(async ([device, signal, expected]) => {
      const running = start(['--adapter', batteries.adapter, '-d', device, '-c', '-l', 'debug']);
      await running.told('subscribed');
      running.process.kill(signal);
      expect((await running.ended).code).toBe(expected);
      expect((await client('info', device, '-f', 'j')).code).toBe(0);
    });
    await Promise.all(ends);
  });
});

describe.concurrent.each(['L1', 'L2', 'L3'])('a battery of another process in GATT layout %s', (gatt) => {
  test('is read over its socket', async () => {
    await using battery = await simulator('--gatt', gatt);
    const { code, stdout, stderr } = await ubmsc(
      '--adapter',
      battery.adapter,
      '-d',
      'UPS_BMS',
      '-i',
      '-c',
      '-f',
      'j',
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('"device_model":"JK_BD4A8S4P"');
  });
});

describe.concurrent('ubmsc simulate', () => {
  test('takes over the socket that a killed one left behind', async () => {
    await using folder = await temporaryFolder();
    const adapter = `unix:${folder.file('e.sock')}`;
    const first = start(['simulate', '--listen', adapter]);
    await first.printed('SIMULATED');
    first.process.kill('SIGKILL');
    await first.ended;
    const second = start(['simulate', '--listen', adapter]);
    await second.printed('SIMULATED');
    second.process.kill();
    expect((await second.ended).code).toBe(0);
  });

  test('listens on a TCP port of its choice', async () => {
    const running = start(['simulate', '--listen', 'tcp:127.0.0.1:0']);
    await running.printed('scan\n');
    const { process: child } = running;
    child.kill();
    const { stdout } = await running.ended;
    expect(stdout).toMatch(/tcp:127\.0\.0\.1:[1-9]\d+ scan/);
  });
});

describe('a server that is not an ether', () => {
  test('is reported when it sends garbage', async () => {
    await using folder = await temporaryFolder();
    const path = folder.file('garbage.sock');
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    }).listen(path);
    await once(server, 'listening');
    try {
      const { code, stderr } = await ubmsc('--adapter', `unix:${path}`, '-c', '-t', '1');
      expect(code).toBe(3);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    } finally {
      server.close();
    }
  });
});
