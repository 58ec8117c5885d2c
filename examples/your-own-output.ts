import process from 'node:process';
import { openFleet } from '@ubmsc/client';

// Connects to every JK battery, and again when a link fails, until it is closed.
await using fleet = await openFleet({ adapter: process.env['UBMSC_ADAPTER'] ?? 'auto' });

// The output: a line of CSV for each reading.
console.log('time,battery,volts,amperes');
using _ = fleet.observe((event) => {
  if (event.kind === 'state') console.error(`${event.status.device} is ${event.status.state}`);
  if (event.kind !== 'reading' || event.reading.doubt !== undefined) return;
  const { batteryVoltage, batteryCurrent } = event.reading;
  const time = new Date(event.time).toISOString();
  console.log(`${time},${event.status.device},${batteryVoltage},${batteryCurrent}`);
});

await new Promise((resolve) => process.once('SIGINT', resolve));
