import assert from 'node:assert/strict';
import { openAdapter } from '@ubmsc/client';
import { Ether } from '@ubmsc/hci';
import { parseFaults, simulate } from '@ubmsc/simulator';

// The air that virtual Bluetooth controllers share.
await using ether = new Ether();
// They damage a record now and then, and send as real devices do, in fragments.
await using batteries = await simulate({ ether, batteries: 2, faults: parseFaults(['crc-rate']) });
await using adapter = await openAdapter(ether);

await using battery = await adapter.open('UPS_BMS_2');
const { cellVoltage, batteryVoltage } = await battery.read();

const sum = cellVoltage.reduce<number>((total, cell) => total + (cell ?? 0), 0);
assert.ok(Math.abs(sum - (batteryVoltage ?? 0)) < 0.001, 'damaged records are not shown');
console.log(`${batteries.batteries.length} batteries, ${cellVoltage.length} cells, ${batteryVoltage} V`);
