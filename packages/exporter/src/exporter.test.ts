import { describe, expect, test } from 'vitest';
import { readingOf, statusOf, TestBatteries } from '../test/batteries.ts';
import { parseMetrics, valuesOf } from '@ubmsc/testing';
import { Exporter, type ExporterOptions } from './exporter.ts';

const deviceInfo = {
  deviceModel: 'JK_BD4A8S4P',
  hardwareVersion: '15A',
  softwareVersion: '15.26',
  upTime: 100,
  poweronTimes: 3,
  deviceName: 'JK-\u{1b}[2J',
  devicePasscode: 'passcode-1',
  manufacturingDate: '240818',
  serialNumber: '40531310629',
  passcode: 'passcode-2',
  userdata: 'JK-BMS',
  setupPasscode: 'passcode-3',
  userdata2: null,
};

function exporterOf(batteries: TestBatteries, options: Partial<ExporterOptions> = {}): Exporter {
  return new Exporter({ source: batteries, version: '1.2.3', processMetrics: false, ...options });
}

function values(exporter: Exporter): ReadonlyMap<string, number> {
  return valuesOf(String(exporter.page()));
}

describe('stale means gone', () => {
  test('what a battery has said is on the page until its time is over, and then nothing of it is', () => {
    const batteries = new TestBatteries(statusOf('A', { deviceInfo }), statusOf('B', { readingTime: 5000 }));
    const exporter = exporterOf(batteries);
    batteries.time = 9999;
    const before = values(exporter);
    expect([
      before.get('cell_voltage{device="A",cell="3"}'),
      before.get('poweron_times{device="A"}'),
    ]).toEqual([3.303, 3]);
    batteries.time = 10_000;
    const after = values(exporter);
    const ofA = [...after.keys()].filter((series) => series.includes('device="A"'));
    expect(ofA.filter((series) => !series.startsWith('ubmsc_device_'))).toEqual([]);
    expect(ofA.filter((series) => /_info|_rssi/.test(series))).toEqual([]);
    expect(after.get('ubmsc_device_up{device="A"}')).toBe(0);
    expect(after.get('ubmsc_device_reading_age_seconds{device="A"}')).toBe(10);
    expect(after.get('ubmsc_device_up{device="B"}')).toBe(1);
    expect(after.get('cell_voltage{device="B",cell="3"}')).toBe(3.303);
  });

  test('a battery that was never read has no measurement and no age', () => {
    const status = statusOf('A', { reading: undefined, readingTime: undefined, state: 'searching' });
    const page = values(exporterOf(new TestBatteries(status)));
    expect(page.get('ubmsc_device_up{device="A"}')).toBe(0);
    expect([...page.keys()].filter((series) => /voltage|age_seconds/.test(series))).toEqual([]);
  });

  test('cells that disappear take their series along', () => {
    const batteries = new TestBatteries(statusOf('A', { reading: readingOf(8) }));
    const exporter = exporterOf(batteries);
    expect(values(exporter).has('cell_voltage{device="A",cell="7"}')).toBe(true);
    batteries.statuses = [statusOf('A', { reading: readingOf(4) })];
    const page = values(exporter);
    expect([...page.keys()].filter((series) => series.startsWith('cell_voltage'))).toHaveLength(4);
  });

  test('a counter of the battery that starts again is shown as it is', () => {
    const batteries = new TestBatteries(statusOf('A', { reading: readingOf(4, { cycleCount: 300 }) }));
    const exporter = exporterOf(batteries);
    expect(values(exporter).get('cycle_count{device="A"}')).toBe(300);
    batteries.statuses = [statusOf('A', { reading: readingOf(4, { cycleCount: 2 }) })];
    expect(values(exporter).get('cycle_count{device="A"}')).toBe(2);
  });
});

