import { EventEmitter, once } from 'node:events';
import {
  ACKNOWLEDGE,
  cellFields,
  commands,
  decode,
  encodeRequest,
  layouts,
  NotificationParser,
  toDeviceInfo,
  decodeReading,
  measuredBy,
  type DeviceInfo,
  type Reading,
  type RecordName,
  type TimedItem,
  type Values,
  type Variant,
} from '@ubmsc/protocol';
import {
  LinkError,
  SessionJudge,
  logEntries,
  RunClock,
  type Link,
  type ReceivedFrame,
  type LogEntry,
} from '@ubmsc/session';
import { log, eventWithin, unlessAborted, withinTime } from '@ubmsc/base';
import { LateError, recordTitles, SessionTally, type LinkStatistics } from './session-tally.ts';

/** The settings of a battery: the fields of its 0x01 record, which depend on its variant. */
export type Settings = Values<(typeof layouts)[Variant]['settings']>;

/** How a battery is read. */
export interface BatteryOptions {
  /** How long to wait for the answer to one request, in milliseconds; 5 s when left out. */
  readonly requestTimeout?: number | undefined;
  /** How the battery lays out its records; told from them when left out. Records that another layout fits are refused. */
  readonly variant?: Variant | undefined;
  /** Called once when the session was closed or its link was lost. */
  readonly onClose?: (() => void) | undefined;
}

/**
 * Rest between subscription and first request, in milliseconds: firmware misses a request that comes at once (section
 * 3.4). One that sends anything before is awake already.
 */
const SETTLE = 300;

/** The event that something came that a JK battery sends. */
const AWAKE = 'awake';

/** The first request of a connection can be lost (section 1.4), so it is sent this often before giving up. */
const ATTEMPTS = 3;

/** How long the stream of cell data may take to begin after it was asked for, in milliseconds (section 3.4). */
const STREAM_START = 3000;

/** How often it is asked for before giving up. */
const STREAM_ATTEMPTS = 4;

/** So much cell data waits to be fetched at most: a record that had to wait comes together with the one that confirms it. */
const MOST_UNREAD = 4;

/** A reading that nobody fetched is handed out until it is this old, in milliseconds: about four periods. */
const FRESH = 2000;

/** Cell data that came. */
export interface CellDataArrival {
  /** When, by the monotonic clock in milliseconds. */
  readonly time: number;
  /** Why it was not accepted, or waits for the next one; undefined when it was accepted. */
  readonly delayed: string | undefined;
}

type FrameItem = Extract<TimedItem, { kind: 'frame' }>;

/**
 * A session with one battery: asks for records, hands them out as values, and closes the link when it is disposed
 * of. Writes nothing but the requests for device info, for settings, which starts the stream of readings, and for
 * the logbook.
 *
 * Every method rejects with a LinkError when the link is lost or an answer is late, with an UnknownDeviceError when
 * what answers is not a JK battery that can be understood, with a StaleDataError when what it sends does not move, or with
 * the reason of the caller's signal.
 */
export class Battery implements AsyncDisposable {
  readonly #link: Link;
  readonly #requestTimeout: number;
  readonly #onClose: (() => void) | undefined;
  readonly #parser = new NotificationParser();
  /** Emits each frame under the name of its record, AWAKE for whatever is understood, and `error` when the link is gone. */
  readonly #records = new EventEmitter();
  readonly #judge: SessionJudge;
  /** The variant that was given, and whether it was said that it does not fit. */
  readonly #variant: Variant | undefined;
  #saidMisfit = false;
  #settled: Promise<void> | undefined;
  #deviceInfo: DeviceInfo | undefined;
  #settings: ReceivedFrame | undefined;
  #streaming: Promise<void> | undefined;
  /** The latest cell data that nobody fetched yet, oldest first. */
  #unread: ReceivedFrame[] = [];
  #gone: Error | undefined;
  #latestCellData: CellDataArrival | undefined;
  readonly #runClock = new RunClock();
  readonly #tally = new SessionTally();

  constructor(link: Link, options: BatteryOptions = {}) {
    this.#link = link;
    this.#requestTimeout = options.requestTimeout ?? 5000;
    this.#onClose = options.onClose;
    this.#variant = options.variant;
    this.#judge = new SessionJudge(options.variant);
    this.#records.on('error', () => {}); // an emitter without a listener throws its errors
    this.#records.setMaxListeners(0);
    link.listen({
      data: (bytes) => this.#parser.push(bytes, performance.now()).forEach((item) => this.#take(item)),
      lost: (reason) => this.#end(reason),
    });
  }

  get address(): string {
    return this.#link.address;
  }

  get name(): string | undefined {
    return this.#link.name;
  }

  /** ATT_MTU of the link, where it is known. */
  get mtu(): number | undefined {
    return this.#link.mtu;
  }

  get statistics(): LinkStatistics {
    return this.#tally.statistics;
  }

