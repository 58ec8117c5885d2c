import { sanitize } from '@ubmsc/base';
import { FRAME_LENGTH, measuredBy } from '@ubmsc/protocol';
import { type BatteryEvent, type BatterySource, type BatteryStatus, sessionReasons } from '@ubmsc/session';
import { readingChanges, stateChange, type Change } from './changes.ts';
import { EventLog, type Severity } from './event-log.ts';
import { History } from './history.ts';
import { limitsOfStatus } from './settings.ts';

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

/** A status, and why the battery has no link, which later steps of its session no longer say. */
export interface WatchedStatus extends BatteryStatus {
  readonly cause?: Cause | undefined;
}

/** Why a link was lost, or could not be made, and when that was by the source's clock. */
export interface Cause {
  readonly at: number;
  readonly text: string;
  readonly sentence: string | undefined;
}

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

/** Who wants to know what has happened. */
export interface WatchListener {
  /** There may be something new to show, of a battery or of the program: a reading, or anything that is rarer. */
  readonly changed: (device: string | undefined, kind: 'reading' | 'state') => void;
  /** An alarm has begun. */
  readonly alarmed?: (device: string) => void;
}

/** What the source's batteries have said and become since the terminal UI runs. */
export class Watch implements Disposable {
  readonly source: BatterySource;
  readonly events: EventLog;
  readonly #limits: MemoryLimits;
  readonly #memories = new Map<string, Memory>();
  readonly #subscription: Disposable;
  readonly #listener: WatchListener;

  constructor(source: BatterySource, listener: WatchListener, limits: MemoryLimits = whileWatching) {
    this.source = source;
    this.#limits = limits;
    this.events = new EventLog(limits.events);
    this.#listener = listener;
    this.#subscription = source.observe((event) => this.#take(event));
  }

  /** What was remembered of a battery. */
  history(device: string): History | undefined {
    return this.#memories.get(device)?.history;
  }

  /** Notes something that no battery has said, such as a line of the log: now, or at another time of the source's clock. */
  note(severity: Severity, text: string, at = this.source.now()): void {
    this.events.add({ at, device: undefined, severity, text: sanitize(text) });
    this.#listener.changed(undefined, 'state');
  }

  /** The batteries as they were at a time; as they are when it is undefined. */
  statuses(at?: number): readonly WatchedStatus[] {
    return this.source.statuses.map((latest) => {
      const status = at === undefined ? latest : this.#earlier(latest, at);
      const cause = status.reason === undefined ? this.#cause(status.device, at) : undefined;
      return cause ? { ...status, cause } : status;
    });
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  /** Why a battery that is on its way to be live again is not. */
  #cause(device: string, until = Infinity): Cause | undefined {
    const states = this.#memories.get(device)?.states ?? [];
    for (let index = countUntil(states, until) - 1; index >= 0; index--) {
      const record = states[index];
      if (!record || record.status.state === 'streaming') return undefined;
      const { reason, message } = record.status;
      if (reason === undefined || reason === 'closedByUser') continue;
      return { at: record.at, text: sessionReasons[reason].title, sentence: message };
    }
    return undefined;
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
      reading: sample && measuredBy(deviceInfo?.deviceModel, sample.reading),
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
      memory = {
        history: new History(this.#limits.span),
        states: [],
        latest: { ...status, reading: undefined },
      };
      this.#memories.set(device, memory);
    }
    const log = (change: Change): void => {
      this.events.add({ at, device, ...change });
      if (change.mark === 'alarm' && change.severity === 'alarm') this.#listener.alarmed?.(device);
    };
    if (event.kind !== 'reading') {
      // Readings come often, and are kept as frames.
      memory.states.push({ at, status: { ...status, reading: undefined, frame: undefined } });
      if (memory.states.length > this.#limits.changes) memory.states.shift();
    }
    if (event.kind === 'state') log(stateChange(status));
    if (event.kind === 'reading') {
      const { reading } = event;
      const before = memory.latest.reading ?? { ...reading, alarms: [] };
      for (const change of readingChanges(before, reading, limitsOfStatus(status))) log(change);
      this.#remember(memory.history, at, status);
    }
    memory.latest = status;
    this.#listener.changed(device, event.kind === 'reading' ? 'reading' : 'state');
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
  return records[countUntil(records, time) - 1]?.status;
}

/** How many of the records are not later than a time. */
function countUntil(records: readonly StateRecord[], time: number): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.at ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
