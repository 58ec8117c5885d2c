import { EventEmitter } from 'node:events';
import { render, type Instance } from 'ink';
import type { Screen } from '../terminal/screen.ts';
import type { Room } from '../views/view.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { App } from './app.tsx';

/** Lets Ink draw what the viewer shows, from now on. */
export function mount(viewer: Viewer, screen: Screen, size: () => Room): Instance {
  return render(<App viewer={viewer} screen={screen} />, {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a stream, Ink uses columns, rows, write, on and off
    stdout: new Paper(size) as unknown as NodeJS.WriteStream,
    // At once: the viewer paces frames.
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
}

/** The stream that Ink is given. The panes write on the screen themselves. */
class Paper extends EventEmitter {
  /** Ink neither hides the cursor nor asks for sizes itself. */
  readonly isTTY = false;
  readonly #size: () => Room;

  constructor(size: () => Room) {
    super();
    this.#size = size;
  }

  get columns(): number {
    return this.#size().width;
  }

  get rows(): number {
    return this.#size().height;
  }

  write(): boolean {
    return true;
  }
}
