import { eventually } from '@ubmsc/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogEntry } from '@ubmsc/session';
import { FakeSource } from '../../test/fake-source.ts';
import { screenOf, viewSource } from '../../test/view-source.ts';

beforeEach(() => {
  vi.stubEnv('TZ', 'UTC');
});
afterEach(() => vi.unstubAllEnvs());

const entries: readonly LogEntry[] = [
  { code: 0x1d, text: 'cell under-voltage', timestamp: 100, time: Date.UTC(2025, 1, 3, 4, 5, 6) },
  { code: 0x1e, text: 'cell under-voltage cleared', timestamp: 200, time: null },
];

test('the logbook of a device stands below its alarms, the latest entry first, and is read once', async () => {
  const source = new FakeSource();
  source.add('VAN');
  source.read('VAN', { alarms: ['cellUnderVoltage'] });
  const logbook = vi.fn(async () => await Promise.resolve(entries));
  using viewer = viewSource(source, { logbook });
  source.read('VAN', { alarms: ['mosOverTemperature'] });
  for (const key of ['enter', 'i']) viewer.press(key);
  expect(screenOf(viewer)).toContain('the logbook of the device is read …');
  await eventually(() =>
    expect(screenOf(viewer)).toMatch(
      /The MOSFETs are too hot[^]*book after 3 min 20 s of running {2}cell under-voltage cleared\n *book 2025-02-03 04:05:06 {2}cell under-voltage\n/,
    ),
  );
  for (const key of ['down', 'x', 'i', 'i']) viewer.press(key);
  expect(logbook).toHaveBeenCalledTimes(1);
});

test('why there is no logbook is said', async () => {
  const source = new FakeSource();
  source.add('VAN');
  source.read('VAN');
  using viewer = viewSource(source, {
    logbook: async () => await Promise.reject(new Error('VAN keeps no logbook')),
  });
  for (const key of ['enter', 'i']) viewer.press(key);
  await eventually(() => expect(screenOf(viewer)).toContain('no logbook: VAN keeps no logbook'));
});
