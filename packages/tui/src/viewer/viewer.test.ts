import { eventually } from '@ubmsc/testing';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { FakeSource, type Given } from '../../test/fake-source.ts';
import { screenOf, viewSource, type ViewSettings } from '../../test/view-source.ts';
import type { Viewer } from './viewer.ts';

// Times of events are of the wall.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function view(source: FakeSource, settings: ViewSettings = {}): Viewer {
  const viewer = viewSource(source, settings);
  onTestFinished(() => viewer[Symbol.dispose]());
  return viewer;
}

/** A battery with readings, and its screen. */
function battery(given: Given = {}, settings: ViewSettings = {}): { source: FakeSource; viewer: Viewer } {
  const source = new FakeSource();
  source.add('VAN');
  const viewer = view(source, settings);
  source.stream('VAN', 20_000, () => given);
  viewer.press('enter');
  return { source, viewer };
}

const press = (viewer: Viewer, ...keys: readonly string[]): void => keys.forEach((key) => viewer.press(key));

describe('the list of batteries', () => {
  test('says what is waited for while there is none', () => {
    const viewer = view(new FakeSource());
    expect(screenOf(viewer)).toContain('opening hci0 …');
    viewer.waitFor('listening on hci0');
    expect(screenOf(viewer)).toContain('listening on hci0');
  });

  test('says of each battery in words where it stands, how long, and why', () => {
    const source = new FakeSource();
    for (const name of ['VAN', 'BOAT', 'SHED']) source.add(name);
    const viewer = view(source, { size: { width: 140, height: 30 } });
    source.move('VAN', 'connecting');
    source.move('BOAT', 'lost', { reason: 'supervisionTimeout', message: 'out of range; go nearer' });
    source.move('SHED', 'mute', { reason: 'silent' });
    source.time += 12_000;
    expect(screenOf(viewer)).toMatch(/VAN +connecting 12 s/);
    expect(screenOf(viewer)).toMatch(/BOAT +lost 12 s .*out of range \(0x08\)/);
    expect(screenOf(viewer)).toMatch(/SHED +mute 12 s .*fell silent/);
  });

  test('says below the list what to do about the selected one', () => {
    const source = new FakeSource();
    source.add('BOAT');
    const viewer = view(source);
    source.move('BOAT', 'lost', { reason: 'supervisionTimeout', message: 'the link was lost; go nearer' });
    expect(screenOf(viewer)).toContain('    the link was lost; go nearer\n');
  });

  test('says STALE of a battery that has been silent for too long', () => {
    const source = new FakeSource();
    source.add('VAN');
    const viewer = view(source);
    source.read('VAN');
    expect(screenOf(viewer)).not.toContain('STALE');
    source.time += 42_000;
    expect(screenOf(viewer)).toMatch(/VAN .*STALE 42 s/);
  });

  test('says SIMULATED when anything in sight is', () => {
    const source = new FakeSource();
    source.add('VAN');
    const viewer = view(source);
    expect(screenOf(viewer)).not.toContain('SIMULATED');
    source.add('SIM', { simulated: true });
    expect(screenOf(viewer)).toContain('SIMULATED');
    press(viewer, 'down', 'enter');
    expect(screenOf(viewer)).not.toContain('SIMULATED');
  });

  test('marks alarms by a sign, at any width', () => {
    const source = new FakeSource();
    source.add('VAN');
    const viewer = view(source, { size: { width: 60, height: 15 } });
    source.read('VAN', { alarms: ['cellUnderVoltage'] });
    expect(screenOf(viewer)).toMatch(/▸ ! VAN/);
  });

  test('shows of a hundred batteries those around the selected one', () => {
    const source = new FakeSource();
    for (let index = 0; index < 100; index++) source.add(`BATTERY_${index}`);
    const viewer = view(source);
    press(viewer, 'G');
    expect(screenOf(viewer)).toContain('▸   BATTERY_99');
    expect(screenOf(viewer)).toMatch(/\d\d–100 of 100/);
    press(viewer, 'pageUp');
    expect(screenOf(viewer)).toMatch(/▸ {3}BATTERY_7\d/);
  });

  test('is filtered by name, state and address', () => {
    const source = new FakeSource();
    source.add('VAN', { address: 'C8:47:80:00:00:0A' });
    source.add('BOAT', { state: 'mute', reason: 'silent' });
    const viewer = view(source);
    press(viewer, '/', ...Array.from('mute'));
    expect(screenOf(viewer)).toContain(' /mute');
    expect(screenOf(viewer)).not.toMatch(/ {4}VAN| {2}VAN {2}/);
    press(
      viewer,
      'enter',
      '/',
      ...Array.from({ length: 4 }, () => 'backspace'),
      ...Array.from('00:0a'),
      'enter',
    );
    expect(screenOf(viewer)).toMatch(/▸ {3}VAN/);
    press(viewer, '/', 'x', 'y', 'enter');
    expect(screenOf(viewer)).toContain('no battery has "00:0axy" in its name, address or state');
    press(viewer, 'escape');
    expect(screenOf(viewer)).toContain('BOAT');
  });

  test('follows the mouse: a press selects, another one opens, the wheel moves', () => {
    const source = new FakeSource();
    for (const name of ['VAN', 'BOAT', 'SHED']) source.add(name);
    const viewer = view(source);
    viewer.take({ kind: 'press', column: 10, row: 6 });
    expect(screenOf(viewer)).toMatch(/▸ {3}SHED/);
    viewer.take({ kind: 'wheel', direction: 'down' });
    expect(screenOf(viewer)).toMatch(/▸ {3}VAN/);
    viewer.take({ kind: 'press', column: 10, row: 20 });
    viewer.take({ kind: 'press', column: 10, row: 7 });
    expect(screenOf(viewer)).toContain('ubmsc › VAN');
  });
});

