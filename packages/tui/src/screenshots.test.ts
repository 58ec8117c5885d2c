import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FakeSource } from '../test/fake-source.ts';
import { toSvg } from '../test/to-svg.ts';
import { viewSource } from '../test/view-source.ts';
import type { Theme } from './text/palette.ts';
import { displayWidth } from './text/width.ts';

const CELLS = 16;

/** Ten minutes of three batteries, the same each time. */
function tenMinutes(source: FakeSource): void {
  const deviceInfo = {
    deviceModel: 'JK_PB2A16S20P',
    hardwareVersion: '15A',
    softwareVersion: '15.41',
    upTime: 4_000_000,
    poweronTimes: 3,
    deviceName: 'HOUSE',
    devicePasscode: null,
    manufacturingDate: '250101',
    serialNumber: '51206010001',
    passcode: null,
    userdata: null,
    setupPasscode: null,
    userdata2: null,
  };
  for (const [index, name] of ['HOUSE', 'VAN', 'BOAT'].entries()) {
    source.add(name, {
      simulated: true,
      adapter: 'sim:3',
      address: `C8:47:80:00:00:0${index + 1}`,
      rssi: -58 - 7 * index,
      deviceInfo,
    });
  }
  source.read('VAN', { current: 38.2, percent: 81 });
  for (let second = 0; second < 600; second++) {
    source.time += 1000;
    const kettle = second % 170 < 60;
    const current = kettle ? -92 + Math.sin(second / 3) : -11 + 3 * Math.sin(second / 29);
    const sag = (cell: number): number =>
      (cell === 6 ? 0.0011 : 0.0002 + 0.00003 * ((cell * 7) % 5)) * current;
    source.read('HOUSE', {
      cells: Array.from(
        { length: CELLS },
        (_, cell) => Math.round((3.312 + 0.003 * Math.sin(cell * 1.9) + sag(cell)) * 1000) / 1000,
      ),
      current: Math.round(current * 1000) / 1000,
      percent: 62,
      alarms: second > 520 && kettle ? ['cellUnderVoltage'] : [],
      fields: {
        balanceState: 2,
        balanceCurrent: -0.8,
        stateOfHealth: 97,
        temperature4: 20.9,
        temperature5: 21.4,
      },
    });
    if (second % 3 === 0) source.read('VAN', { current: 38.2, percent: 81 });
    if (second === 430) source.read('BOAT', { percent: 44 });
    if (second === 548) {
      source.move('BOAT', 'lost', {
        reason: 'supervisionTimeout',
        message:
          'the link to BOAT was lost: it is out of range, or was switched off; nothing needs to be done: it is connected again',
      });
    }
  }
  source.time += 400;
}

// npm run docs makes them anew.
describe.each([
  ['batteries', 'dark', 110, 26, []],
  ['battery', 'dark', 120, 34, ['enter', '-']],
  ['battery-light', 'light', 120, 34, ['enter', '-']],
  ['cell', 'dark', 100, 26, ['enter', ...Array.from({ length: 7 }, () => 'down'), '-', 'enter']],
  ['battery-small', 'dark', 60, 15, ['enter']],
] as const)('the picture docs/screenshots/%s.svg', (name, theme, width, height, keys) => {
  test('shows the screen as it is', async () => {
    vi.stubEnv('TZ', 'UTC');
    onTestFinished(() => void vi.unstubAllEnvs());
    const shot = picture(theme, width, height, keys);
    await expect(shot).toMatchFileSnapshot(`../../../docs/screenshots/${name}.svg`);
  });
});

function picture(theme: Theme, width: number, height: number, keys: readonly string[]): string {
  const source = new FakeSource();
  using viewer = viewSource(source, {
    capabilities: { unicode: true, graphStyle: 'braille', theme },
    colorDepth: 24,
    size: { width, height },
  });
  tenMinutes(source);
  for (const key of keys) viewer.press(key);
  return toSvg(viewer.painted(), width, theme, displayWidth);
}
