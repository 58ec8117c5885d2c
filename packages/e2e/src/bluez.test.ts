import { eventually, withoutBus } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { Bluetoothd } from './bluez-battery.ts';

const skipped = withoutBus();

describe.skipIf(skipped)(skipped ?? 'the built command, beside bluetoothd', () => {
  test('reads a battery with no flag at all, says why it used bluetoothd, and frees the battery', async () => {
    await using it = await Bluetoothd.start();
    const { code, stdout, stderr } = await it.run('-l', 'info', '-d', 'UPS_BMS', '-c', '-f', 'json').ended;
    expect(stderr).toContain('bluez is used, because bluetoothd runs and has hci0');
    expect(JSON.parse(stdout)).toMatchObject({ cell_data: [{ cell_voltage: { length: 4 } }] });
    expect(code).toBe(0);
    await eventually(() => expect(it.isConnected).toBe(false));
  });

  test('a program that listens to the battery goes on through -i', async () => {
    await using it = await Bluetoothd.start();
    it.battery.connectByOther(true);
    const { code } = await it.run('-i').ended;
    expect(code).toBe(0);
    expect(it.isConnected).toBe(true);
    expect(it.listeners).toBe(1);
  });
});
