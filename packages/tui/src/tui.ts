import type { ReadStream, WriteStream } from 'node:tty';
import { elapses } from '@ubmsc/base';
import type { BatterySource, BatteryStatus, LogEntry } from '@ubmsc/session';
import type { Look } from './keys/state.ts';
import type { SettingsFile } from './views/settings.ts';
import type { Severity } from './model/event-log.ts';
import type { ReadPast } from './model/past.ts';
import { capabilities } from './terminal/capabilities.ts';
import { captureOutput } from './terminal/captured-output.ts';
import { toClipboard } from './terminal/clipboard.ts';
import { Screen } from './terminal/screen.ts';
import { sinkOf } from './terminal/sink.ts';
import { Terminal } from './terminal/terminal.ts';
import type { GraphStyle } from './text/graph.ts';
import type { ColorDepth } from './text/palette.ts';
import type { Playback } from './playback/playback.ts';
import { linesOf } from './views/composition.ts';
import type { Room } from './views/view.ts';
import { Viewer } from './viewer/viewer.ts';

/** What a terminal UI shows, and where. */
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
  /** Asks a device for what it has written down, oldest first. */
  readonly logbook?: ((device: string) => Promise<readonly LogEntry[]>) | undefined;
  /** Reads the history, when there is one: then graphs reach back further than the terminal UI runs. */
  readonly past?: ReadPast | undefined;
  /** Settings in a file, which those of batteries are compared with. */
  readonly settingsFile?: SettingsFile | undefined;
  /** Text shown when there are no batteries. */
  readonly opening: string;
  /** The source, when it is a recording: one goes through it in time. */
  readonly playback?: Playback | undefined;
}

/** Why a terminal UI ended: somebody quit, or the terminal went away. */
export type TuiEnd = 'quit' | 'gone';

/** A terminal UI that runs. Dispose of it to give the terminal back. */
export interface Tui extends Disposable {
  /** Resolves when the person at the keys quits or the terminal goes away; rejects when the terminal UI fails. */
  readonly ended: Promise<TuiEnd>;
  /** Shows a line of the log among the events: on the screen it would be in the way. */
  note(severity: Severity, text: string): void;
  /** Says what is waited for while there are no batteries. */
  waitFor(text: string): void;
}

const BELL = '\u{7}';

/** Shows batteries on a terminal, with what is known of them now, and from then on. */
export function startTui(source: BatterySource, options: TuiOptions): Tui {
  const { input, output, env } = options;
  const size = (): Room => ({ width: output.columns || 80, height: output.rows || 24 });
  const { promise: ended, resolve: end } = withResolvers<TuiEnd>();
  const terminal = new Terminal(input, sinkOf(output), {
    own: (own) => {
      screen.open = own;
      viewer.redraw();
    },
    input: (each) => viewer.take(each),
    drained: () => screen.flush(),
    gone: () => end('gone'),
  });
  const redraw = (): void => {
    screen.forget();
    viewer.redraw();
  };
  const viewer = new Viewer(source, {
    capabilities: capabilities(env),
    look: options.look,
    graphStyle: options.graphStyle,
    colorDepth: depthOf(output),
    size,
    opening: options.opening,
    playback: options.playback,
    logbook: options.logbook,
    past: options.past,
    settingsFile: options.settingsFile,
    effects: {
      quit: () => end('quit'),
      suspend: terminal.suspend,
      redraw,
      ring: () => terminal.write(BELL),
      setMouse: (on) => (terminal.mouse = on),
      copy: (text) => {
        const sequence = toClipboard(text);
        if (sequence !== undefined) terminal.write(sequence);
        return sequence !== undefined;
      },
      save: options.save,
      toJson: options.toJson,
    },
  });
  const screen = new Screen(terminal, () => size().height, viewer.look);
  const captured = captureOutput((line) => viewer.note('info', line));
  output.on('resize', redraw);
  screen.open = true;
  const paint = (): void => {
    screen.look = viewer.look;
    screen.place(0, 0, linesOf(viewer.composition()));
    screen.show();
  };
  paint();
  const closed = new AbortController();
  return {
    ended: Promise.race([ended, draw(viewer, screen, size, paint, closed.signal)]),
    note: (severity, text) => viewer.note(severity, text),
    waitFor: (text) => viewer.waitFor(text),
    [Symbol.dispose]() {
      screen.open = false;
      closed.abort();
      output.off('resize', redraw);
      viewer[Symbol.dispose]();
      terminal[Symbol.dispose]();
      captured[Symbol.dispose]();
    },
  };
}

/**
 * Time without Ink at the start, in milliseconds. To load it takes longer than everything else up to the first frame; later
 * there is time for it, when the first battery is live.
 */
const WITHOUT_INK = 2000;

/** Draws until it is closed: as a whole at first, then by Ink. Rejects when drawing fails. */
async function draw(
  viewer: Viewer,
  screen: Screen,
  size: () => Room,
  paint: () => void,
  closed: AbortSignal,
): Promise<TuiEnd> {
  const failed = new AbortController();
  const stop = viewer.subscribe(() => {
    try {
      paint();
    } catch (error) {
      failed.abort(error);
    }
  });
  // Ink takes longest to load: not for a screen that has ended.
  const isOpen = await elapses(WITHOUT_INK, AbortSignal.any([closed, failed.signal]));
  const { mount } = isOpen ? await import('./components/mount.tsx') : {};
  stop();
  failed.signal.throwIfAborted();
  if (!mount || closed.aborted) return 'quit';
  const ink = mount(viewer, screen, size);
  closed.addEventListener('abort', () => ink.unmount(), { once: true });
  await ink.waitUntilExit();
  return 'quit';
}

function depthOf(output: WriteStream): ColorDepth {
  const depth = output.getColorDepth();
  return depth === 1 || depth === 4 || depth === 8 ? depth : 24;
}

function withResolvers<Value>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
} {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((done) => (resolve = done));
  return { promise, resolve };
}