describe('the screen of a battery', () => {
  test.each([
    ['narrow', { width: 80, height: 24 }],
    ['wide', { width: 140, height: 40 }],
  ])('follows the mouse, %s: a press selects a cell, another one opens it', (_, size) => {
    const cells = Array.from({ length: 16 }, (__, cell) => 3.3 + cell / 1000);
    const { viewer } = battery({ cells }, { size });
    const lines = screenOf(viewer).split('\n');
    for (const cell of [0, 7, 15]) {
      const sign = ` ${cell + 1} ${cells[cell]?.toFixed(3)} `;
      const row = lines.findIndex((line) => line.includes(sign));
      const column = lines[row]?.indexOf(sign) ?? 0;
      viewer.take({ kind: 'press', column: column + 3, row });
      expect(screenOf(viewer)).toMatch(new RegExp(`▸ ?${cell + 1} `));
      viewer.take({ kind: 'press', column: column + 3, row });
      expect(screenOf(viewer)).toContain(`› cell ${cell + 1}`);
      press(viewer, 'escape');
    }
    const before = screenOf(viewer);
    for (const row of [0, 1, size.height - 1]) viewer.take({ kind: 'press', column: 5, row });
    expect(screenOf(viewer)).toBe(before);
  });

  test('shows cells as deviations from their mean, on an axis of a fixed width, with a verdict', () => {
    const { viewer } = battery({ cells: [3.312, 3.318, 3.315, 3.316] }, { size: { width: 200, height: 40 } });
    const screen = screenOf(viewer);
    expect(screen).toContain('Cells 1–4');
    expect(screen).toContain('6 mV apart, even; bars span ±10 mV');
    expect(screen).toMatch(/1 3\.312 ·+█+│·+ +-3 mV ▼ lowest +50 mΩ/);
    expect(screen).toMatch(
      /2 3\.318 ·+│█+·+ +3 mV ▲ highest +51 mΩ|2 3\.318 ·+│█+·+ +\+3 mV ▲ highest +51 mΩ/,
    );
  });

  test('shows even cells as even, whatever they differ by within 10 mV, and lets a weak one stand out', () => {
    const { source, viewer } = battery({ cells: [3.3, 3.301, 3.3, 3.302] });
    expect(screenOf(viewer)).toContain('2 mV apart, even');
    expect(screenOf(viewer)).toContain('±10 mV');
    source.read('VAN', { cells: [3.3, 3.301, 3.3, 2.9] });
    expect(screenOf(viewer)).toContain('401 mV apart, FAR APART');
    expect(screenOf(viewer)).toContain('BAD   cell 4 low by 300 mV');
    source.read('VAN', { cells: [3.3, 3.301, 3.3, 0] });
    expect(screenOf(viewer)).toContain('cell 4 reads 0.000 V: broken sense wire?');
    expect(screenOf(viewer)).toContain('1 mV apart, even');
  });

  test('shows which cell is balanced, and which way', () => {
    const { source, viewer } = battery({ fields: { balanceState: 2, balanceCurrent: -0.8 } });
    expect(screenOf(viewer)).toContain('▲ highest gives');
    expect(screenOf(viewer)).toContain('takes 0.80 A from the highest, cell 2');
    source.read('VAN', { fields: { balanceState: 1, balanceCurrent: 0.8 } });
    expect(screenOf(viewer)).toContain('▼ lowest takes');
    expect(screenOf(viewer)).toContain('gives 0.80 A to the lowest, cell 1');
  });

  test('says in words how it stands', () => {
    const { viewer } = battery({ current: -14, percent: 50 });
    const screen = screenOf(viewer);
    expect(screen).toContain('-14.00 A');
    expect(screen).toContain('↓ discharging');
    expect(screen).toContain('140.0 of 280.0 A·h');
    expect(screen).toContain('empty in 10 h at -14.0 A, mean of 20 s');
    expect(screen).toContain('T1 21.3  T2 21.7  MOS 24.1');
    expect(screen).toContain('charge on, discharge on');
    expect(screen).toMatch(/Alarms +none/);
  });

  test('tells alarms from notices by word and sign', () => {
    const { viewer } = battery({ alarms: ['changePassword', 'cellUnderVoltage'] });
    expect(screenOf(viewer)).toMatch(/! ALARM +cell 1 under-voltage: 3\.312 V/);
    expect(screenOf(viewer)).toMatch(/ {2}NOTE +change password/);
  });

  test('shows the values that it had, and STALE, when the battery is silent', () => {
    const { source, viewer } = battery();
    source.move('VAN', 'mute', { reason: 'silent' });
    source.time += 125_000;
    expect(screenOf(viewer)).toContain('STALE 2 min');
    expect(screenOf(viewer)).toContain('3.312');
    expect(screenOf(viewer)).not.toMatch(/Current +-12/);
  });

  test('shows what happens while there are no values yet', () => {
    const source = new FakeSource();
    source.add('VAN');
    const viewer = view(source);
    source.move('VAN', 'connecting');
    press(viewer, 'enter');
    expect(screenOf(viewer)).toContain('no data yet');
    expect(screenOf(viewer)).toMatch(/\d\d:\d\d:\d\d +connecting/);
  });

  test('follows the number of cells', () => {
    const { source, viewer } = battery({ cells: Array.from({ length: 16 }, () => 3.3) });
    expect(screenOf(viewer)).toContain('Cells 1–16');
    source.read('VAN', { cells: Array.from({ length: 15 }, () => 3.3) });
    expect(screenOf(viewer)).toContain('Cells 1–15');
    press(viewer, 'l');
    expect(screenOf(viewer)).toContain('15 cells instead of 16');
    press(viewer, 'l');
    source.read('VAN', { cells: [] });
    expect(screenOf(viewer)).toContain('the battery names no cells');
  });

  test('leads to a cell, with its place among the others', () => {
    const { viewer } = battery();
    press(viewer, 'down', 'down', 'enter');
    const screen = screenOf(viewer);
    expect(screen).toContain('ubmsc › VAN › cell 2');
    expect(screen).toMatch(/Voltage +3\.318 V {2}▲ highest/);
    expect(screen).toMatch(/To the mean +\+3 mV, 1 of 4 from the highest/);
  });

  test('leads to the raw fields of the record, with offset, formula and bytes', () => {
    const { viewer } = battery();
    press(viewer, 'd');
    expect(screenOf(viewer)).toMatch(/6 +cell_voltages\[0\] +3\.312 +V +u16 \/ 1000 +f0 0c/);
    press(viewer, 'G');
    expect(screenOf(viewer)).toMatch(/of 167 ─/);
  });

  test('leads to the events, steps included', () => {
    const source = new FakeSource();
    source.add('VAN');
    const viewer = view(source);
    source.move('VAN', 'connecting');
    source.move('VAN', 'subscribing');
    source.read('VAN');
    press(viewer, 'enter', 'l');
    expect(screenOf(viewer)).toMatch(/connecting\n.*subscribing\n.*live/);
  });
});

