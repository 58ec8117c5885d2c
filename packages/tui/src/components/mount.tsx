import { render, type Instance } from 'ink';
import type { Screen } from '../terminal/screen.ts';
import type { Viewer } from '../viewer.ts';
import { App } from './app.tsx';

/** Lets Ink draw what the viewer shows, from now on. */
export function mount(viewer: Viewer, screen: Screen): Instance {
  return render(<App viewer={viewer} />, {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a stream, Ink uses columns, write, on and off
    stdout: screen as unknown as NodeJS.WriteStream,
    // Whole frames, at once: the viewer paces them and the screen finds out what differs.
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
}
