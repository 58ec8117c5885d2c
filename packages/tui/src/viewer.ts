import { liveReading, sanitize, type BatterySource, type BatteryStatus } from '@ubmsc/protocol';
import { commandOf, type Command } from './keys/bindings.ts';
import type { MouseEvent } from './keys/mouse.ts';
import {
  initialState,
  selectedDevice,
  step,
  typeFilter,
  windowOf,
  type Surroundings,
  type UiState,
} from './keys/state.ts';
import { historyCsv } from './model/csv.ts';
import { Watch } from './model/watch.ts';
import type { Severity } from './model/event-log.ts';
import { Pacer } from './pacer.ts';
import type { Capabilities } from './terminal/capabilities.ts';
import { span, type Line } from './text/line.ts';
import { paint, palette, type ColorDepth } from './text/palette.ts';
import { toAscii } from './text/signs.ts';
import { bodyRoom, compose, type Composition } from './views/compose.ts';
import { stateInWords } from './model/changes.ts';
import { nameOf } from './views/fleet.ts';
import { helpLines } from './views/help.ts';
import { rawFieldCount } from './views/raw-fields.ts';
import type { Room, Scene } from './views/view.ts';

/** Shortest times between drawings, in milliseconds: after a key, and after something a battery has sent. */
const gaps = { key: 100, data: 200 } as const;

/** Ages change without anything that is sent, in milliseconds. */
const TICK = 1000;

/** How long a notice stands in the place of the keys, in milliseconds. */
const NOTICE = 4000;

/** What the viewer cannot do itself. */
export interface Effects {
  quit(): void;
  suspend(): void;
  setMouse(on: boolean): void;
  /** Puts a text on the clipboard. Returns whether that was possible. */
  copy(text: string): boolean;
  /** Writes a file. Resolves with its path. */
  save(name: string, text: string): Promise<string>;
}

export interface ViewerOptions {
  readonly effects: Effects;
  readonly capabilities: Capabilities;
  readonly colorDepth: ColorDepth;
  readonly size: () => Room;
  /** The statuses as text for the clipboard. */
  readonly toJson: (statuses: readonly BatteryStatus[]) => string | Promise<string>;
  /** Said while there are no batteries. */
  readonly opening: string;
}

/** What is shown of a source, and how keys and mouse change it. It knows no terminal. */
export class Viewer implements Disposable {
  readonly #source: BatterySource;
  readonly #options: ViewerOptions;
  readonly #watch: Watch;
  readonly #pacer: Pacer;
  readonly #ticker: NodeJS.Timeout;
  readonly #listeners = new Set<() => void>();
  #state: UiState;
  #version = 0;
  #notice: { readonly line: Line; readonly until: number } | undefined;
  #opening: string;

  constructor(source: BatterySource, options: ViewerOptions) {
    this.#source = source;
    this.#options = options;
    this.#opening = options.opening;
    const { theme, graphStyle } = options.capabilities;
    this.#state = initialState(options.colorDepth === 1 ? 'none' : theme, graphStyle);
    this.#pacer = new Pacer(() => this.#changed());
    this.#watch = new Watch(source, () => this.#pacer.request(gaps.data));
    this.#ticker = setInterval(() => this.#pacer.request(gaps.data), TICK);
  }

  /** For React's `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Grows whenever there may be something new to show. */
  readonly version = (): number => this.#version;

  /** Notes a line of the log, or what else no battery has said. */
  note(severity: Severity, text: string): void {
    this.#watch.note(severity, text);
  }

