import { expect, test } from 'vitest';
import { splitAdapters } from './central/transports.ts';
import { parseDeviceSpec } from './device-spec.ts';

test.each([
  ['UPS_BMS', 'UPS_BMS', undefined],
  ['UPS_BMS@hci1', 'UPS_BMS', 'hci1'],
  ['C8:47:80:00:00:01@unix:/run/e@2.sock', 'C8:47:80:00:00:01', 'unix:/run/e@2.sock'],
  ['me@home', 'me@home', undefined],
  ['me@home@hci0', 'me@home', 'hci0'],
  ['@hci0', '@hci0', undefined],
])('%s is the device %s on the adapter %s', (text, device, adapter) => {
  expect(parseDeviceSpec(text)).toEqual({ device, adapter });
});

test('adapters stand with commas between them, and paths may hold some', () => {
  expect(splitAdapters('hci0,hci1,unix:/tmp/a,b,sim:2')).toEqual(['hci0', 'hci1', 'unix:/tmp/a,b', 'sim:2']);
});
