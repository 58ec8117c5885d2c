import { encode, layouts } from '@ubmsc/protocol';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { FakeSource } from '../../test/fake-source.ts';
import { screenOf, viewSource, type ViewSettings } from '../../test/view-source.ts';
import { helpLines } from '../views/help.ts';
import { linesOf } from '../views/composition.ts';
import type { Viewer } from './viewer.ts';

// Times of events are of the wall.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function watched(
  names: readonly string[],
  settings: ViewSettings = {},
): { source: FakeSource; viewer: Viewer } {
  const source = new FakeSource();
  for (const name of names) source.add(name);
  const viewer = viewSource(source, settings);
  onTestFinished(() => viewer[Symbol.dispose]());
  return { source, viewer };
}

const press = (viewer: Viewer, ...keys: readonly string[]): void => keys.forEach((key) => viewer.press(key));

describe('a filter', () => {
  test('that is kept is seen in every view, with the way out of it', () => {
    const { source, viewer } = watched(['VAN', 'BOAT']);
    for (const name of ['VAN', 'BOAT']) source.read(name);
    press(viewer, '/', 'v', 'a', 'enter');
    expect(screenOf(viewer)).toContain('only "va", esc shows all');
    press(viewer, 'enter');
    expect(screenOf(viewer).split('\n')[0]).toContain('/va');
  });

  test('that is typed does not stop Ctrl-C', () => {
    const quit = vi.fn<() => void>();
    const { viewer } = watched(['VAN'], { effects: { quit } });
    press(viewer, '/', 'v', 'ctrl-c');
    expect(quit).toHaveBeenCalledOnce();
  });
});

describe('at 80 columns', () => {
  const size = { width: 80, height: 24 };

  test('all that is wrong with the selected battery stands whole below the list', () => {
    const { source, viewer } = watched(['FLAPPING_LINK', 'VAN'], { size });
    for (const name of ['FLAPPING_LINK', 'VAN']) source.read(name);
    source.read('VAN', { alarms: ['cellUnderVoltage'], percent: 3, fields: { dischargeMosOn: 0 } });
    expect(screenOf(viewer)).toContain(
      '    cell 1 under-voltage: 3.312 V; discharge switched off; nearly empty: 3 %\n',
    );
    expect(screenOf(viewer)).toMatch(/^▸ ! VAN .* cell 1 under-volt.* \+2$/m);
  });

  test('the help is whole', () => {
    for (const view of ['fleet', 'battery', 'alarms', 'settings'] as const) {
      const lines = helpLines(view, 'live', 80).map((line) => line.map(({ text }) => text).join(''));
      expect(lines.filter((line) => line.includes('…') && !line.includes('live, lost, mute …'))).toEqual([]);
      expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('back to the shell; fg comes back here');
    }
  });

  test('the sentence for no batteries is whole', () => {
    const { viewer } = watched([], { size });
    const words = 'listening on hci0: no JK battery was found yet; one that is in use stays silent';
    viewer.waitFor(words);
    expect(screenOf(viewer).replace(/\s+/g, ' ')).toContain(words);
  });
});

describe('events', () => {
  test('stand in the order in which they came, though the wall clock is set back meanwhile', () => {
    const { source, viewer } = watched(['VAN']);
    vi.setSystemTime(source.wall);
    source.read('VAN');
    source.time += 60_000;
    source.wallOffset = -3600_000;
    vi.setSystemTime(source.wall);
    source.read('VAN', { alarms: ['cellUnderVoltage'] });
    source.time += 60_000;
    vi.setSystemTime(source.wall);
    source.move('VAN', 'lost', { reason: 'supervisionTimeout' });
    press(viewer, 'l');
    const times = [...screenOf(viewer).matchAll(/^ +!? *(\d\d:\d\d:\d\d) /gm)].map(([, time]) => time);
    expect(times.length).toBeGreaterThan(2);
    expect(times).toEqual(times.toSorted((one = '', other = '') => one.localeCompare(other)));
  });
});

