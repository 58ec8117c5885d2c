import type { BatterySource, BatteryStatus, LogEntry } from '@ubmsc/session';
import { sanitize } from '@ubmsc/base';
import { commandOf } from '../keys/bindings.ts';
import type { Mode } from '../keys/view-name.ts';
import type { Input } from '../keys/input-reader.ts';
import { addToFilter, initialState, typeFilter, type Look, type UiState } from '../keys/state.ts';
import { point } from '../keys/point.ts';
import { jump } from '../keys/time.ts';
import { nextMark, type LoggedEvent, type Mark, type Severity } from '../model/event-log.ts';
import { Logbooks } from '../model/logbooks.ts';
import { Past, type ReadPast } from '../model/past.ts';
import { everything, Watch, whileWatching, type WatchedStatus } from '../model/watch.ts';
import type { Playback } from '../playback/playback.ts';
import type { Capabilities } from '../terminal/capabilities.ts';
import type { ScreenLook } from '../terminal/screen.ts';
import type { GraphStyle } from '../text/graph.ts';
import { plainText, span, type Line } from '../text/line.ts';
import { showName } from '../text/name.ts';
import { paint, palette, type ColorDepth } from '../text/palette.ts';
import { inCharacters } from '../text/signs.ts';
import { compose, isOfOne } from '../views/compose.ts';
import { linesOf, targetAt, type Composition } from '../views/composition.ts';
import type { Shown } from '../views/shown.ts';
import type { Room } from '../views/view.ts';
import { commandRow, type Command, type CommandEffects } from './commands.ts';
import { Clock } from './clock.ts';
import { copyJson, exportCsv, type Outlets } from './outlets.ts';
import { Pacer } from './pacer.ts';
import { recordingOf } from './recording.ts';
import {
  alarmsOf,
  logbookOf,
  modeOf,
  sceneOf,
  selectedOf,
  statusesOf,
  surroundingsOf,
  type Watched,
} from './scene.ts';
import type { SettingsFile } from '../views/settings.ts';
import { limitsOfStatus, settingsOf } from '../model/settings.ts';

/**
 * Shortest times between drawings, in milliseconds: after a key, after a change of a state, and after readings, of one
 * battery and of a list of them. Readings come twice a second.
 */
const gaps = { key: 100, state: 150, reading: 500, readings: 1000 } as const;

/** How long a notice stands in the place of the keys, in milliseconds. */
const NOTICE = 4000;

/** What the viewer cannot do itself. */
export interface Effects extends Outlets {
  quit(): void;
  suspend(): void;
  setMouse(on: boolean): void;
  /** Draws everything again, whatever stands on the terminal. */
  redraw(): void;
  /** Sounds the bell of the terminal. */
  ring(): void;
}

export interface ViewerOptions {
  readonly effects: Effects;
  readonly capabilities: Capabilities;
  readonly colorDepth: ColorDepth;
  /** What is shown at first instead of what the terminal tells. */
  readonly look?: Look | undefined;
  readonly graphStyle?: GraphStyle | undefined;
  readonly size: () => Room;
  /** Asks a device for what it has written down, oldest first. */
  readonly logbook?: ((device: string) => Promise<readonly LogEntry[]>) | undefined;
  /** Reads the history, when there is one. */
  readonly past?: ReadPast | undefined;
  /** Settings in a file, which those of batteries are compared with. */
  readonly settingsFile?: SettingsFile | undefined;
  /** Text shown when there are no batteries. */
  readonly opening: string;
  /** The source, when it is a recording. */
  readonly playback?: Playback | undefined;
}

/** What is shown of a source, and how keys and mouse change it. It knows no terminal. */
export class Viewer implements Disposable {
  readonly #options: ViewerOptions;
  readonly #watched: Watched;
  readonly #pacer: Pacer;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  readonly #effects: CommandEffects;
  #state: UiState;
  #version = 0;
  #notice: { readonly line: Line; readonly until: number } | undefined;
  #opening: string;
  #look: ScreenLook | undefined;
  #lookOf: Look | undefined;