describe('of each device is told', () => {
  test('the state that it is in, as one series of each state', () => {
    const page = String(exporterOf(new TestBatteries(statusOf('A', { state: 'quiet' }))).page());
    const states = parseMetrics(page).find(({ name }) => name === 'ubmsc_device_state')?.series ?? [];
    expect(states.filter(({ value }) => value === 1).map(({ labels }) => labels['state'])).toEqual(['quiet']);
    expect(states.map(({ labels }) => labels['state'])).toContain('streaming');
  });

  test('every count, with 0 for reasons that did not happen', () => {
    const counters = {
      frames: 10,
      checksumErrors: 2,
      rejected: { pace: 1 },
      doubted: { copy: 2 },
      connects: 3,
      losses: { supervisionTimeout: 2 },
      recoveries: { reconnect: 2 },
      connectedSeconds: 12.5,
    };
    const page = values(exporterOf(new TestBatteries(statusOf('A', { counters }))));
    expect(Object.fromEntries(page)).toMatchObject({
      'ubmsc_device_frames_total{device="A"}': 10,
      'ubmsc_device_checksum_errors_total{device="A"}': 2,
      'ubmsc_device_rejected_frames_total{device="A",reason="pace"}': 1,
      'ubmsc_device_rejected_frames_total{device="A",reason="range"}': 0,
      'ubmsc_device_doubtful_frames_total{device="A",reason="copy"}': 2,
      'ubmsc_device_doubtful_frames_total{device="A",reason="pace"}': 0,
      'ubmsc_device_connects_total{device="A"}': 3,
      'ubmsc_device_link_losses_total{device="A",reason="supervision_timeout"}': 2,
      'ubmsc_device_link_losses_total{device="A",reason="not_heard"}': 0,
      'ubmsc_device_recoveries_total{device="A",action="reconnect"}': 2,
      'ubmsc_device_connected_seconds_total{device="A"}': 12.5,
      'ubmsc_device_rssi_dbm{device="A"}': -60,
    });
  });

  test('what it reports, but no passcode and nothing that a terminal would obey', () => {
    const page = String(exporterOf(new TestBatteries(statusOf('A', { deviceInfo }))).page());
    const info = parseMetrics(page).find(({ name }) => name === 'ubmsc_device_info')?.series;
    expect(info).toEqual([
      {
        labels: {
          device: 'A',
          address: 'C8:47:80:00:00:01',
          adapter: 'hci0',
          simulated: 'false',
          model: 'JK_BD4A8S4P',
          hardware_version: '15A',
          software_version: '15.26',
          name: 'JK-\u{fffd}[2J',
          manufacturing_date: '240818',
          serial_number: '40531310629',
          userdata: 'JK-BMS',
          userdata2: '',
        },
        value: 1,
      },
    ]);
    expect(page).not.toMatch(/passcode-\d/);
  });
});

describe('the page', () => {
  test('has at most as many devices as it may', () => {
    const statuses = Array.from({ length: 70 }, (_, index) => statusOf(`B${index}`));
    const page = values(exporterOf(new TestBatteries(...statuses)));
    const shown = [...page.keys()].filter((series) => series.startsWith('ubmsc_device_up'));
    expect([shown.length, page.get('ubmsc_devices_left_out')]).toEqual([64, 6]);
    const few = values(exporterOf(new TestBatteries(...statuses), { maxDevices: 2 }));
    expect(few.get('ubmsc_devices_left_out')).toBe(68);
  });

  test('keeps devices apart whose names become the same', () => {
    const page = values(exporterOf(new TestBatteries(statusOf('A\u{1b}'), statusOf('A\u{7}'))));
    expect(page.get('ubmsc_device_up{device="A\u{fffd}"}')).toBe(1);
    expect(page.get('ubmsc_device_up{device="A\u{fffd} 2"}')).toBe(1);
  });

  test('tells of the process unless it is told not to', () => {
    const batteries = new TestBatteries();
    const told = values(exporterOf(batteries, { processMetrics: true }));
    expect(told.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(told.get('process_cpu_seconds_total')).toBeGreaterThan(0);
    const names = parseMetrics(String(exporterOf(batteries).page())).map(({ name }) => name);
    expect(names).toEqual(['ubmsc_devices_left_out', 'ubmsc_build_info', 'ubmsc_heartbeat']);
  });

  test('has the prefix before measurements alone', () => {
    const page = values(exporterOf(new TestBatteries(statusOf('A')), { prefix: 'jk_' }));
    expect(page.get('jk_cell_voltage{device="A",cell="0"}')).toBe(3.3);
    expect(page.get('ubmsc_device_up{device="A"}')).toBe(1);
  });

  test('can be of some batteries alone', () => {
    const exporter = exporterOf(new TestBatteries(statusOf('A'), statusOf('B')));
    const page = valuesOf(String(exporter.pageOf([statusOf('B')])));
    expect([...page.keys()].filter((series) => !series.includes('device="B"'))).toEqual([]);
    expect(page.get('ubmsc_device_up{device="B"}')).toBe(1);
  });
});