describe('a link that was lost', () => {
  test('says why until the battery is live again, whatever is tried meanwhile', () => {
    const { source, viewer } = watched(['VAN'], { size: { width: 120, height: 30 } });
    source.read('VAN');
    source.move('VAN', 'lost', { reason: 'supervisionTimeout', message: 'the link was lost; go nearer' });
    for (const state of ['searching', 'heard', 'connecting'] as const) {
      source.time += 1000;
      source.move('VAN', state);
      expect(screenOf(viewer)).toContain('out of range');
    }
    source.time += 1000;
    source.read('VAN');
    expect(screenOf(viewer)).toContain('All is well');
    expect(screenOf(viewer).split('Events')[0]).not.toContain('out of range');
  });

  test('keeps its place in the list while it is tried again, and a silent battery is not called one', () => {
    const { source, viewer } = watched(['BOAT', 'SHED', 'VAN']);
    for (const name of ['BOAT', 'SHED', 'VAN']) source.read(name);
    source.move('VAN', 'lost', { reason: 'supervisionTimeout' });
    for (const state of ['searching', 'connecting', 'identifying'] as const) {
      source.move('VAN', state);
      expect(screenOf(viewer)).toContain('1 battery is not live: VAN');
      expect(screenOf(viewer)).toMatch(/^[▸ ] ! VAN /m);
    }
    source.move('SHED', 'mute');
    expect(screenOf(viewer)).toContain('2 batteries are not live: SHED, VAN');
    expect(screenOf(viewer)).toMatch(/ SHED .* silent: values are old$/m);
  });

  test.each([
    ['the battery', 'enter'],
    ['the comparison', 'c'],
  ])('makes the values of %s old at once', (_, key) => {
    const { source, viewer } = watched(['VAN']);
    source.read('VAN');
    press(viewer, key);
    const roles = (): readonly string[] =>
      linesOf(viewer.composition())
        .flat()
        .filter(({ text }) => text.includes('-12.4'))
        .map(({ role }) => role);
    expect(roles()).toContain('discharge');
    source.move('VAN', 'lost', { reason: 'supervisionTimeout' });
    expect(roles()).toContain('stale');
    expect(roles()).not.toContain('discharge');
  });

  test('of one in doubt counts as such, as it is in no sum', () => {
    const { source, viewer } = watched(['VAN', 'BOAT']);
    source.read('VAN', { current: -10 });
    source.read('BOAT', { current: -10 });
    expect(screenOf(viewer)).toContain('2 of 2 live  -20.0 A');
    const [, boat] = source.statuses;
    if (!boat?.reading) throw new Error('no reading');
    source.add('BOAT', { ...boat, reading: { ...boat.reading, doubt: 'copy' } });
    expect(screenOf(viewer)).toContain('1 of 2 live, 1 doubtful  -10.0 A');
  });

  test('is not counted as live', () => {
    const { source, viewer } = watched(['VAN', 'BOAT']);
    source.read('VAN');
    source.read('BOAT');
    source.move('BOAT', 'lost', { reason: 'supervisionTimeout' });
    expect(screenOf(viewer)).toContain('1 of 2 live');
  });
});

