// A process that is scraped: an exporter of batteries that have all sent since the scrape before, as between scrapes that
// are seconds apart, and beside it a server that sends a page of the same size and does nothing else. It tells its
// parent their URLs.
import { createServer } from 'node:http';
import { Exporter, routes, serve } from '@ubmsc/exporter';
import { decode, decodeReading, deviceInfoJk02_32s, toDeviceInfo } from '@ubmsc/protocol';
import { noCounters } from '@ubmsc/session';
import { deviceProfiles, SimulatedDevice } from '@ubmsc/simulator';

/** A real pack has up to 24 cells on most models; 32 is the most that there is. */
const CELLS = 32;

const count = Number(process.argv[2]);

const profile = { ...deviceProfiles.JK_B2A20S20P, cells: CELLS };
const device = new SimulatedDevice({ profile });

/** Readings that differ, as those of a battery do: one every ten minutes. */
const readings = Array.from({ length: 64 }, () => {
  device.model.advance(600);
  return decodeReading(device.cellData(), profile.variant, Date.now());
});

const deviceInfo = toDeviceInfo(decode(deviceInfoJk02_32s, device.deviceInfo('device-info')));

/** @param {number} index @param {number} sent */
function statusOf(index, sent) {
  return {
    device: `JK_B2A20S20P_${index}`,
    address: 'C8:47:80:00:00:01',
    name: 'JK_B2A20S20P',
    adapter: 'hci0',
    simulated: true,
    state: /** @type {const} */ ('streaming'),
    reason: undefined,
    message: undefined,
    since: 0,
    rssi: -60,
    deviceInfo,
    reading: readings[(index + sent) % readings.length],
    frame: undefined,
    readingTime: performance.now(),
    staleAfter: 10_000,
    counters: { ...noCounters, connects: 1, frames: sent },
  };
}

let scrapes = 0;
const exporter = new Exporter({
  source: {
    get statuses() {
      scrapes++;
      return Array.from({ length: count }, (_, index) => statusOf(index, scrapes));
    },
    now: () => performance.now(),
    observe: () => ({ [Symbol.dispose]: () => {} }),
  },
  version: 'benchmark',
  maxDevices: count,
});
const server = await serve({
  url: new URL('http://127.0.0.1:0/metrics'),
  answer: routes({ exporter, version: 'benchmark', metricsPath: '/metrics' }),
  log: () => {},
});
const page = exporter.page();
const baseline = createServer((_, response) => {
  response.setHeader('Content-Length', page.length);
  response.end(page);
});
baseline.listen(0, '127.0.0.1', () => {
  const address = baseline.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  process.send?.({ url: server.url.href, baseline: `http://127.0.0.1:${port}/` });
});
process.once('disconnect', () => process.exit());
