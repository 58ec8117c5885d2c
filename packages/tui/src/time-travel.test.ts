import fc from 'fast-check';
import { eventually } from '@ubmsc/testing';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { changed, fixture, inPieces, until } from '../test/recordings.ts';
import { screenOf, viewSource, type ViewSettings } from '../test/view-source.ts';
import { Playback } from './playback/playback.ts';
import { displayWidth } from './text/width.ts';
import type { Viewer } from './viewer/viewer.ts';

const weakCell = fixture('weak-cell');
const newest = fixture('jk02-32s-19.27');
const size = { width: 120, height: 34 };

beforeEach(() => {
  vi.stubEnv('TZ', 'UTC');
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Recordings that were read to the end, paused at their start. */
async function travel(texts: readonly string[] = [weakCell], settings: ViewSettings = {}): Promise<Viewer> {
  const playback = new Playback(texts.map((text) => inPieces(text)));
  const viewer = viewSource(playback, { playback, size, ...settings });
  onTestFinished(() => viewer[Symbol.dispose]());
  await playback.load(new AbortController().signal);
  vi.advanceTimersByTime(200);
  viewer.press('space');
  viewer.press('home');
  return viewer;
}

const press = (viewer: Viewer, ...keys: readonly string[]): void => keys.forEach((key) => viewer.press(key));

/** The line with the position. */
const position = (viewer: Viewer): string => screenOf(viewer).split('\n').at(-2) ?? '';

/** Seconds from the start, as they are shown. */
const secondsOf = (viewer: Viewer): number => {
  const [, minutes, seconds] = / 0:(\d\d):(\d\d) of /.exec(position(viewer)) ?? [];
  return Number(minutes) * 60 + Number(seconds);
};

/** The screen without the line with the position and the one below it. */
const shown = (viewer: Viewer): string => screenOf(viewer).split('\n').slice(0, -2).join('\n');

describe('a recording', () => {
  test('is said to be one, and what was done to it', async () => {
    const [header] = screenOf(await travel()).split('\n');
    expect(header).toMatch(/redacted {2}RECORDING {3}SIMULATED$/);
    const real = changed(weakCell, 0, { simulated: false, redacted: false, anonymized: true });
    const [other] = screenOf(await travel([real])).split('\n');
    expect(other).toMatch(/ {3}anonymized {2}RECORDING$/);
  });

  test('plays by itself, at the speed that is asked for, to its end', async () => {
    const viewer = await travel();
    press(viewer, 'space');
    vi.advanceTimersByTime(5000);
    expect(position(viewer)).toMatch(/^ playing 1× .* 0:00:0[45] of 0:01:10 2026-01-01 00:00:0[45]$/);
    press(viewer, '>', '>', '>');
    vi.advanceTimersByTime(5000);
    expect(position(viewer)).toMatch(/^ playing 8× .* 0:00:4[45] of/);
    vi.advanceTimersByTime(5000);
    expect(position(viewer)).toMatch(/^ paused 8× .* 0:01:10 of/);
    press(viewer, 'space', '<', '<', '<', '<');
    expect(position(viewer)).toMatch(/^ playing ½× .* 0:00:00 of/);
  });

  test.each([10, 20, 30, 40, 60])(
    'shows at %i s, on each screen, what was known then, and nothing of what came later',
    async (seconds) => {
      const all = await travel();
      press(all, ...Array.from({ length: seconds / 10 }, () => 'right'));
      const ms = seconds * 1000;
      const only = await travel([`${until(weakCell, ms)}{"ms":${ms},"write":""}\n`]);
      press(only, 'end');
      for (const keys of [[], ['enter'], ['down', 'enter'], ['d'], ['escape', 'escape', 'l'], ['?']]) {
        press(all, ...keys);
        press(only, ...keys);
        expect(shown(all)).toBe(shown(only));
      }
    },
  );

  test('is the same again after one has been elsewhere', async () => {
    const viewer = await travel();
    press(viewer, 'right', 'right', 'enter');
    const before = screenOf(viewer);
    press(viewer, 'end', 'home', 'a', 'w', 'home', ']', '[', 'right', 'right');
    vi.advanceTimersByTime(5000);
    expect(screenOf(viewer)).toBe(before);
  });

  test('of which something is missing is said to be incomplete, and why', async () => {
    const torn = weakCell.slice(0, -20);
    const viewer = await travel([torn], { size: { width: 120, height: 15 } });
    viewer.note('notice', 'van.jsonl was cut off: its last line is left out');
    expect(screenOf(viewer)).toMatch(
      / incomplete 0:00:00 of [^]*\n van\.jsonl was cut off: its last line is left out$/,
    );
    press(viewer, 'l');
    expect(shown(viewer)).toMatch(/ 00:00:00 {3}ubmsc +van\.jsonl was cut off/);
    expect(position(await travel())).not.toContain('incomplete');
  });

  test('can be looked at while it is still read', async () => {
    const text = changed(weakCell, 0);
    let goOn = (): void => {};
    const halfway = new Promise<void>((resolve) => (goOn = resolve));
    const playback = new Playback([
      {
        name: 'van.jsonl',
        pieces: (async function* () {
          yield until(text, 30_000);
          await halfway;
          yield text.slice(until(text, 30_000).length);
        })(),
      },
    ]);
    const viewer = viewSource(playback, { playback, size, opening: 'reading van.jsonl …' });
    onTestFinished(() => viewer[Symbol.dispose]());
    expect(screenOf(viewer)).toContain('reading van.jsonl …');
    const loading = playback.load(new AbortController().signal);
    await eventually(() => expect(playback.now()).toBeGreaterThan((playback.start ?? 0) + 29_000));
    vi.advanceTimersByTime(200);
    press(viewer, 'end', 'enter');
    vi.advanceTimersByTime(5000);
    expect(position(viewer)).toMatch(/^ playing 1× .* reading … 0:00:\d\d of 0:00:(29|30)/);
    expect(shown(viewer)).toMatch(/WEAK_CELL[^]*Cells 1–16/);
    goOn();
    await loading;
    vi.advanceTimersByTime(1000);
    expect(position(viewer)).toMatch(/0:00:3\d of 0:01:10/);
  });
});

describe('jumps', () => {
  test('lead to alarms and back, and stand still there', async () => {
    const viewer = await travel();
    press(viewer, 'space', 'a');
    const first = position(viewer);
    expect(first).toMatch(/^ paused /);
    expect(shown(viewer)).toMatch(/▸ ! WEAK_CELL/);
    expect(screenOf(viewer)).toMatch(/ WEAK_CELL: A cell is below its lower limit \(cell 7: [^)]*\)$/);
    press(viewer, ...Array<string>(10).fill('a'));
    expect(screenOf(viewer)).toMatch(/ there is no later alarm$/);
    press(viewer, ...Array<string>(10).fill('A'));
    expect(screenOf(viewer)).toMatch(/ there is no earlier alarm$/);
    expect(position(viewer)).toBe(first);
  });

  test('lead to changes of states', async () => {
    const viewer = await travel();
    const said: string[] = [];
    for (let times = 0; times < 4; times++) {
      press(viewer, 's');
      said.push(screenOf(viewer).split('\n').at(-1) ?? '');
    }
    expect(said).toEqual([
      ' WEAK_CELL: live',
      ' WEAK_CELL: lost: out of range (0x08)',
      ' WEAK_CELL: live',
      ' WEAK_CELL: lost: out of range (0x08)',
    ]);
    press(viewer, 'S');
    expect(position(viewer)).toMatch(/0:00:27 of/);
  });

  test('lead to the largest spread', async () => {
    const viewer = await travel();
    press(viewer, 'enter', 'w');
    const apart = (): number => Number(/(\d+) mV apart/.exec(screenOf(viewer))?.[1]);
    const most = apart();
    for (let times = 0; times < 7; times++) {
      press(viewer, times === 0 ? 'home' : 'right');
      if (!Number.isNaN(apart())) expect(apart()).toBeLessThanOrEqual(most);
    }
  });

  test('stay with the battery that is open', async () => {
    const viewer = await travel([weakCell, changed(newest, 30_000)]);
    press(viewer, 'o', 'enter', 'a');
    expect(screenOf(viewer)).toMatch(/ there is no later alarm$/);
    press(viewer, 's');
    expect(screenOf(viewer)).toMatch(/ 601097A00001-00: live$/);
  });
});

describe('the line with the position', () => {
  test.each([60, 80, 120, 200])('marks alarms and changes at a width of %i', async (width) => {
    const viewer = await travel([weakCell], { size: { width, height: 24 } });
    press(viewer, 'end');
    expect(position(viewer)).toMatch(/^ paused 1× +━*┼[━┼]+!?[━┼!]+!━*● 0:01:10 of 0:01:10 /);
    expect(position(viewer).length).toBeLessThanOrEqual(width);
  });

  test('takes the mouse', async () => {
    const viewer = await travel();
    const row = size.height - 2;
    press(viewer, 'end', 'A');
    const alarm = secondsOf(viewer);
    const column = position(viewer).indexOf('●');
    press(viewer, 'home');
    viewer.take({ kind: 'press', column, row });
    expect(Math.abs(secondsOf(viewer) - alarm)).toBeLessThanOrEqual(2);
    const there = position(viewer);
    viewer.take({ kind: 'press', column: 2, row });
    expect(position(viewer)).toBe(there);
    viewer.take({ kind: 'press', column: position(viewer).indexOf('━'), row });
    expect(position(viewer)).toMatch(/ 0:00:00 of/);
  });
});

test('its keys are those of recordings, in the footer and in the help', async () => {
  const viewer = await travel();
  vi.advanceTimersByTime(5000);
  expect(screenOf(viewer)).toMatch(/space play {2}> faster .* a alarm {2}s change$/);
  press(viewer, '?');
  expect(screenOf(viewer)).toContain('forward by 10 min');
  expect(screenOf(viewer)).not.toContain('back to the present');
});

test('a screen fills the terminal exactly, whatever is pressed', async () => {
  const playback = new Playback([weakCell, newest].map((text) => inPieces(text)));
  const room = { ...size };
  const viewer = viewSource(playback, { playback, size: room });
  onTestFinished(() => viewer[Symbol.dispose]());
  await playback.load(new AbortController().signal);
  vi.advanceTimersByTime(200);
  const keys = fc.constantFrom(
    ...'enter escape down d l ? left right [ ] } home end space > < a A s S w tab - G'.split(' '),
  );
  const sizes = fc.record({
    width: fc.integer({ min: 60, max: 200 }),
    height: fc.integer({ min: 15, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(keys), sizes, (pressed, { width, height }) => {
      Object.assign(room, { width, height });
      press(viewer, ...pressed);
      const lines = viewer.lines();
      expect(lines.length).toBe(height);
      expect(lines.map((line) => displayWidth(line)).filter((own) => own !== width)).toEqual([]);
    }),
  );
});