  /** Takes a key press by its name. */
  press(key: string): void {
    if (this.#state.typing) this.#state = typeFilter(this.#state, key);
    else {
      const command = commandOf(key, this.#state.view);
      if (command) this.#obey(command);
    }
    this.#pacer.request(gaps.key);
  }

  /** Takes what the mouse did: the wheel scrolls, a press selects a battery of the list, or opens the selected one. */
  point(event: MouseEvent): void {
    if (event.kind === 'wheel') return this.press(event.direction);
    if (this.#state.view !== 'fleet') return;
    const text = this.lines()[event.row];
    const selected = this.#statuses().find((status) => text?.includes(nameOf(status, 15).replace(/…$/, '')));
    if (!selected) return;
    if (selected.device === this.#selected()?.device) return this.press('enter');
    this.#state = { ...this.#state, device: selected.device };
    this.#pacer.request(gaps.key);
  }

  /** Draws anew, as when the size has changed. */
  redraw(): void {
    this.#pacer.request(gaps.key);
  }

  /** What stands on the terminal now, and how lines become text. */
  composition(): { readonly composition: Composition; readonly paint: (line: Line) => string } {
    const { capabilities, colorDepth } = this.#options;
    const { look } = this.#state;
    const colors = look === 'none' ? palette('dark', 1) : palette(look, colorDepth);
    const inCharacters = (line: Line): Line =>
      capabilities.unicode ? line : line.map(({ text, role }) => ({ text: toAscii(text), role }));
    return { composition: this.#compose(), paint: (line) => paint(inCharacters(line), colors) };
  }

  /** The lines of the screen without colours. */
  lines(): string[] {
    const { head, columns, foot } = this.#compose();
    const plain = (line: Line | undefined): string => (line ?? []).map(({ text }) => text).join('');
    const height = Math.max(0, ...columns.map(({ panes }) => panes.flat().length));
    const body = Array.from({ length: height }, (_, row) =>
      columns.map(({ panes }) => plain(panes.flat()[row])).join(' '),
    );
    return [...head.map(plain), ...body, ...foot.map(plain)];
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticker);
    this.#pacer[Symbol.dispose]();
    this.#watch[Symbol.dispose]();
  }

  #compose(): Composition {
    const notice = this.#notice && this.#notice.until > performance.now() ? this.#notice.line : undefined;
    return compose(
      {
        state: this.#state,
        watch: this.#watch,
        scene: this.#scene(),
        statuses: this.#statuses(),
        notice,
        opening: this.#opening,
      },
      this.#options.size(),
    );
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  #scene(): Scene {
    const { pausedAt, graphStyle } = this.#state;
    const present = this.#source.now();
    const now = pausedAt ?? present;
    const { unicode } = this.#options.capabilities;
    return {
      now,
      wall: Date.now() - (present - now),
      paused: pausedAt !== undefined,
      graphStyle: unicode ? graphStyle : 'ascii',
    };
  }

  #statuses(): readonly BatteryStatus[] {
    const { filter, pausedAt } = this.#state;
    const all = this.#watch.statuses(pausedAt);
    const text = filter.toLowerCase();
    const matches = (status: BatteryStatus): boolean =>
      [status.device, status.name, status.address, stateInWords(status)].some((each) =>
        each?.toLowerCase().includes(text),
      );
    return text === '' ? all : all.filter(matches);
  }

  #selected(): BatteryStatus | undefined {
    const statuses = this.#statuses();
    const device = selectedDevice(
      this.#state,
      statuses.map((status) => status.device),
    );
    return statuses.find((status) => status.device === device);
  }

  #surroundings(): Surroundings {
    const { view, path } = this.#state;
    const statuses = this.#statuses();
    const status = this.#selected();
    const history = status && this.#watch.history(status.device);
    const page = Math.max(1, bodyRoom(this.#options.size()).height - (view === 'raw' ? 2 : 1));
    const now = this.#source.now();
    const device = path.includes('battery') ? status?.device : undefined;
    const length =
      view === 'events'
        ? this.#watch.events.of(device, this.#state.pausedAt).length
        : view === 'raw'
          ? status
            ? rawFieldCount(status)
            : 0
          : view === 'help'
            ? helpLines(path[0] ?? 'fleet').length
            : 0;
    return {
      devices: statuses.map((each) => each.device),
      cells: status?.reading?.cellVoltage.length ?? 0,
      now,
      oldest: history && history.end > history.start ? history.timeOf(history.start) : now,
      page,
      length,
    };
  }

  #obey(command: Command): void {
    const { effects } = this.#options;
    this.#state = step(this.#state, command, this.#surroundings());
    if (command === 'quit') effects.quit();
    if (command === 'suspend') effects.suspend();
    if (command === 'mouse') {
      effects.setMouse(this.#state.mouse);
      this.#say(
        this.#state.mouse
          ? 'the mouse selects; m leaves it to the terminal'
          : 'the mouse is left to the terminal',
      );
    }
    if (command === 'graph') this.#say(`graphs are drawn with ${this.#state.graphStyle}`);
    if (command === 'theme') this.#say(`colours: ${this.#state.look}`);
    if (command === 'copy') void this.#copy();
    if (command === 'export') void this.#export();
  }

  async #copy(): Promise<void> {
    const { toJson, effects } = this.#options;
    const status = this.#selected();
    const statuses = this.#state.view === 'fleet' ? this.#statuses() : status ? [status] : [];
    const now = this.#scene().now;
    const told = statuses.filter((each) => liveReading(each, now) !== undefined);
    if (told.length === 0) return this.#say('there is no fresh reading to copy', 'notice');
    const text = await toJson(told);
    if (effects.copy(text))
      this.#say(`${text.length} characters of JSON were sent to the terminal's clipboard`);
    else
      this.#say('that is more than clipboards of terminals take: open a battery and copy it alone', 'notice');
  }

  async #export(): Promise<void> {
    const status = this.#selected();
    const history = status && this.#watch.history(status.device);
    if (!history || history.end === history.start)
      return this.#say('there is nothing to export yet', 'notice');
    const { now, wall } = this.#scene();
    const from = now - windowOf(this.#state) * 1000;
    try {
      const path = await this.#options.effects.save(fileName(status, wall), historyCsv(history, from, now));
      this.#say(`written: ${path}`);
    } catch (error) {
      this.#say(`cannot write: ${error instanceof Error ? error.message : String(error)}`, 'alarm');
    }
  }

  #say(text: string, role: Line[number]['role'] = 'text'): void {
    this.#notice = { line: [span(` ${sanitize(text)}`, role)], until: performance.now() + NOTICE };
    this.#pacer.request(gaps.key);
  }
}

/** Letters and digits of the name, and when: `ubmsc-UPS_BMS-20250204-050607.csv`. */
function fileName({ device }: BatteryStatus, wall: number): string {
  const name = device
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 40);
  const at = new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `ubmsc-${name || 'battery'}-${at}.csv`;
}
