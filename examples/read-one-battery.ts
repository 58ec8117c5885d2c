import process from 'node:process';
import { openAdapter } from '@ubmsc/client';

await using adapter = await openAdapter(process.env['UBMSC_ADAPTER'] ?? 'auto');
await using battery = await adapter.open('UPS_BMS');

const { deviceModel, softwareVersion } = await battery.deviceInfo();
console.log(`${deviceModel}, software ${softwareVersion}`);

const { batteryVoltage, batteryCurrent, remainPercent, alarms } = await battery.read();
console.log(`${batteryVoltage} V, ${batteryCurrent} A, ${remainPercent} %`);
if (alarms !== null && alarms.length > 0) console.log(`alarms: ${alarms.join(', ')}`);