  constructor(source: BatterySource, options: ViewerOptions) {
    const { playback, capabilities, colorDepth } = options;
    const { theme, graphStyle, characters } = capabilities;
    this.#options = options;
    this.#opening = options.opening;
    const mode = playback ? 'recording' : 'live';
    const look = options.look ?? (colorDepth === 1 ? 'none' : theme);
    this.#state = initialState(look, options.graphStyle ?? graphStyle, mode);
    this.#pacer = new Pacer(() => this.changed());
    const watch = new Watch(
      source,
      {
        changed: (device, kind) => this.#onChange(device, kind),
        alarmed: () => {
          if (this.#state.bell && this.#state.pausedAt === undefined) options.effects.ring();
        },
      },
      playback ? everything : whileWatching,
    );
    const logbooks = new Logbooks(options.logbook, () => this.#pacer.request(gaps.state));
    const past = options.past && new Past(options.past, () => this.#pacer.request(gaps.state));
    this.#watched = { source, watch, playback, characters, logbooks, past };
    this.#effects = this.#commandEffects();
    this.#clock = new Clock(playback, {
      tick: (gap) => this.#pacer.request(gap),
      play: (change) => this.#play(change),
    });
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
    this.#watched.watch.note(severity, text, start);
    if (start !== undefined) this.#say(text, severity === 'notice' ? 'notice' : 'text');
  }

  /** Says what is waited for while there are no batteries. */
  waitFor(text: string): void {
    this.#opening = text;
    this.#pacer.request(gaps.state);
  }

  /** Takes a key, pasted text, or what the mouse did. */
  take(input: Input): void {
    switch (input.kind) {
      case 'key':
        return this.press(input.name);
      case 'paste':
        return this.#paste(input.text);
      case 'wheel':
        return this.press(input.direction);
      case 'press':
        return this.#point(input.column, input.row);
    }
  }

  /** Takes a key press by its name. */
  press(key: string): void {
    const { typing, view } = this.#state;
    const command = commandOf(key, view, this.#mode);
    const isControl = key.startsWith('ctrl-');
    if (typing && !isControl) this.#state = typeFilter(this.#state, key);
    else if (command) this.#obey(command);
    this.#pacer.request(gaps.key);
  }

  /** Draws soon, as when the size has changed. */
  redraw(): void {
    this.#pacer.request(gaps.key);
  }

  /** What stands on the terminal now. */
  composition(): Composition {
    return compose(this.#shown(), this.#options.size());
  }

  /** How it looks there. */
  get look(): ScreenLook {
    const { look } = this.#state;
    const { capabilities, colorDepth } = this.#options;
    if (!this.#look || this.#lookOf !== look) {
      const own = look === 'none' ? palette('dark', 1) : palette(look, colorDepth);
      this.#look = { palette: own, characters: capabilities.characters };
      this.#lookOf = look;
    }
    return this.#look;
  }

  /** The lines of the screen without colours. */
  lines(): string[] {
    return linesOf(this.composition()).map(plainText);
  }

  /** The lines of the screen as they stand on the terminal. */
  painted(): string[] {
    const { palette: own, characters } = this.look;
    return linesOf(this.composition()).map((line) =>
      paint(
        line.map(({ text, role }) => ({ text: inCharacters(text, characters), role })),
        own,
      ),
    );
  }

  [Symbol.dispose](): void {
    this.#clock[Symbol.dispose]();
    this.#pacer[Symbol.dispose]();
    this.#watched.watch[Symbol.dispose]();
  }

  get #mode(): Mode {
    return modeOf(this.#watched);
  }

  #shown(): Shown {
    const state = this.#state;
    const scene = sceneOf(this.#watched, state);
    const statuses = statusesOf(this.#watched, state);
    const byDevice = new Map(statuses.map((status) => [status.device, status]));
    return {
      state,
      watch: this.#watched.watch,
      past: this.#watched.past,
      scene,
      statuses,
      alarms:
        state.view === 'alarms' ? alarmsOf(this.#watched, state, selectedOf(statuses, state), scene.now) : [],
      logbook: logbookOf(this.#watched, state, selectedOf(statuses, state)),
      settings: (device) => settingsOf(byDevice.get(device)),
      settingsFile: this.#options.settingsFile,
      limits: (device) => limitsOfStatus(byDevice.get(device)),
      notice: this.#notice && this.#notice.until > performance.now() ? this.#notice.line : undefined,
      opening: this.#opening,
      recording: recordingOf(this.#watched, state, () => this.#marks()),
    };
  }

  #selected(): WatchedStatus | undefined {
    return selectedOf(statusesOf(this.#watched, this.#state), this.#state);
  }

  /** What one can go to: in the list, of all batteries. */
  #marks(): readonly LoggedEvent[] {
    return this.#watched.watch.events.marked(isOfOne(this.#state) ? this.#selected()?.device : undefined);
  }

  #onChange(device: string | undefined, kind: 'reading' | 'state'): void {
    const { pausedAt } = this.#state;
    if (this.#options.playback || pausedAt !== undefined) return;
    const ofOne = isOfOne(this.#state);
    if (ofOne && device !== this.#selected()?.device) return;
    this.#pacer.request(kind === 'state' ? gaps.state : ofOne ? gaps.reading : gaps.readings);
  }

  #play(change: (state: UiState, around: ReturnType<typeof surroundingsOf>) => UiState): void {
    const before = this.#state;
    this.#state = change(before, surroundingsOf(this.#watched, before, this.#options.size()));
    if (this.#state !== before || this.#options.playback?.isComplete !== true)
      this.#pacer.request(gaps.reading / 2);
    else if (this.#notice) this.#pacer.request(gaps.readings);
  }

  /** Draws now. */
  changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }

  #obey(command: Command): void {
    const { reduce, effect } = commandRow(command);
    if (reduce)
      this.#state = reduce(this.#state, surroundingsOf(this.#watched, this.#state, this.#options.size()));
    effect?.(this.#effects, this.#state);
  }

  #commandEffects(): CommandEffects {
    const { effects } = this.#options;
    return {
      quit: () => effects.quit(),
      suspend: () => effects.suspend(),
      redraw: () => effects.redraw(),
      setMouse: (on) => effects.setMouse(on),
      say: (text) => this.#say(text),
      jump: (mark, by, none) => this.#jump(mark, by, none),
      jumpToWidestSpread: () => this.#jumpToWidestSpread(),
      copy: () => void this.#copy(),
      exportCsv: () => void this.#export(),
    };
  }

  /** Pasted text goes into a filter that is typed; elsewhere it would be commands that nobody has meant. */
  #paste(text: string): void {
    if (this.#state.typing) this.#state = addToFilter(this.#state, sanitize(text.replace(/\s+/g, ' ')));
    else this.#say('pasted text is ignored', 'notice');
    this.#pacer.request(gaps.key);
  }

  /** Selects what was pointed at, opens it when it is selected, or goes to a moment of a recording. */
  #point(column: number, row: number): void {
    if (this.#state.typing) return;
    const target = targetAt(this.composition(), column, row);
    if (!target) return;
    const around = surroundingsOf(this.#watched, this.#state, this.#options.size());
    const pointed = point(this.#state, target, around);
    if (pointed === undefined) return this.press('enter');
    this.#state = pointed;
    this.#pacer.request(gaps.key);
  }

  #jump(mark: Mark, by: 1 | -1, none: string): void {
    const { now: moment } = sceneOf(this.#watched, this.#state);
    const found = nextMark(this.#marks(), mark, moment, by);
    if (!found) return this.#say(none, 'notice');
    this.#goTo(found.at);
    const { device } = found;
    this.#say(device === undefined ? found.text : `${showName(device)}: ${found.text}`);
  }

  /** Goes to the largest spread of the selected battery. */
  #jumpToWidestSpread(): void {
    const status = this.#selected();
    const history = status && this.#watched.watch.history(status.device);
    const moment = history?.timeOfLargest('deltaCellVoltage');
    if (moment === undefined) return this.#say('there is no spread yet', 'notice');
    this.#goTo(moment);
    this.#say(`the largest spread of ${showName(status?.device ?? '')}`);
  }

  #goTo(moment: number): void {
    const around = surroundingsOf(this.#watched, this.#state, this.#options.size());
    this.#state = jump(this.#state, moment, around);
  }

  async #copy(): Promise<void> {
    const selected = this.#selected();
    const all: readonly BatteryStatus[] = isOfOne(this.#state)
      ? selected
        ? [selected]
        : []
      : statusesOf(this.#watched, this.#state);
    const { text, role } = await copyJson(
      all,
      sceneOf(this.#watched, this.#state).now,
      this.#options.effects,
    );
    this.#say(text, role);
  }

  async #export(): Promise<void> {
    const status = this.#selected();
    const history = status && this.#watched.watch.history(status.device);
    const scene = sceneOf(this.#watched, this.#state);
    const { text, role } = await exportCsv(status, history, scene, this.#state, this.#options.effects);
    this.#say(text, role);
  }

  #say(text: string, role: Line[number]['role'] = 'text'): void {
    this.#notice = { line: [span(` ${sanitize(text)}`, role)], until: performance.now() + NOTICE };
    this.#pacer.request(gaps.key);
  }
}
