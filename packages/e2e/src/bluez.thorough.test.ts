import { eventually, withoutBus } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { Bluetoothd } from './bluez-battery.ts';

const skipped = withoutBus();

describe.skipIf(skipped)(skipped ?? 'the built command, beside bluetoothd', () => {
  test.each(['-c', 'settings UPS_BMS', 'scan -t 1'])(
    'a program that listens to the battery goes on through %s',
    async (line) => {
      await using it = await Bluetoothd.start();
      it.battery.connectByOther(true);
      const { code } = await it.run(...line.split(' ')).ended;
      expect(code).toBe(0);
      expect(it.isConnected).toBe(true);
      expect(it.listeners).toBe(1);
    },
  );

  test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('and through a %s', async (signal) => {
    await using it = await Bluetoothd.start();
    it.battery.connectByOther(true);
    const running = it.run('watch', 'UPS_BMS');
    await running.printed('UPS_BMS');
    running.process.kill(signal);
    await running.ended;
    expect(it.isConnected).toBe(true);
    expect(it.listeners).toBe(1);
  });

  test('what a killed command has left behind keeps nobody from the battery', async () => {
    await using it = await Bluetoothd.start();
    const killed = it.run('watch', 'UPS_BMS');
    await killed.printed('UPS_BMS');
    killed.process.kill('SIGKILL');
    await killed.ended;
    expect(it.isConnected).toBe(true);
    const { code } = await it.run('-d', 'UPS_BMS', '-c').ended;
    expect(code).toBe(0);
    await eventually(() => expect(it.isConnected).toBe(false));
  });

  test('watching goes on when bluetoothd has restarted', async () => {
    await using it = await Bluetoothd.start();
    const running = it.run('-l', 'info', 'watch', 'UPS_BMS');
    await running.printed('UPS_BMS');
    it.stop();
    await running.told('bluetoothd does not run');
    await it.startAgain();
    await running.told('works again');
    await eventually(() => expect(it.listeners).toBe(1));
    running.process.kill('SIGTERM');
    await running.ended;
  });
});