describe('alarms', () => {
  test('that come and go again and again are one line', () => {
    const { source, viewer } = watched(['VAN'], { size: { width: 120, height: 30 } });
    for (let times = 0; times < 12; times++) {
      source.time += 10_000;
      source.read('VAN', { alarms: ['cellUnderVoltage'] });
      source.time += 10_000;
      source.read('VAN');
    }
    press(viewer, 'i');
    const lines = screenOf(viewer)
      .split('\n')
      .filter((line) => line.includes('lower limit'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/12 times in \d min/);
  });

  test('are told with the cell, the value and the limit, also where there is little room', () => {
    const { source, viewer } = watched(['VAN'], { size: { width: 80, height: 24 } });
    const frame = encode(layouts['jk02-32s'].settings, { cellUvp: 3.36 });
    source.move('VAN', 'streaming', { settings: { variant: 'jk02-32s', frame } });
    for (let times = 0; times < 12; times++) {
      source.time += 10_000;
      source.read('VAN', { alarms: ['cellUnderVoltage'] });
      source.time += 10_000;
      source.read('VAN');
    }
    expect(screenOf(viewer)).toContain('cell 1 under-voltage: 3.312 V, limit 3.360 V\n');
    press(viewer, 'i');
    expect(screenOf(viewer)).toMatch(/cell 1 under-volt.*12 times in \d min/);
    press(viewer, 'l');
    expect(screenOf(viewer).replace(/\s+/g, ' ')).toContain('lower limit (cell 1: 3.312 V, limit 3.360 V)');
  });

  test('are marked as seen, and not when that was wrong', () => {
    const { source, viewer } = watched(['VAN']);
    source.read('VAN', { alarms: ['cellUnderVoltage'] });
    press(viewer, 'i', 'x');
    expect(screenOf(viewer)).toMatch(/seen +.*lower limit/);
    press(viewer, 'x');
    expect(screenOf(viewer)).not.toMatch(/seen +.*lower limit/);
  });

  test('can be shown without notices, and only while they are active', () => {
    const { source, viewer } = watched(['VAN'], { size: { width: 120, height: 30 } });
    source.read('VAN', { alarms: ['cellUnderVoltage'], fields: { dischargeMosOn: 0 } });
    press(viewer, 'i');
    const all = screenOf(viewer);
    press(viewer, 'f');
    expect(screenOf(viewer)).toContain('only alarms');
    expect(screenOf(viewer)).toContain('lower limit');
    source.time += 1000;
    source.read('VAN');
    press(viewer, 'f');
    expect(screenOf(viewer)).toContain('only active');
    expect(screenOf(viewer)).not.toContain('lower limit');
    expect(all).toContain('lower limit');
  });

  test('of a battery without a link are not active, and stand below those that are', () => {
    const { source, viewer } = watched(['VAN', 'BOAT'], { size: { width: 120, height: 30 } });
    source.read('BOAT', { alarms: ['cellUnderVoltage'] });
    source.read('VAN', { alarms: ['cellUnderVoltage'] });
    expect(screenOf(viewer)).toContain('2 batteries have alarms: BOAT, VAN');
    source.time += 1000;
    source.move('VAN', 'lost', { reason: 'supervisionTimeout' });
    source.time += 3000;
    expect(screenOf(viewer)).toContain('1 battery has an alarm: BOAT');
    press(viewer, 'i');
    expect(screenOf(viewer)).toMatch(
      / ! .* BOAT .*lower limit.* for 4 s\n +\? .* VAN .* last reading 4 s ago\n/,
    );
    press(viewer, 'f', 'f');
    expect(screenOf(viewer)).toContain('only active');
    expect(screenOf(viewer)).toContain('BOAT');
    expect(screenOf(viewer)).not.toContain('VAN');
  });

  test('sound the bell when that was asked for, once each', () => {
    const ring = vi.fn<() => void>();
    const { source, viewer } = watched(['VAN'], { effects: { ring } });
    source.read('VAN', { alarms: ['cellUnderVoltage'] });
    expect(ring).not.toHaveBeenCalled();
    source.read('VAN');
    press(viewer, 'i', 'B');
    source.read('VAN', { alarms: ['cellUnderVoltage'] });
    source.read('VAN', { alarms: ['cellUnderVoltage'] });
    expect(ring).toHaveBeenCalledOnce();
  });
});

describe('many batteries', () => {
  const names = Array.from({ length: 99 }, (_, index) => `PACK_${String(index + 1).padStart(2, '0')}`);

  test('of 99 all are listed, counted, and reached', () => {
    const { source, viewer } = watched(names, { size: { width: 80, height: 24 } });
    for (const name of names) source.read(name);
    expect(screenOf(viewer)).toContain('99 of 99 live');
    press(viewer, 'G');
    expect(screenOf(viewer)).toMatch(/▸ +PACK_99/);
  });

  test('those that have no link are told from those that are live', () => {
    const { source, viewer } = watched(names, { size: { width: 80, height: 24 } });
    for (const name of names.slice(0, 16)) source.read(name);
    expect(screenOf(viewer)).toContain('16 of 99 live');
    expect(screenOf(viewer)).toContain('83 batteries are not live yet');
  });
});

test('sorted by current, batteries of which nothing is known come last', () => {
  const { source, viewer } = watched(['BOAT', 'SHED', 'VAN']);
  source.read('SHED', { current: 5 });
  source.read('VAN', { current: -50 });
  press(viewer, 'o', 'o', 'o', 'o');
  const names = [...screenOf(viewer).matchAll(/^▸? +(BOAT|SHED|VAN) /gm)].map(([, name]) => name);
  expect(screenOf(viewer)).toContain('by current');
  expect(names).toEqual(['VAN', 'SHED', 'BOAT']);
});

test('a battery with a probe that is not connected shows no range of temperatures', () => {
  const { source, viewer } = watched(['VAN'], { size: { width: 120, height: 40 } });
  source.read('VAN', { fields: { temperature1: 20, temperature2: -2000 } });
  press(viewer, 'enter');
  expect(screenOf(viewer)).not.toMatch(/\d – \d/);
});

test('in ASCII, resistances are in mohm, and an axis has both signs', () => {
  const { source, viewer } = watched(['VAN'], {
    capabilities: { characters: 'ascii', graphStyle: 'ascii', theme: 'dark' },
    size: { width: 120, height: 40 },
  });
  source.read('VAN');
  press(viewer, 'enter');
  expect(screenOf(viewer)).toContain('+-10 mV');
  press(viewer, 'j', 'enter');
  expect(screenOf(viewer)).toContain('mohm');
  expect(screenOf(viewer)).not.toMatch(/mΩ|mO\b/);
  expect(screenOf(viewer)).not.toContain('background');
});

describe('graphs that reach back into a history', () => {
  const size = { width: 100, height: 40 };
  const past: ViewSettings['past'] = async (_, columns, { from, to }) =>
    await Promise.resolve(
      new Map(
        columns.map((column) => [
          column,
          [{ time: from, length: to - from, low: 40, high: 60, mean: 50, last: 50 }],
        ]),
      ),
    );

  test('are reached with the key for a longer time, and end at an hour without a history', () => {
    const { source, viewer } = watched(['VAN'], { size });
    source.stream('VAN', 5000);
    press(viewer, 'enter', ...Array.from({ length: 9 }, () => '-'));
    expect(screenOf(viewer)).toContain('last 1 h');
    const { source: other, viewer: withHistory } = watched(['VAN'], { size, past });
    other.stream('VAN', 5000);
    press(withHistory, 'enter', ...Array.from({ length: 9 }, () => '-'));
    expect(screenOf(withHistory)).toContain('last 30 d');
  });

  test('show what was before the program was started, also of a day that one goes back to', async () => {
    const { source, viewer } = watched(['VAN'], { size, past });
    source.stream('VAN', 5000);
    press(viewer, 'enter', '-', '-', '-');
    const before = screenOf(viewer);
    await expect.poll(() => screenOf(viewer)).not.toBe(before);
    press(viewer, '{', '{');
    expect(screenOf(viewer)).toMatch(/PAUSED at .*, 2 h 0 min ago|PAUSED at .*, 2 h ago/);
    await expect.poll(() => screenOf(viewer)).toMatch(/Charge +[⠀-⣿]/);
  });
});
