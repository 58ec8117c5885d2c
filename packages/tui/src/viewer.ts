import { liveReading, type BatterySource, type BatteryStatus } from '@ubmsc/session';
import { sanitize } from '@ubmsc/base';
import { commandOf, type Command, type Mode } from './keys/bindings.ts';
import type { Input } from './keys/input-reader.ts';
import type { MouseEvent } from './keys/mouse.ts';
import {
  at,
  initialState,
  jump,
  play,
  selectedDevice,
  speedOf,
  step,
  typeFilter,
  windowOf,
  type Look,
  type Surroundings,
  type UiState,
} from './keys/state.ts';
import { historyCsv } from './model/csv.ts';
import type { LoggedEvent, Mark, Severity } from './model/event-log.ts';
import { everything, Watch, whileWatching } from './model/watch.ts';
import { Pacer } from './pacer.ts';
import type { Playback } from './playback/playback.ts';
import type { Capabilities } from './terminal/capabilities.ts';
import type { GraphStyle } from './text/graph.ts';
import { plainText, span, type Line } from './text/line.ts';
import { showName } from './text/name.ts';
import { paint, palette, type ColorDepth } from './text/palette.ts';
import { toAscii } from './text/signs.ts';
import {
  bodyRoom,
  compose,
  isOfOne,
  linesOf,
  targetAt,
  type Composition,
  type Shown,
} from './views/compose.ts';
import { stateInWords } from './model/changes.ts';
import { eventLineCount } from './views/events.ts';
import { helpLines } from './views/help.ts';
import { rawFieldCount } from './views/raw-fields.ts';
import type { Room, Scene } from './views/view.ts';

/** Shortest times between drawings, in milliseconds: after a key, and after something a battery has sent. */
const gaps = { key: 100, data: 300 } as const;

/** Ages change without anything that is sent, in milliseconds. */
const TICK = 1000;

/** A recording goes on so often while it is played, in milliseconds. */
const PLAY = 200;

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
  /** The source, when it is a recording. */
  readonly playback?: Playback | undefined;
}

/** Jumps through time to what was marked. */
const jumps: Readonly<
  Partial<Record<Command, { readonly mark: Mark; readonly by: 1 | -1; readonly none: string }>>
> = {
  nextAlarm: { mark: 'alarm', by: 1, none: 'there is no later alarm' },
  previousAlarm: { mark: 'alarm', by: -1, none: 'there is no earlier alarm' },
  nextChange: { mark: 'state', by: 1, none: 'no state changes later' },
  previousChange: { mark: 'state', by: -1, none: 'no state changes earlier' },
};

