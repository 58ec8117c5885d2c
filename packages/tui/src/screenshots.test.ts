import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { changed, fixture, inPieces, until } from '../test/recordings.ts';
import { toSvg } from '../test/to-svg.ts';
import { viewSource } from '../test/view-source.ts';
import { Playback } from './playback/playback.ts';
import type { Theme } from './text/palette.ts';
import { displayWidth } from './text/width.ts';

const weakCell = fixture('weak-cell');

/** When the pictures are of, from the start of the recording with the weak cell, in milliseconds. */
const MOMENT = 66_500;

/** Other recordings, which are as old as they are long, live at that moment. */
const others = ['jk02-32s-19.27', 'jk02-24s-10.07', 'jk04-3.3'].map((name) => {
  const LENGTH = 9000;
  return changed(until(fixture(name), LENGTH), MOMENT - LENGTH);
});

/** What is watched at that moment. */
const watched = until(weakCell, MOMENT);

beforeEach(() => {
  vi.stubEnv('TZ', 'UTC');
  vi.useFakeTimers({
    now: Date.UTC(2026, 0, 1, 0, 1),
    toFake: ['Date', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const toWeakCell = Array.from({ length: 7 }, () => 'down');

// npm run docs makes them again, from recordings of fixtures/.
describe.each([
  ['batteries', [watched, ...others], 'dark', 110, 26, []],
  ['battery', [watched], 'dark', 120, 34, ['enter', '+']],
  ['battery-light', [watched], 'light', 120, 34, ['enter', '+']],
  ['cell', [watched], 'dark', 100, 26, ['enter', ...toWeakCell, '+', 'enter']],
  ['battery-small', [watched], 'dark', 60, 15, ['enter']],
  ['battery-wide', [watched], 'dark', 200, 60, ['enter', '+']],
  ['alarms', [watched], 'dark', 100, 24, ['enter', 'i']],
  ['comparison', [watched, ...others], 'dark', 100, 24, ['c']],
  ['settings', [watched, ...others], 'dark', 100, 30, ['enter', 'u']],
] as const)('the picture docs/screenshots/%s.svg', (name, recordings, theme, width, height, keys) => {
  test('shows the screen as it is', async () => {
    const shot = await picture(recordings, theme, { width, height }, keys, false);
    await expect(shot).toMatchFileSnapshot(`../../../docs/screenshots/${name}.svg`);
  });
});

test('the picture docs/screenshots/time-travel.svg shows the screen as it is', async () => {
  const keys = ['space', 'enter', '+', 'end', 'A', 'A', '>', '>'];
  const shot = await picture([weakCell], 'dark', { width: 120, height: 34 }, keys, true);
  await expect(shot).toMatchFileSnapshot('../../../docs/screenshots/time-travel.svg');
});

/** A screen after some keys: of what recordings tell as if it were watched now, or of going through them in time. */
async function picture(
  recordings: readonly string[],
  theme: Theme,
  size: { readonly width: number; readonly height: number },
  keys: readonly string[],
  inTime: boolean,
): Promise<string> {
  const playback = new Playback(recordings.map((text) => inPieces(text)));
  using viewer = viewSource(playback, {
    capabilities: { characters: 'all', graphStyle: 'braille', theme },
    colorDepth: 24,
    size,
    ...(inTime && { playback }),
  });
  await playback.load(new AbortController().signal);
  vi.advanceTimersByTime(200);
  for (const key of keys) viewer.press(key);
  vi.advanceTimersByTime(5000);
  return toSvg(viewer.painted(), size.width, theme, displayWidth);
}
