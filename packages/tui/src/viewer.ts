import { liveReading, sanitize, type BatterySource, type BatteryStatus } from '@ubmsc/protocol';
import { commandOf, type Command } from './keys/bindings.ts';
import type { Input } from './keys/input-reader.ts';
import type { MouseEvent } from './keys/mouse.ts';
import {
  initialState,
  selectedDevice,
  step,
  typeFilter,
  windowOf,
  type Look,
  type Surroundings,
  type UiState,
} from './keys/state.ts';
import { historyCsv } from './model/csv.ts';
import { Watch } from './model/watch.ts';
import type { Severity } from './model/event-log.ts';
import { Pacer } from './pacer.ts';
import type { Capabilities } from './terminal/capabilities.ts';
import type { GraphStyle } from './text/graph.ts';
import { plainText, span, type Line } from './text/line.ts';
import { paint, palette, type ColorDepth } from './text/palette.ts';
import { toAscii } from './text/signs.ts';
import { batteryInRow, bodyRoom, compose, isOfOne, linesOf, type Composition } from './views/compose.ts';
import { stateInWords } from './model/changes.ts';
import { eventLineCount } from './views/events.ts';
import { helpLines } from './views/help.ts';
import { rawFieldCount } from './views/raw-fields.ts';
import type { Room, Scene } from './views/view.ts';

/** Shortest times between drawings, in milliseconds: after a key, and after something a battery has sent. */
const gaps = { key: 100, data: 300 } as const;

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
  /** What is shown at first instead of what the terminal tells. */
  readonly look?: Look | undefined;
  readonly graphStyle?: GraphStyle | undefined;
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
    const look = options.look ?? (options.colorDepth === 1 ? 'none' : theme);
    this.#state = initialState(look, options.graphStyle ?? graphStyle);
    this.#pacer = new Pacer(() => this.#changed());
    this.#watch = new Watch(source, (device) => {
      if (this.#concerns(device)) this.#pacer.request(gaps.data);
    });
    this.#ticker = setInterval(() => this.#pacer.request(TICK), TICK);
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

  /** Says what is waited for while there are no batteries. */
  waitFor(text: string): void {
    this.#opening = text;
    this.#pacer.request(gaps.data);
  }

  /** Takes a key, or what the mouse did. */
  take(input: Input): void {
    if (input.kind === 'key') this.press(input.name);
    else this.point(input);
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
    const current = this.#selected();
    const selected = batteryInRow(event.row, this.#statuses(), current, this.#options.size());
    if (!selected) return;
    if (selected.device === current?.device) return this.press('enter');
    this.#state = { ...this.#state, device: selected.device };
    this.#pacer.request(gaps.key);
  }

  /** Draws anew, as when the size has changed. */
  redraw(): void {
    this.#pacer.request(gaps.key);
  }

  /** What stands on the terminal now, how lines become text, and how wide the terminal is. */
  composition(): {
    readonly composition: Composition;
    readonly paint: (line: Line) => string;
    readonly width: number;
  } {
    const { capabilities, colorDepth } = this.#options;
    const { look } = this.#state;
    const colors = look === 'none' ? palette('dark', 1) : palette(look, colorDepth);
    const inCharacters = (line: Line): Line =>
      capabilities.unicode ? line : line.map(({ text, role }) => ({ text: toAscii(text), role }));
    return {
      composition: this.#compose(),
      paint: (line) => paint(inCharacters(line), colors),
      width: this.#options.size().width,
    };
  }

  /** The lines of the screen without colours. */
  lines(): string[] {
    return linesOf(this.#compose()).map(plainText);
  }

  /** The lines of the screen as they stand on the terminal. */
  painted(): string[] {
    const { composition, paint: inColors } = this.composition();
    return linesOf(composition).map(inColors);
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

  /** Whether what has happened to a battery, or to the program, is in sight. */
  #concerns(device: string | undefined): boolean {
    const { view, path, pausedAt } = this.#state;
    if (pausedAt !== undefined) return false;
    return !isOfOne({ view, path }) || device === this.#selected()?.device;
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
    const { view } = this.#state;
    const statuses = this.#statuses();
    const status = this.#selected();
    const history = status && this.#watch.history(status.device);
    const page = Math.max(1, bodyRoom(this.#options.size()).height - (view === 'raw' ? 2 : 1));
    const now = this.#source.now();
    return {
      devices: statuses.map((each) => each.device),
      cells: status?.reading?.cellVoltage.length ?? 0,
      now,
      oldest: history && history.end > history.start ? history.timeOf(history.start) : now,
      page,
      length: this.#length(status),
    };
  }

  /** Lines of everything that the view has, where it can be scrolled. */
  #length(status: BatteryStatus | undefined): number {
    const { view, path, pausedAt } = this.#state;
    if (view === 'help') return helpLines(path[0] ?? 'fleet').length;
    if (view === 'raw') return status ? rawFieldCount(status) : 0;
    if (view !== 'events') return 0;
    const device = isOfOne({ view, path }) ? status?.device : undefined;
    const events = this.#watch.events.of(device, pausedAt);
    return eventLineCount(events, device === undefined, this.#options.size().width);
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
