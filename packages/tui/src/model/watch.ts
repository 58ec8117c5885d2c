import { FRAME_LENGTH } from '@ubmsc/protocol';
import { sanitize } from '@ubmsc/base';
import type { BatteryEvent, BatterySource, BatteryStatus } from '@ubmsc/session';
import { readingChanges, stateChange, type Change } from './changes.ts';
import { EventLog, type Severity } from './event-log.ts';
import { History } from './history.ts';

/** How much is remembered. */
export interface MemoryLimits {
  /** How long readings are, in milliseconds. */
  readonly span: number;
  /** Bytes that the frames of all batteries may take together. With many batteries, not every frame is kept. */
  readonly bytes: number;
  /** Changes of one battery, such as of its state. */
  readonly changes: number;
  /** Events of all batteries. */
  readonly events: number;
}

/** What is remembered of batteries that are watched for months. */
export const whileWatching: MemoryLimits = { span: 3600_000, bytes: 24_000_000, changes: 500, events: 2000 };

/** A source that is bounded itself is remembered from its beginning to its end. */
export const everything: MemoryLimits = {
  span: Infinity,
  bytes: Infinity,
  changes: Infinity,
  events: Infinity,
};

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
  readonly events: EventLog;
  readonly #limits: MemoryLimits;
  readonly #memories = new Map<string, Memory>();
  readonly #subscription: Disposable;
  readonly #onChange: (device: string | undefined) => void;

  /** `onChange` is called whenever there may be something new to show: of a battery, or of the program. */
  constructor(
    source: BatterySource,
    onChange: (device: string | undefined) => void,
    limits: MemoryLimits = whileWatching,
  ) {
    this.source = source;
    this.#limits = limits;
    this.events = new EventLog(limits.events);
    this.#onChange = onChange;
    this.#subscription = source.observe((event) => this.#take(event));
  }

  /** What was remembered of a battery. */
  history(device: string): History | undefined {
    return this.#memories.get(device)?.history;
  }

  /**
   * Notes something that no battery has said, such as a line of the log: now, or by the source's clock and that of the
   * wall at another time.
   */
  note(severity: Severity, text: string, at = this.source.now(), time = Date.now()): void {
    this.events.add({ at, time, device: undefined, severity, text: sanitize(text) });
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
    const { state, reason, message, since, rssi, deviceInfo } = (memory && latestAt(memory.states, at)) ?? {
      state: 'waiting',
      reason: undefined,
      message: undefined,
      since: at,
      rssi: undefined,
      deviceInfo: undefined,
    };
    return {
      ...status,
      state,
      reason,
      message,
      since,
      rssi,
      deviceInfo,
      reading: sample?.reading,
      frame: sample?.frame,
      readingTime: sample?.time,
      staleAfter: sample?.staleAfter ?? status.staleAfter,
    };
  }

  #take(event: BatteryEvent): void {
    const { status } = event;
    const { device } = status;
    const at = this.source.now();
    let memory = this.#memories.get(device);
    if (!memory) {
      memory = { history: new History(this.#limits.span), states: [], latest: status };
      this.#memories.set(device, memory);
    }
    const log = (change: Change): void => this.events.add({ at, time: event.time, device, ...change });
    if (event.kind !== 'reading') {
      // Readings come often, and are kept as frames.
      memory.states.push({ at, status: { ...status, reading: undefined, frame: undefined } });
      if (memory.states.length > this.#limits.changes) memory.states.shift();
    }
    if (event.kind === 'state') log(stateChange(status));
    if (event.kind === 'reading') {
      const { reading } = event;
      const before = memory.latest.reading ?? { ...reading, alarms: [] };
      for (const change of readingChanges(before, reading)) log(change);
      this.#remember(memory.history, at, status);
    }
    memory.latest = status;
    this.#onChange(device);
  }

  #remember(history: History, at: number, { reading, frame, staleAfter }: BatteryStatus): void {
    const { span, bytes } = this.#limits;
    const spacing = Number.isFinite(bytes) ? (this.#memories.size * span * FRAME_LENGTH) / bytes : 0;
    if (!reading || !frame || at - history.timeOf(history.end - 1) < spacing) return;
    history.add(at, reading, frame, staleAfter);
  }
}

/** The latest of the records at or before a time. */
function latestAt(records: readonly StateRecord[], time: number): BatteryStatus | undefined {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.at ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return records[low - 1]?.status;
}
