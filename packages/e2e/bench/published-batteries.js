// A process that publishes batteries to an MQTT broker: each sends a reading a second, and its state is published as often.
import { parseBrokerUrl, startMqtt } from '@ubmsc/mqtt';
import { decode, decodeReading, deviceInfoJk02_32s, toDeviceInfo } from '@ubmsc/protocol';
import { noCounters } from '@ubmsc/session';
import { deviceProfiles, SimulatedDevice } from '@ubmsc/simulator';

const CELLS = 16;

const count = Number(process.argv[2]);
const broker = process.argv[3] ?? '';

const profile = { ...deviceProfiles.JK_B2A20S20P, cells: CELLS };
const device = new SimulatedDevice({ profile });

/** Readings that differ, as those of a battery do: one every minute. */
const readings = Array.from({ length: 64 }, () => {
  device.model.advance(60);
  return decodeReading(device.cellData(), profile.variant, Date.now());
});
const deviceInfo = toDeviceInfo(decode(deviceInfoJk02_32s, device.deviceInfo('device-info')));

/** @param {number} index @param {number} second */
function statusOf(index, second) {
  const digits = index.toString(16).padStart(4, '0');
  return {
    device: `JK_B2A20S20P_${index}`,
    address: `C8:47:80:00:${digits.slice(0, 2)}:${digits.slice(2)}`,
    name: 'JK_B2A20S20P',
    adapter: 'hci0',
    simulated: true,
    state: /** @type {const} */ ('streaming'),
    reason: undefined,
    message: undefined,
    since: 0,
    rssi: -60,
    deviceInfo,
    reading: readings[(index + second) % readings.length],
    frame: undefined,
    readingTime: performance.now(),
    staleAfter: 10_000,
    counters: noCounters,
  };
}

let second = 0;
/** @type {Set<(event: import('@ubmsc/session').BatteryEvent) => void>} */
const listeners = new Set();
let statuses = Array.from({ length: count }, (_, index) => statusOf(index, 0));
setInterval(() => {
  second++;
  statuses = Array.from({ length: count }, (_, index) => statusOf(index, second));
  for (const status of statuses) {
    const { reading } = status;
    if (!reading) continue;
    for (const listener of listeners) listener({ kind: 'reading', time: Date.now(), status, reading });
  }
}, 1000);

const running = await startMqtt(
  {
    get statuses() {
      return statuses;
    },
    now: () => performance.now(),
    observe: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  },
  {
    broker: parseBrokerUrl(broker),
    credentials: {},
    versions: [5],
    format: 'home-assistant',
    prefix: 'ubmsc',
    discoveryPrefix: 'homeassistant',
    interval: 1,
    host: 'bench',
  },
  { version: 'benchmark', isComplete: () => false },
);
process.on('message', () =>
  process.send?.({ ...running.counters, heap: process.memoryUsage().heapUsed / 1e6 }),
);
process.once('disconnect', () => process.exit());
