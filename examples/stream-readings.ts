import process from 'node:process';
import { openAdapter } from '@ubmsc/client';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());

await using adapter = await openAdapter(process.env['UBMSC_ADAPTER'] ?? 'auto');
await using battery = await adapter.open('UPS_BMS', { signal: interrupted.signal });

try {
  for await (const { batteryCurrent, cellVoltage, doubt } of battery.readings(interrupted.signal)) {
    // Something speaks against a reading with a doubt: show it, but add it to no sum.
    const mark = doubt === undefined ? '' : ` (${doubt})`;
    console.log(`${batteryCurrent} A, cells ${cellVoltage.join(' ')} V${mark}`);
  }
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
}
