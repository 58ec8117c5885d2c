import process from 'node:process';
import { discover, openAdapter } from '@ubmsc/client';
import { metricsText, parsePushUrl, pushOnce } from '@ubmsc/exporter';

const endpoint = parsePushUrl(process.env['PUSH_URL'] ?? 'http://localhost:8428/api/v1/import/prometheus');

await using adapter = await openAdapter(process.env['UBMSC_ADAPTER'] ?? 'auto');
const answers = [];
for await (const device of discover(adapter, { timeout: 3000 })) {
  await using battery = await adapter.open(device);
  answers.push({ device: device.name ?? device.address, reading: await battery.read() });
}

await pushOnce(metricsText(answers, { prefix: 'jk_' }), {
  endpoint,
  version: '1.0',
  signal: AbortSignal.timeout(30_000),
});
console.log(`${answers.length} batteries were pushed to ${endpoint.title}`);
