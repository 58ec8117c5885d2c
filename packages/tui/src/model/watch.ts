import {
  FRAME_LENGTH,
  sanitize,
  type BatteryEvent,
  type BatterySource,
  type BatteryStatus,
} from '@ubmsc/protocol';
import { readingChanges, stateChange, type Change } from './changes.ts';
import { EventLog, type Severity } from './event-log.ts';
import { History, HISTORY } from './history.ts';

/** Bytes that the frames of all batteries may take together. With many batteries, not every frame is kept. */
const HISTORY_BYTES = 24_000_000;

/** Changes of state that are remembered of one battery. */
const MOST_STATES = 500;

/** A status from the time `at` on, by the source's clock. */
interface StateRecord {
  readonly at: number;
  readonly status: BatteryStatus;
}

interface Memory {
  readonly history: History;
  readonly states: StateRecord[];
  latest: BatteryStatus;
}

/** What the source's batteries have said and become since the terminal UI runs. */
export class Watch implements Disposable {
  readonly source: BatterySource;
  readonly events = new EventLog();
  readonly #memories = new Map<string, Memory>();
  readonly #subscription: Disposable;
  readonly #onChange: (device: string | undefined) => void;

  /** `onChange` is called whenever there may be something new to show: of a battery, or of the program. */
  constructor(source: BatterySource, onChange: (device: string | undefined) => void) {
    this.source = source;
    this.#onChange = onChange;
    this.#subscription = source.observe((event) => this.#take(event));
  }

  /** What was remembered of a battery. */
  history(device: string): History | undefined {
    return this.#memories.get(device)?.history;
  }

  /** Notes something that no battery has said, such as a line of the log. */
  note(severity: Severity, text: string): void {
    this.events.add({
      at: this.source.now(),
      time: Date.now(),
      device: undefined,
      severity,
      text: sanitize(text),
    });
    this.#onChange(undefined);
  }

  /** The batteries as they were at a time; as they are when it is undefined. */
  statuses(at?: number): readonly BatteryStatus[] {
    const { statuses } = this.source;
    return at === undefined ? statuses : statuses.map((status) => this.#earlier(status, at));
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  #earlier(status: BatteryStatus, at: number): BatteryStatus {
    const memory = this.#memories.get(status.device);
    const sample = memory?.history.at(at);
    const then = memory?.states.findLast((record) => record.at <= at)?.status;
    const { state, reason, message, since } = then ?? {
      state: 'waiting',
      reason: undefined,
      message: undefined,
      since: at,
    };
    return {
      ...status,
      state,
      reason,
      message,
      since,
      reading: sample?.reading,
      frame: sample?.frame,
      readingTime: sample?.time,
    };
  }

  #take(event: BatteryEvent): void {
    const { status } = event;
    const { device } = status;
    const at = this.source.now();
    let memory = this.#memories.get(device);
    if (!memory) {
      memory = { history: new History(), states: [], latest: status };
      this.#memories.set(device, memory);
    }
    const log = (change: Change): void => this.events.add({ at, time: event.time, device, ...change });
    if (event.kind === 'state') {
      memory.states.push({ at, status });
      if (memory.states.length > MOST_STATES) memory.states.shift();
      log(stateChange(status));
    }
    if (event.kind === 'reading') {
      const { reading } = event;
      const before = memory.latest.reading ?? { ...reading, alarms: [] };
      for (const change of readingChanges(before, reading)) log(change);
      this.#remember(memory.history, at, status);
    }
    memory.latest = status;
    this.#onChange(device);
  }

  #remember(history: History, at: number, { reading, frame }: BatteryStatus): void {
    const spacing = (this.#memories.size * HISTORY * FRAME_LENGTH) / HISTORY_BYTES;
    if (!reading || !frame || at - history.timeOf(history.end - 1) < spacing) return;
    history.add(at, reading, frame);
  }
}