describe('time', () => {
  test('can be stopped: what comes meanwhile is not shown, but kept', () => {
    const { source, viewer } = battery({ percent: 40 });
    press(viewer, 'space');
    const before = screenOf(viewer);
    source.stream('VAN', 30_000, () => ({ percent: 41 }));
    const withoutHeader = (screen: string): string => screen.slice(screen.indexOf('\n'));
    expect(withoutHeader(screenOf(viewer))).toBe(withoutHeader(before));
    expect(screenOf(viewer)).toMatch(/PAUSED at \d\d:\d\d:\d\d, 30 s ago/);
    press(viewer, 'space');
    expect(screenOf(viewer)).toContain('41 %');
  });

  test('can be gone back, to what was true then', () => {
    const source = new FakeSource();
    source.add('VAN');
    const viewer = view(source);
    source.stream('VAN', 60_000, (elapsed) => ({ percent: elapsed < 30_000 ? 10 : 20 }));
    press(viewer, 'enter', 'home');
    expect(screenOf(viewer)).toContain(' 10 %');
    expect(screenOf(viewer)).not.toContain('STALE');
    press(viewer, 'end');
    expect(screenOf(viewer)).toContain(' 20 %');
    expect(screenOf(viewer)).not.toContain('PAUSED');
  });

  test('that steps back on the wall clock changes no age', () => {
    const { source, viewer } = battery();
    source.wallOffset = -3600_000;
    source.stream('VAN', 2000);
    expect(screenOf(viewer)).toMatch(/[●○] now/);
    source.time -= 60_000;
    expect(screenOf(viewer)).toMatch(/[●○] now/);
  });
});