/** What is shown of a source, and how keys and mouse change it. It knows no terminal. */
export class Viewer implements Disposable {
  readonly #source: BatterySource;
  readonly #options: ViewerOptions;
  readonly #watch: Watch;
  readonly #pacer: Pacer;
  readonly #ticker: NodeJS.Timeout;
  #played = performance.now();
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
    this.#state = initialState(look, options.graphStyle ?? graphStyle, this.#mode);
    this.#pacer = new Pacer(() => this.#changed());
    const limits = options.playback ? everything : whileWatching;
    const onChange = (device: string | undefined): void => {
      if (this.#concerns(device)) this.#pacer.request(gaps.data);
    };
    this.#watch = new Watch(source, onChange, limits);
    this.#ticker = options.playback
      ? setInterval(() => this.#play(), PLAY)
      : setInterval(() => this.#pacer.request(TICK), TICK);
  }

  /** For React's `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Grows whenever there may be something new to show. */
  readonly version = (): number => this.#version;

  /** Notes a line of the log, or what else no battery has said; of a recording, it is said and stands at its start. */
  note(severity: Severity, text: string): void {
    const start = this.#options.playback?.start;
    this.#watch.note(severity, text, start, start);
    if (start !== undefined) this.#say(text, severity === 'notice' ? 'notice' : 'text');
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
      const command = commandOf(key, this.#state.view, this.#mode);
      if (command) this.#obey(command);
    }
    this.#pacer.request(gaps.key);
  }

  /**
   * Takes what the mouse did: the wheel scrolls, a press selects a battery or a cell, opens it when it is selected, or
   * goes to a moment of a recording.
   */
  point(event: MouseEvent): void {
    if (event.kind === 'wheel') return this.press(event.direction);
    const target = targetAt(this.#shown(), this.#options.size(), event.column, event.row);
    if (!target || this.#state.typing) return;
    if (target.kind === 'moment') this.#state = at(this.#state, target.time, this.#surroundings());
    else if (target.kind === 'battery') {
      if (target.device === this.#selected()?.device) return this.press('enter');
      this.#state = { ...this.#state, device: target.device };
    } else {
      if (target.cell === this.#state.cell) return this.press('enter');
      this.#state = { ...this.#state, cell: target.cell };
    }
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

  get #mode(): Mode {
    return this.#options.playback ? 'recording' : 'live';
  }

  #compose(): Composition {
    return compose(this.#shown(), this.#options.size());
  }

  #shown(): Shown {
    const notice = this.#notice && this.#notice.until > performance.now() ? this.#notice.line : undefined;
    return {
      state: this.#state,
      watch: this.#watch,
      scene: this.#scene(),
      statuses: this.#statuses(),
      notice,
      opening: this.#opening,
      recording: this.#recording(),
    };
  }

  #recording(): Shown['recording'] {
    const { playback } = this.#options;
    if (!playback) return undefined;
    const { headers, start, isComplete } = playback;
    const { pausedAt: moment, playing } = this.#state;
    const every = (flag: 'redacted' | 'anonymized'): boolean =>
      headers.length > 0 && headers.every((header) => header[flag]);
    return {
      treatment: { redacted: every('redacted'), anonymized: every('anonymized') },
      progress:
        start === undefined || moment === undefined
          ? undefined
          : {
              start,
              end: playback.now(),
              isComplete,
              isCut: playback.remarks.length > 0,
              moment,
              playing,
              speed: speedOf(this.#state),
              marks: this.#marks(),
            },
    };
  }

  /** What one can go to: in the list, of all batteries. */
  #marks(): readonly LoggedEvent[] {
    return this.#watch.events.marked(isOfOne(this.#state) ? this.#selected()?.device : undefined);
  }

  /** Goes on in a recording that is played. */
  #play(): void {
    const now = performance.now();
    const elapsed = now - this.#played;
    this.#played = now;
    const { playback } = this.#options;
    if (playback?.start === undefined) return;
    const before = this.#state;
    const begun = before.pausedAt === undefined ? { ...before, pausedAt: playback.start } : before;
    const played = play(begun, elapsed, this.#surroundings());
    const isOver = playback.isComplete && (played.pausedAt ?? 0) >= playback.now();
    this.#state = isOver ? { ...played, playing: false } : played;
    if (this.#state !== before || !playback.isComplete) this.#pacer.request(gaps.data);
    else if (this.#notice) this.#pacer.request(TICK);
  }

  #jump({ mark, by, none }: NonNullable<(typeof jumps)[Command]>): void {
    const moment = this.#scene().now;
    const marks = this.#marks().filter((event) => event.mark === mark);
    const found =
      by > 0 ? marks.find((event) => event.at > moment) : marks.findLast((event) => event.at < moment);
    if (!found) return this.#say(none, 'notice');
    this.#state = jump(this.#state, found.at, this.#surroundings());
    const { device } = found;
    this.#say(device === undefined ? found.text : `${showName(device)}: ${found.text}`);
  }

  /** Goes to the largest spread of the selected battery. */
  #widest(): void {
    const status = this.#selected();
    const history = status && this.#watch.history(status.device);
    const moment = history?.timeOfLargest('deltaCellVoltage');
    if (moment === undefined) return this.#say('there is no spread yet', 'notice');
    this.#state = jump(this.#state, moment, this.#surroundings());
    this.#say(`the largest spread of ${showName(status?.device ?? '')}`);
  }

  /** Whether what has happened to a battery, or to the program, is in sight. */
  #concerns(device: string | undefined): boolean {
    const { view, path, pausedAt } = this.#state;
    if (this.#options.playback || pausedAt !== undefined) return false;
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
      // The clock of a recording is that of the wall.
      wall: this.#options.playback ? now : Date.now() - (present - now),
      paused: pausedAt !== undefined,
      graphStyle: unicode ? graphStyle : 'ascii',
    };
  }

  #statuses(): readonly BatteryStatus[] {
    const { filter, pausedAt } = this.#state;
    const all = this.#options.playback && pausedAt === undefined ? [] : this.#watch.statuses(pausedAt);
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
    const page = Math.max(1, bodyRoom(this.#options.size(), this.#mode).height - (view === 'raw' ? 2 : 1));
    const now = this.#source.now();
    const { playback } = this.#options;
    return {
      mode: this.#mode,
      devices: statuses.map((each) => each.device),
      cells: status?.reading?.cellVoltage.length ?? 0,
      now,
      oldest:
        playback?.start ?? (history && history.end > history.start ? history.timeOf(history.start) : now),
      page,
      length: this.#length(status),
    };
  }

  /** Lines of everything that the view has, where it can be scrolled. */
  #length(status: BatteryStatus | undefined): number {
    const { view, path, pausedAt } = this.#state;
    if (view === 'help') return helpLines(path[0] ?? 'fleet', this.#mode).length;
    if (view === 'raw') return status ? rawFieldCount(status) : 0;
    if (view !== 'events') return 0;
    const device = isOfOne({ view, path }) ? status?.device : undefined;
    const events = this.#watch.events.of(device, pausedAt);
    return eventLineCount(events, device === undefined, this.#options.size().width);
  }

  #obey(command: Command): void {
    const { effects } = this.#options;
    this.#state = step(this.#state, command, this.#surroundings());
    const toMark = jumps[command];
    if (toMark) this.#jump(toMark);
    if (command === 'widestSpread') this.#widest();
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
  const written = new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `ubmsc-${name || 'battery'}-${written}.csv`;
}
