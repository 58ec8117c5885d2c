import { join } from 'node:path';
import { fileReason, lockFolder, log } from '@ubmsc/base';
import { batteryKey, isClockSet } from '@ubmsc/energy';
import { snakeCase, type AlarmName } from '@ubmsc/protocol';
import type { BatteryEvent, SessionState } from '@ubmsc/session';
import { encodeBlock } from './block.ts';
import { visitValues, columnInfo } from './columns.ts';
import type { HistoryEvent } from './events.ts';
import { batteryFolders, makeFolder, utcDay } from './folder.ts';
import { HistoryError, onDisk } from './history-error.ts';
import { Journal, journals } from './journal.ts';
import { lastGeneration } from './last-generation.ts';
import { freeSpace, prune, type Limits } from './prune.ts';
import { RowBuffer } from './row-buffer.ts';
import { compactDays, sealJournal } from './seal.ts';
import { HOUR } from './steps.ts';
import { DOUBT } from './table.ts';

export interface HistoryWriterOptions extends Limits {
  /** The folder of the history; it is made when it does not exist. */
  readonly folder: string;
  /** The wall clock; `Date.now` when left out. */
  readonly wallClock?: (() => number) | undefined;
  /** Readings are from the past: their times are right, however early they are. */
  readonly isImport?: boolean | undefined;
}

/** Most rows that wait to be written while the disk is full. */
const MOST_ROWS = 10_000;

/** A journal is sealed when it has this many rows, or an hour is over. */
const JOURNAL_ROWS = 50_000;

/** Most readings that are kept from before the wall clock was set. */
const MOST_UNDATED = 2000;

/** Counts of readings since the start. */
export interface HistoryCounters {
  /** Readings in the journal. */
  readonly written: number;
  /** Readings that could not be written for too long. */
  readonly lost: number;
}

/** States on the way to a battery that is live: only where the way ends is an event. */
const passing: ReadonlySet<SessionState> = new Set([
  'waiting',
  'heard',
  'connecting',
  'discovering',
  'subscribing',
  'identifying',
]);

interface Pending {
  readonly rows: RowBuffer;
  readonly events: HistoryEvent[];
}

/**
 * Writes the history. Readings gather for a minute and are then written in one piece, so that a crash or a loss of power loses no more.
 * What cannot be written is kept for some minutes and tried again; no error in here ends the program.
 */
export class HistoryWriter implements AsyncDisposable {
  readonly #options: HistoryWriterOptions;
  readonly #lock: AsyncDisposable | undefined;
  readonly #journal: Journal;
  readonly #pending = new Map<string, Pending>();
  /** Readings that came before the wall clock was set. */
  #undated: Extract<BatteryEvent, { kind: 'reading' }>[] = [];
  /** Alarms that are active, by battery. */
  readonly #alarms = new Map<string, ReadonlySet<AlarmName>>();
  /** What could not be written yet. */
  #unwritten: { readonly bytes: Buffer; readonly rows: number }[] = [];
  #busy: Promise<void> = Promise.resolve();
  #problem: string | undefined;
  #written = 0;
  #lost = 0;
  /** Rows in the journal, and the hour in which it began. */
  #rows = 0;
  #hour: number;
  #day = '';

  private constructor(options: HistoryWriterOptions, lock: AsyncDisposable | undefined, journal: Journal) {
    this.#options = options;
    this.#lock = lock;
    this.#journal = journal;
    this.#hour = Math.floor(this.#now() / HOUR);
  }

  /**
   * @throws {UsageError} another process writes there.
   * @throws {HistoryError} the folder cannot be read or written.
   */
  static async open(options: HistoryWriterOptions): Promise<HistoryWriter> {
    const { folder } = options;
    await onDisk(folder, 'written', async () => await makeFolder(folder));
    const lock = await lockFolder(folder, 'the history');
    try {
      const latest = (await journals(folder)).at(-1)?.generation ?? (await lastGeneration(folder));
      const journal = await onDisk(folder, 'written', async () => await Journal.begin(folder, latest + 1));
      const writer = new HistoryWriter(options, lock, journal);
      await writer.#alone(async () => await writer.#seal());
      return writer;
    } catch (error) {
      await lock?.[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What is wrong, for people; undefined while all is well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  get counters(): HistoryCounters {
    return { written: this.#written, lost: this.#lost };
  }

  /** Takes an event of a battery. */
  add(event: BatteryEvent, now: number): void {
    const key = batteryKey(event.status);
    if (key === undefined) return;
    if (event.kind === 'state') {
      const { state, reason } = event.status;
      if (event.from === state || passing.has(state) || !this.#isDated(event.time)) return;
      this.#note(key, {
        time: event.time,
        kind: 'state',
        name: snakeCase(state),
        ...(reason && { reason: snakeCase(reason) }),
      });
    }
    if (event.kind !== 'reading') return;
    if (this.#isDated(event.time)) {
      this.#date(event.time, now);
      this.#addReading(key, event, event.time);
    } else {
      this.#undated.push(event);
      if (this.#undated.length > MOST_UNDATED) this.#undated.shift();
    }
  }

  /** Writes what has gathered. Never rejects. */
  async flush(): Promise<void> {
    await this.#alone(async () => {
      await this.#write();
      await this.#rotate(false);
    });
  }

  /** Writes what has gathered, seals the journal, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#alone(async () => {
      await this.#write();
      await this.#rotate(true);
    });
    await this.#lock?.[Symbol.asyncDispose]();
  }

  #isDated(time: number): boolean {
    return this.#options.isImport === true || isClockSet(time);
  }

  /** Gives readings that came before the clock was set the time that they had: the monotonic clock knows it. */
  #date(time: number, now: number): void {
    const undated = this.#undated;
    this.#undated = [];
    for (const event of undated) {
      const key = batteryKey(event.status);
      const { readingTime = now } = event.status;
      if (key !== undefined) this.#addReading(key, event, time - (now - readingTime));
    }
  }

  #addReading(
    key: string,
    { status, reading }: Extract<BatteryEvent, { kind: 'reading' }>,
    time: number,
  ): void {
    const { rows } = this.#of(key);
    rows.begin(time);
    visitValues(status, reading, (name, info, value) => rows.set(name, info, value));
    const { doubt } = reading;
    const info = columnInfo(DOUBT);
    if (doubt !== undefined) {
      if (info) rows.set(DOUBT, info, snakeCase(doubt));
      return;
    }
    const { alarms } = reading;
    if (alarms) this.#noteAlarms(key, new Set(alarms), time);
  }

