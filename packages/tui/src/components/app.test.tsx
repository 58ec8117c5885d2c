import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Emulator } from '../../test/emulator.ts';
import { FakeSource } from '../../test/fake-source.ts';
import { viewSource, type ViewSettings } from '../../test/view-source.ts';
import { Screen } from '../terminal/screen.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { mount } from './mount.tsx';

// Times of events are of the wall.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function viewer(
  settings: ViewSettings & { readonly size: { readonly width: number; readonly height: number } },
): { source: FakeSource; view: Viewer } {
  const source = new FakeSource();
  for (const name of ['VAN', 'BOAT', 'SHED']) source.add(name, { simulated: true });
  const view = viewSource(source, settings);
  onTestFinished(() => view[Symbol.dispose]());
  source.stream('VAN', 30_000, (elapsed) => ({
    cells: Array.from({ length: 16 }, (_, cell) => 3.3 + ((cell * 7 + elapsed / 500) % 11) / 1000),
    alarms: ['cellUnderVoltage'],
  }));
  return { source, view };
}

/** What Ink draws of a viewer on a terminal. */
function drawn(
  view: Viewer,
  size: { readonly width: number; readonly height: number },
): { readonly terminal: Emulator; readonly draw: () => void } {
  const terminal = new Emulator(size.width, size.height);
  terminal.write('\u{1b}[?7l');
  const sink = { isBusy: false, write: (text: string) => void terminal.write(text) };
  const screen = new Screen(sink, () => size.height, view.look);
  screen.open = true;
  const ink = mount(view, screen, () => size);
  onTestFinished(() => ink.unmount());
  return {
    terminal,
    draw: () => {
      screen.look = view.look;
      view.changed();
    },
  };
}

const trimmed = (lines: readonly string[]): string[] => lines.map((line) => line.trimEnd());

describe('what Ink shows', () => {
  test.each([
    ['without colours', 1, { width: 100, height: 30 }],
    ['in 16 colours', 4, { width: 100, height: 30 }],
    ['in true colour', 24, { width: 100, height: 30 }],
    ['on the smallest terminal', 24, { width: 60, height: 15 }],
    ['on a wide terminal', 24, { width: 180, height: 50 }],
    ['on a very wide terminal', 24, { width: 200, height: 60 }],
    ['on a terminal that is too small', 24, { width: 50, height: 10 }],
  ] as const)('%s is what the views say, on every screen', async (_, colorDepth, size) => {
    const { view } = viewer({ colorDepth, size });
    const { terminal, draw } = drawn(view, size);
    for (const key of ['', 'c', 'c', 'i', 'i', 'enter', 'down', 'enter', 'u', 'd', '?', 'escape', 'l']) {
      if (key !== '') view.press(key);
      draw();
      const wanted = view.lines();
      const shown = await terminal.shown();
      expect(trimmed(shown).slice(0, wanted.length)).toEqual(trimmed(wanted));
    }
  });

  test('has colours only where the terminal has', () => {
    const size = { width: 100, height: 30 };
    const written = (colorDepth: 1 | 4 | 8 | 24): string => {
      const { terminal, draw } = drawn(viewer({ colorDepth, size }).view, size);
      draw();
      return terminal.written;
    };
    expect(written(1)).not.toMatch(/\[(?:\d;)*(?:3[0-7]|9[0-7]|38)(?:;\d+)*m/);
    expect(written(4)).toMatch(/\[(?:\d;)*32m/);
    expect(written(8)).toContain('38;5;');
    expect(written(24)).toContain('38;2;');
  });

  test.each(['ascii', 'console'] as const)(
    'has no other characters than a terminal with %s',
    async (characters) => {
      const size = { width: 120, height: 40 };
      const { view } = viewer({ capabilities: { characters, graphStyle: 'braille', theme: 'dark' }, size });
      const { terminal, draw } = drawn(view, size);
      for (const key of ['', 'enter', 'down', 'enter', '?']) {
        if (key !== '') view.press(key);
        draw();
        const shown = (await terminal.shown()).join('');
        expect(shown).toMatch(characters === 'ascii' ? /^[\u0020-\u007e]*$/ : /^[\u0020-\u007e°·±─│┼█▀▄▌]*$/);
      }
    },
  );

  test('is written again only where something has changed', () => {
    const size = { width: 120, height: 40 };
    const { source, view } = viewer({ size });
    view.press('enter');
    const { terminal, draw } = drawn(view, size);
    draw();
    terminal.take();
    draw();
    expect(terminal.take()).toBe('');
    source.time += 500;
    source.read('VAN', { current: -13 });
    draw();
    expect(terminal.take().length).toBeLessThan(3000);
  });
});

test('nothing that was shown is kept, so that it can be left open for days', async () => {
  const size = { width: 300, height: 100 };
  const { source, view } = viewer({ colorDepth: 24, size });
  view.press('enter');
  const screen = new Screen({ isBusy: false, write: () => {} }, () => size.height, view.look);
  screen.open = true;
  const ink = mount(view, screen, () => size);
  onTestFinished(() => ink.unmount());
  const draw = (frames: number): void => {
    for (let frame = 0; frame < frames; frame++) {
      source.time += 1000;
      source.read('VAN', {
        current: frame,
        cells: Array.from({ length: 32 }, (_, cell) => 3 + (frame * cell) / 1e4),
      });
      view.changed();
    }
  };
  draw(10);
  const before = await memory();
  draw(90);
  // The texts of that many frames have three times as much.
  expect((await memory()) - before).toBeLessThan(700_000);
});

/** Bytes of all that is still needed. */
async function memory(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  await new Promise((resolve) => setTimeout(resolve, 10));
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}
