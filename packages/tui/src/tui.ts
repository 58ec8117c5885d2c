import type { ReadStream, WriteStream } from 'node:tty';
import type { BatterySource, BatteryStatus } from '@ubmsc/session';
import type { Look } from './keys/state.ts';
import type { Severity } from './model/event-log.ts';
import { capabilities } from './terminal/capabilities.ts';
import { captureOutput } from './terminal/captured-output.ts';
import { toClipboard } from './terminal/clipboard.ts';
import { Screen } from './terminal/screen.ts';
import { Terminal } from './terminal/terminal.ts';
import type { GraphStyle } from './text/graph.ts';
import type { ColorDepth } from './text/palette.ts';
import type { Playback } from './playback/playback.ts';
import { Viewer } from './viewer.ts';

export interface TuiOptions {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Colours, and what graphs are drawn with; as the terminal tells when left out. */
  readonly look?: Look | undefined;
  readonly graphStyle?: GraphStyle | undefined;
  /** The statuses as text for the clipboard. */
  readonly toJson: (statuses: readonly BatteryStatus[]) => string | Promise<string>;
  /** Writes a file of what is shown. Resolves with its path. */
  readonly save: (name: string, text: string) => Promise<string>;
  /** Said while there are no batteries. */
  readonly opening: string;
  /** The source, when it is a recording: one goes through it in time. */
  readonly playback?: Playback | undefined;
}

/** A terminal UI that runs. Dispose of it to give the terminal back. */
export interface Tui extends Disposable {
  /** Resolves when the person at the keys quits; rejects when the terminal UI fails. */
  readonly ended: Promise<void>;
  /** Shows a line of the log among the events: on the screen it would be in the way. */
  note(severity: Severity, text: string): void;
  /** Says what is waited for while there are no batteries. */
  waitFor(text: string): void;
}

/** Shows batteries on a terminal, with what is known of them now, and from then on. */
export function startTui(source: BatterySource, options: TuiOptions): Tui {
  const { input, output, env } = options;
  const screen = new Screen(output);
  let quit: () => void = () => {};
  const quitted = new Promise<void>((resolve) => (quit = resolve));
  const terminal = new Terminal(input, output, {
    own: (own) => (screen.open = own),
    input: (each) => viewer.take(each),
  });
  const viewer = new Viewer(source, {
    capabilities: capabilities(env),
    look: options.look,
    graphStyle: options.graphStyle,
    colorDepth: depthOf(output),
    size: () => ({ width: screen.columns, height: screen.rows }),
    toJson: options.toJson,
    opening: options.opening,
    playback: options.playback,
    effects: {
      quit,
      suspend: terminal.suspend,
      setMouse: (on) => (terminal.mouse = on),
      copy: (text) => {
        const sequence = toClipboard(text);
        if (sequence !== undefined) terminal.send(sequence);
        return sequence !== undefined;
      },
      save: options.save,
    },
  });
  const captured = captureOutput((line) => viewer.note('info', line));
  const onResize = (): void => {
    screen.forget();
    viewer.redraw();
  };
  output.on('resize', onResize);
  screen.open = true;
  // Ink takes longer to load than everything else up to here, so the first frame is drawn without it.
  screen.write(viewer.painted().join('\n'));
  const closed = new AbortController();
  return {
    ended: Promise.race([quitted, draw(viewer, screen, closed.signal)]),
    note: (severity, text) => viewer.note(severity, text),
    waitFor: (text) => viewer.waitFor(text),
    [Symbol.dispose]() {
      screen.open = false;
      closed.abort();
      output.off('resize', onResize);
      viewer[Symbol.dispose]();
      terminal[Symbol.dispose]();
      captured[Symbol.dispose]();
    },
  };
}

/** Draws until it is closed. Rejects when drawing fails. */
async function draw(viewer: Viewer, screen: Screen, closed: AbortSignal): Promise<void> {
  const { mount } = await import('./components/mount.tsx');
  if (closed.aborted) return;
  const ink = mount(viewer, screen);
  closed.addEventListener('abort', () => ink.unmount(), { once: true });
  await ink.waitUntilExit();
}

function depthOf(output: WriteStream): ColorDepth {
  const depth = output.getColorDepth();
  return depth === 1 || depth === 4 || depth === 8 ? depth : 24;
}