describe('what is shown', () => {
  test('is copied as JSON when it is fresh, and not when it is stale', async () => {
    const copied: string[] = [];
    const { source, viewer } = battery({}, { effects: { copy: (text) => copied.push(text) > 0 } });
    press(viewer, 'y');
    await eventually(() => expect(screenOf(viewer)).toContain("were sent to the terminal's clipboard"));
    expect(copied).toEqual(['["VAN"]']);
    source.time += 60_000;
    press(viewer, 'y');
    await eventually(() => expect(screenOf(viewer)).toContain('no fresh reading to copy'));
    expect(copied.length).toBe(1);
  });

  test('is said to be too much for a clipboard', async () => {
    const { viewer } = battery({}, { effects: { copy: () => false } });
    press(viewer, 'y');
    await eventually(() => expect(screenOf(viewer)).toContain('too much for the clipboard of a terminal'));
  });

  test('is written as CSV under a harmless name', async () => {
    const saved: [string, string][] = [];
    const source = new FakeSource();
    source.add('../../VAN \u{1b}[2J');
    const viewer = view(source, {
      effects: {
        save: async (name, text) => {
          saved.push([name, text]);
          return await Promise.resolve(`/home/${name}`);
        },
      },
    });
    source.stream('../../VAN \u{1b}[2J', 10_000);
    press(viewer, 'enter', 'e');
    await eventually(() => expect(screenOf(viewer)).toContain('written: /home/ubmsc-VAN-2J-'));
    expect(saved[0]?.[0]).toMatch(/^ubmsc-VAN-2J-\d{8}-\d{6}\.csv$/);
    expect(saved[0]?.[1].split('\r\n').length).toBe(22);
  });

  test('says so when a file cannot be written', async () => {
    const save = async (): Promise<string> => await Promise.reject(new Error('EACCES: permission denied'));
    const { viewer } = battery({}, { effects: { save } });
    press(viewer, 'e');
    await eventually(() => expect(screenOf(viewer)).toContain('cannot write: EACCES: permission denied'));
  });
});

describe('drawing', () => {
  function counted(source: FakeSource): { viewer: Viewer; draws: () => number } {
    vi.useFakeTimers();
    const viewer = view(source);
    let draws = 0;
    viewer.subscribe(() => draws++);
    return { viewer, draws: () => draws };
  }

  test('happens at most ten times a second, however many keys and readings come', () => {
    const source = new FakeSource();
    source.add('VAN');
    const { viewer, draws } = counted(source);
    for (let time = 0; time < 10_000; time += 10) {
      source.read('VAN');
      viewer.press('down');
      vi.advanceTimersByTime(10);
    }
    expect(draws()).toBeLessThanOrEqual(101);
    expect(draws()).toBeGreaterThan(50);
  });

  test('happens once a second while nothing happens, for the ages', () => {
    const source = new FakeSource();
    source.add('VAN');
    const { draws } = counted(source);
    vi.advanceTimersByTime(10_000);
    expect(draws()).toBeLessThanOrEqual(11);
  });

  test('does not happen for a battery that is not in sight', () => {
    const source = new FakeSource();
    source.add('VAN');
    source.add('BOAT');
    source.read('VAN');
    const { viewer, draws } = counted(source);
    press(viewer, 'down', 'enter');
    vi.advanceTimersByTime(300);
    const before = draws();
    for (let time = 0; time < 600; time += 100) {
      source.read('BOAT');
      vi.advanceTimersByTime(100);
    }
    expect(draws()).toBe(before);
  });
});