  /** The latest record of the settings that came, asked for or not. */
  get latestSettings(): ReceivedFrame | undefined {
    return this.#settings;
  }

  /** What the battery reports about itself; asked for once in a session. */
  async deviceInfo(signal?: AbortSignal): Promise<DeviceInfo> {
    return this.#deviceInfo ?? (await this.#requestDeviceInfo(signal));
  }

  /** The settings as they are now. */
  async settings(signal?: AbortSignal): Promise<Settings> {
    const { frame, variant } = await this.settingsFrame(signal);
    return decode(layouts[variant].settings, frame);
  }

  /** The record of the settings as they are now, for those who take it apart by its layout. */
  async settingsFrame(signal?: AbortSignal): Promise<ReceivedFrame> {
    await this.deviceInfo(signal); // must come first on firmware 15 and later (section 3.4)
    return await this.#request(commands.readSettings, 'settings', signal);
  }

  /**
   * What the device has written down, oldest first: the latest 50 events at most. Read again, it has the same events
   * at the same times, and what was added. Rejects with a LinkError when there is no logbook.
   */
  async logbook(signal?: AbortSignal): Promise<LogEntry[]> {
    await this.deviceInfo(signal);
    // Where its layout is not known, the command might be a register.
    if (!this.#judge.verdict.candidates.some((variant) => 'logbook' in layouts[variant]))
      throw this.#unknownLogbook();
    const { frame, time } = await this.#request(commands.readLogbook, 'logbook', signal);
    return logEntries(frame, await this.#runStart(signal), time);
  }

  /** The latest reading that was not fetched yet, or else the next one. */
  async read(signal?: AbortSignal): Promise<Reading> {
    await this.#ensureStream(signal);
    for (;;) {
      const [unread] = this.#unread.splice(0).slice(-1);
      if (unread && Date.now() - unread.time < FRESH) {
        const { frame, variant, time, doubt } = unread;
        return measuredBy(this.#deviceInfo?.deviceModel, decodeReading(frame, variant, time, doubt));
      }
      await this.#next('cellData', this.#requestTimeout, signal);
    }
  }

  /**
   * Readings as they come, about two a second, until the loop is left or the signal aborts. A consumer that is
   * slower than the battery gets the latest; older ones are dropped.
   */
  async *readings(signal?: AbortSignal): AsyncGenerator<Reading, void, undefined> {
    for (;;) yield await this.read(signal);
  }

  /** Starts the stream of cell data, where it does not run yet. */
  async start(signal?: AbortSignal): Promise<void> {
    await this.deviceInfo(signal);
    await this.#ensureStream(signal);
  }

  /** The latest cell data that came, accepted or not. */
  get latestCellData(): CellDataArrival | undefined {
    return this.#latestCellData;
  }

  /**
   * The next cell data that is accepted, or undefined when none came within this time, in milliseconds. Writes
   * nothing: {@link start} the stream first.
   */
  async nextCellData(timeout: number, signal?: AbortSignal): Promise<ReceivedFrame | undefined> {
    const unread = this.#unread.shift();
    if (unread) return unread;
    try {
      await this.#next('cellData', Math.max(timeout, 1), signal);
      return this.#unread.shift();
    } catch (error) {
      if (this.#gone || signal?.aborted) throw error;
      return undefined;
    }
  }

  /** Asks for the stream again, when it has fallen silent. Nothing else is written while a battery streams. */
  async nudge(): Promise<void> {
    await this.#link.write(encodeRequest(commands.readSettings));
  }

  /** Closes the link; then others can reach the battery. Safe to call more than once. */
  async close(): Promise<void> {
    this.#end(
      new LinkError(`the link to ${this.#title} was closed`, 'open the battery again', {
        reason: 'closedByUser',
      }),
    );
    await this.#link.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #title(): string {
    return this.name ?? this.address;
  }

  #take(item: TimedItem): void {
    log('trace', 'battery', () => `${this.#title}: ${describe(item)}`);
    if (item.kind === 'discarded') this.#tally.discard(item);
    else this.#records.emit(AWAKE);
    if (item.kind === 'request' && item.command !== ACKNOWLEDGE) this.#tally.echo();
    if (item.kind === 'frame') this.#takeFrame(item);
  }

  #takeFrame(item: FrameItem): void {
    const { record } = item.frame;
    const now = performance.now();
    const { accepted, delayed, refused } = this.#judge.observe(item, now, Date.now());
    this.#tellMisfit(record);
    if (record === 'cellData') this.#latestCellData = { time: now, delayed };
    for (const reason of refused) this.#refuse(record, reason);
    for (const each of accepted) {
      if (record === 'cellData') this.#takeCellData(each);
      else this.#accept(each);
    }
  }

  /** Values that are read by a layout that does not fit are shown with a warning. */
  #tellMisfit(record: RecordName): void {
    const { misfit } = this.#judge;
    if (misfit === undefined || this.#saidMisfit) return;
    this.#saidMisfit = true;
    const what = `the ${recordTitles[record]} of ${this.#title}`;
    log('warn', 'battery', () => `${what} may be read wrongly as ${this.#variant}: ${misfit}`);
  }

  #takeCellData(received: ReceivedFrame): void {
    const fields = cellFields(received.frame, received.variant);
    if (fields.totalRuntime !== undefined) this.#runClock.observe(fields.totalRuntime, received.time);
    this.#unread.push(received);
    if (this.#unread.length > MOST_UNREAD) this.#unread.shift();
    this.#accept(received);
  }

  #accept(received: ReceivedFrame): void {
    this.#tally.accept(received);
    if (received.frame.record === 'settings') this.#settings = received;
    this.#records.emit(received.frame.record, received);
  }