  #noteAlarms(key: string, active: ReadonlySet<AlarmName>, time: number): void {
    const before = this.#alarms.get(key) ?? new Set();
    this.#alarms.set(key, active);
    for (const name of active)
      if (!before.has(name)) this.#note(key, { time, kind: 'alarm', name: snakeCase(name) });
    for (const name of before)
      if (!active.has(name)) this.#note(key, { time, kind: 'alarmEnded', name: snakeCase(name) });
  }

  #note(key: string, event: HistoryEvent): void {
    const { events } = this.#of(key);
    if (events.length < MOST_ROWS) events.push(event);
  }

  #of(key: string): Pending {
    let pending = this.#pending.get(key);
    if (!pending) {
      pending = { rows: new RowBuffer(), events: [] };
      this.#pending.set(key, pending);
    }
    return pending;
  }

  /** Appends to the journal. */
  async #write(): Promise<void> {
    const generation = this.#journal.generation;
    for (const [battery, { rows, events }] of this.#pending) {
      const bytes = encodeBlock(rows.table(), { battery, generations: [generation, generation], events });
      this.#unwritten.push({ bytes, rows: rows.rows });
    }
    this.#pending.clear();
    if (this.#unwritten.length === 0) return;
    try {
      await this.#journal.append(Buffer.concat(this.#unwritten.map(({ bytes }) => bytes)));
      const rows = this.#unwritten.reduce((sum, each) => sum + each.rows, 0);
      this.#rows += rows;
      this.#written += rows;
      this.#unwritten = [];
      if (this.#problem !== undefined) log('info', 'history', () => 'the history is written again');
      this.#problem = undefined;
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** The disk is full, or cannot be written: the oldest readings make room. */
  async #fail(problem: unknown): Promise<void> {
    const isNamed = problem instanceof HistoryError;
    const message = isNamed ? problem.message : `the history cannot be written: ${fileReason(problem)}`;
    if (this.#problem === undefined) log('error', 'history', () => message);
    this.#problem = message;
    if (isFull(problem)) {
      const removed = await freeSpace(this.#options.folder, this.#now()).catch(() => undefined);
      if (removed !== undefined) log('warn', 'history', () => `${removed} was removed: the disk is full`);
    }
    let rows = this.#unwritten.reduce((sum, each) => sum + each.rows, 0);
    while (rows > MOST_ROWS && this.#unwritten.length > 1) {
      const dropped = this.#unwritten.shift()?.rows ?? 0;
      rows -= dropped;
      this.#lost += dropped;
    }
  }

  /** Seals the journal at the end of an hour, and at the end of the run. */
  async #rotate(isEnd: boolean): Promise<void> {
    const hour = Math.floor(this.#now() / HOUR);
    if (!isEnd && hour === this.#hour && this.#rows < JOURNAL_ROWS) return;
    this.#hour = hour;
    this.#rows = 0;
    try {
      await this.#journal.next();
    } catch (error) {
      await this.#fail(error);
      return;
    }
    await this.#seal();
  }

  async #seal(): Promise<void> {
    const { folder } = this.#options;
    try {
      for (const journal of await journals(folder))
        if (journal.generation < this.#journal.generation) await sealJournal(folder, journal);
      const day = utcDay(this.#now());
      if (day === this.#day) return;
      for (const battery of await batteryFolders(folder))
        await compactDays(join(folder, battery), this.#now());
      await prune(folder, this.#options, this.#now());
      this.#day = day;
    } catch (error) {
      await this.#fail(error);
    }
  }

  #now(): number {
    return (this.#options.wallClock ?? Date.now)();
  }

  /** One thing after the other. */
  async #alone(work: () => Promise<void>): Promise<void> {
    const before = this.#busy;
    let end = (): void => {};
    this.#busy = new Promise((resolve) => (end = resolve));
    await before;
    try {
      await work();
    } finally {
      end();
    }
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
