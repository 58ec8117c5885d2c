import { stripVTControlCharacters } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { render as renderOn } from 'ink';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { FakeSource } from '../../test/fake-source.ts';
import { FakeTerminal } from '../../test/fake-terminal.ts';
import { viewSource, type ViewSettings } from '../../test/view-source.ts';
import { Screen } from '../terminal/screen.ts';
import type { ColorDepth } from '../text/palette.ts';
import type { Viewer } from '../viewer.ts';
import { App } from './app.tsx';

afterEach(cleanup);

function viewer(settings: ViewSettings = {}): { source: FakeSource; view: Viewer } {
  const source = new FakeSource();
  for (const name of ['VAN', '🔋 BOAT', 'סירה']) source.add(name, { simulated: true });
  const view = viewSource(source, settings);
  onTestFinished(() => view[Symbol.dispose]());
  source.stream('VAN', 30_000, (elapsed) => ({
    cells: Array.from({ length: 16 }, (_, cell) => 3.3 + ((cell * 7 + elapsed / 500) % 11) / 1000),
    alarms: ['cellUnderVoltage'],
  }));
  return { source, view };
}

/** What Ink has made of the view, and what the view wants to be shown. */
function both(frame: string | undefined, view: Viewer): { shown: string[]; wanted: string[] } {
  const trimmed = (lines: readonly string[]): string[] => lines.map((line) => line.trimEnd());
  return { shown: trimmed(stripVTControlCharacters(frame ?? '').split('\n')), wanted: trimmed(view.lines()) };
}

describe('what Ink shows', () => {
  test.each([
    ['without colours', 1, { width: 100, height: 30 }],
    ['in 16 colours', 4, { width: 100, height: 30 }],
    ['in true colour', 24, { width: 100, height: 30 }],
    ['on the smallest terminal', 24, { width: 60, height: 15 }],
  ] as const)('%s is what the views say, on every screen', (_, colorDepth, size) => {
    const { view } = viewer({ colorDepth, size });
    const { lastFrame, rerender } = render(<App viewer={view} />);
    for (const key of ['', 'enter', 'down', 'enter', 'd', '?', 'escape', 'l']) {
      if (key !== '') view.press(key);
      rerender(<App viewer={view} />);
      const { shown, wanted } = both(lastFrame(), view);
      expect(shown).toEqual(wanted);
    }
  });

  test('on a wide terminal is what the views say', () => {
    const size = { width: 180, height: 50 };
    const { view } = viewer({ colorDepth: 24, size });
    view.press('enter');
    const terminal = new FakeTerminal(size.width, size.height);
    const screen = new Screen(terminal);
    screen.open = true;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a stream, Ink uses columns, write, on and off
    const stdout = screen as unknown as NodeJS.WriteStream;
    const { unmount } = renderOn(<App viewer={view} />, { stdout, debug: true, patchConsole: false });
    onTestFinished(() => unmount());
    expect(both(terminal.shown.join('\n'), view).shown).toEqual(both('', view).wanted);
  });

  test('has colours only where the terminal has', () => {
    const frame = (colorDepth: ColorDepth): string =>
      render(<App viewer={viewer({ colorDepth }).view} />).lastFrame() ?? '';
    expect(frame(1).split('\u{1b}[')).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^(3[0-7]|9[0-7]|38;)/)]),
    );
    expect(frame(4)).toContain('\u{1b}[32m');
    expect(frame(8)).toContain('\u{1b}[38;5;');
    expect(frame(24)).toContain('\u{1b}[38;2;');
  });

  test('has no other characters than those of ASCII where the terminal has none', () => {
    const { view } = viewer({ capabilities: { unicode: false, graphStyle: 'ascii', theme: 'dark' } });
    view.press('enter');
    expect(stripVTControlCharacters(render(<App viewer={view} />).lastFrame() ?? '')).toMatch(
      /^[\n\u0020-\u007e]*$/,
    );
  });
});

test('nothing that was shown is kept, so that it can be left open for days', async () => {
  const size = { width: 300, height: 100 };
  const { source, view } = viewer({ colorDepth: 24, size });
  view.press('enter');
  const screen = new Screen(new FakeTerminal(size.width, size.height));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a stream, Ink uses columns, write, on and off
  const stdout = screen as unknown as NodeJS.WriteStream;
  const { rerender, unmount } = renderOn(<App viewer={view} />, { stdout, debug: true, patchConsole: false });
  onTestFinished(() => unmount());
  const draw = (frames: number): void => {
    for (let frame = 0; frame < frames; frame++) {
      source.time += 1000;
      source.read('VAN', {
        current: frame,
        cells: Array.from({ length: 32 }, (_, cell) => 3 + (frame * cell) / 1e4),
      });
      rerender(<App viewer={view} />);
    }
  };
  draw(10);
  const before = await memory();
  draw(90);
  // The texts of so many frames have three times as much.
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