  #refuse(record: RecordName, reason: string): void {
    this.#tally.refuse(reason);
    log('debug', 'battery', () => `${this.#title}: ${recordTitles[record]} refused: ${reason}`);
  }

  #end(reason: Error): void {
    if (!this.#gone) {
      this.#gone = reason;
      this.#onClose?.();
    }
    this.#records.emit('error', this.#gone);
  }

  async #requestDeviceInfo(signal?: AbortSignal): Promise<DeviceInfo> {
    const { frame, variant } = await this.#request(commands.readDeviceInfo, 'deviceInfo', signal);
    this.#deviceInfo = toDeviceInfo(decode(layouts[variant].deviceInfo, frame));
    return this.#deviceInfo;
  }

  /** All who wait share one start, so it has no signal: who gives up does not end it for the others. */
  async #ensureStream(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#streaming ??= this.#startStream().catch((error: unknown) => {
      this.#streaming = undefined;
      throw error;
    });
    await unlessAborted(this.#streaming, signal);
  }

  /**
   * When the run time of the device was 0. Only cell data says how long it has run by now: device info may say what
   * was stored minutes ago (section 8.10). Events without times are better than none, so its absence is not an error.
   */
  async #runStart(signal?: AbortSignal): Promise<number | undefined> {
    try {
      await this.#ensureStream(signal);
    } catch (error) {
      if (this.#gone || signal?.aborted) throw error;
      log('warn', 'battery', () => `${this.#title}: events have no times: ${String(error)}`);
    }
    return this.#runClock.start;
  }

  /** Now and then the first pair of requests brings no stream and a later one does (section 3.4). */
  async #startStream(): Promise<void> {
    for (let attempt = 1; this.#unread.length === 0; attempt++) {
      if (attempt > 1) await this.#requestDeviceInfo();
      await this.settings();
      try {
        if (this.#unread.length === 0) await this.#next('cellData', STREAM_START);
      } catch (error) {
        if (!(error instanceof LateError) || attempt === STREAM_ATTEMPTS) throw error;
      }
    }
  }

  /** Sends a request until the record comes that answers it. */
  async #request(command: number, record: RecordName, signal?: AbortSignal): Promise<ReceivedFrame> {
    this.#settled ??= withinTime(SETTLE, once(this.#records, AWAKE));
    await unlessAborted(this.#settled, signal);
    for (let attempt = 1; ; attempt++) {
      if (this.#gone) throw this.#gone;
      log('debug', 'battery', () => `${this.#title}: asking for ${recordTitles[record]}, attempt ${attempt}`);
      this.#tally.ask();
      try {
        const answer = this.#next(record, this.#requestTimeout, signal);
        const [received] = await Promise.all([answer, this.#link.write(encodeRequest(command))]);
        return received;
      } catch (error) {
        if (!(error instanceof LateError) || attempt === ATTEMPTS) throw error;
        if (this.#tally.frames === 0) this.#link.changeWriteMode?.();
      }
    }
  }

  /** Waits for the next record of a kind. */
  async #next(record: RecordName, timeout: number, signal?: AbortSignal): Promise<ReceivedFrame> {
    if (this.#gone) throw this.#gone;
    const late = (): Error => this.#silence(record, timeout);
    const [received] = await eventWithin<[ReceivedFrame]>(this.#records, record, { signal, timeout, late });
    return received;
  }

  /** Why a record did not come. */
  #silence(record: RecordName, timeout: number): Error {
    const { verdict } = this.#judge;
    return this.#tally.silence(record, timeout, { title: this.#title, verdict, variant: this.#variant });
  }

  #unknownLogbook(): LateError {
    return new LateError(
      `${this.#title} was not asked for its logbook: whether devices of its layout keep one is not known`,
      'ask a device of layout jk02-32s, the only one whose logbook is known',
    );
  }
}

/** What was received, without its bytes. */
function describe(item: TimedItem): string {
  switch (item.kind) {
    case 'frame':
      return `${recordTitles[item.frame.record]}, counter ${item.frame.counter}`;
    case 'request':
      return `acknowledge 0x${item.command.toString(16)}`;
    case 'heartbeat':
      return 'heartbeat';
    case 'discarded':
      return `${item.bytes.length} bytes discarded: ${item.reason}`;
  }
}
