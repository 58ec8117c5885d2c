import {
  Cadence,
  DeviceNotFoundError,
  LinkError,
  newStatus,
  reasonOf,
  reasonRow,
  StaleDataError,
  type BatteryEvent,
  type BatteryStatus,
  type LogEntry,
  type ReceivedFrame,
  type RecoveryRung,
  type SessionCounters,
  type SessionReason,
  type SessionState,
} from '@ubmsc/session';
import { decodeReading, measuredBy } from '@ubmsc/protocol';
import { asError, sanitize, UbmscError, log, anySignal, pause } from '@ubmsc/base';
import type { Adapter } from './adapter.ts';
import type { AdapterKeeper } from './adapter-keeper.ts';
import type { Battery, BatteryOptions, CellDataArrival } from './battery.ts';
import type { Device } from './device.ts';
import { LET_GO, retryPause, silenceLadder, UNBELIEVED } from './recovery.ts';

/** How long a battery is not received before that is reported, in milliseconds. */
const NOT_RECEIVED = 10_000;

/** How long it is not received before a link that our adapter has not ended may be the reason, in milliseconds. */
const HELD_BY_OURSELVES = 20_000;

/** How often it is looked whether an adapter can be used again, and why not, in milliseconds. */
const LOOK_PERIOD = 1000;

/** At most one line in this time is logged of one battery, in milliseconds: a flapping link fills no disk. */
const LOG_PERIOD = 60_000;

/** Whatever changes in a status without being counted. */
type Facts = Omit<BatteryStatus, 'counters'>;

/** Counters that can grow. */
interface Counts {
  connects: number;
  losses: Partial<Record<SessionReason, number>>;
  recoveries: Partial<Record<RecoveryRung, number>>;
  frames: number;
  checksumErrors: number;
  rejected: Readonly<Record<string, number>>;
  doubted: Readonly<Record<string, number>>;
  connectedSeconds: number;
}

/** What a search for a battery has come to: where it is, or what was not received for a while. */
export type HeardOf = { readonly address: string } | { readonly notReceived: string };

/** Where a battery was received. */
export interface Received {
  readonly keeper: AdapterKeeper;
  readonly device: Device;
}

export interface WatchedBatteryOptions {
  /** What outputs call it. */
  readonly device: string;
  /** Name or address that is looked for until the address is known. */
  readonly wanted: string;
  /** The beginning of its name is not enough. */
  readonly whole?: boolean | undefined;
  /** The adapters that may find it. */
  readonly keepers: readonly AdapterKeeper[];
  /** Where it was received just now: it need not be looked for at first. */
  readonly received?: Received | undefined;
  readonly options: BatteryOptions;
  /** How hints are worded in messages; as they are when left out. */
  readonly wordHint?: ((hint: string) => string) | undefined;
  /** The clock of the source, in milliseconds. */
  readonly now: () => number;
  readonly emit: (event: BatteryEvent) => void;
  /** Is waited for before the battery is connected, and when it was not received for a while. */
  readonly heard?: ((known: HeardOf) => Promise<void>) | undefined;
}

/**
 * One battery, kept alive: it is looked for, connected, read, and connected again when its link fails, until the
 * signal aborts. Where it stands is told by its {@link status}, and by an event at each change.
 */
export class WatchedBattery {
  /** Name or address that is looked for until the address is known. */
  readonly #wanted: string;
  readonly #whole: boolean | undefined;
  readonly #keepers: readonly AdapterKeeper[];
  #received: Received | undefined;
  readonly #options: BatteryOptions;
  readonly #wordHint: (hint: string) => string;
  readonly #now: () => number;
  readonly #emit: (event: BatteryEvent) => void;
  readonly #heard: (known: HeardOf) => Promise<void>;
  #facts: Facts;
  readonly #counts: Counts = {
    connects: 0,
    losses: {},
    recoveries: {},
    frames: 0,
    checksumErrors: 0,
    rejected: {},
    doubted: {},
    connectedSeconds: 0,
  };
  /** The session that runs, and when its link was made. */
  #battery: Battery | undefined;
  #linkedAt = 0;
  /** Sessions in a row that ended before anything was accepted. */
  #failures = 0;
  /** The adapter was opened again since the last try. */
  #isRenewed = false;
  #logged = -Infinity;
  /** How often its adapters were reset, when that was noted last. */
  #resets = 0;
  readonly #cadence = new Cadence();

  constructor(own: WatchedBatteryOptions) {
    const { device, wanted, whole, keepers, received, options, wordHint, now, emit, heard } = own;
    const [first] = keepers;
    this.#wanted = wanted;
    this.#whole = whole;
    this.#keepers = keepers;
    this.#received = received;
    this.#options = options;
    this.#wordHint = wordHint ?? ((hint) => hint);
    this.#now = now;
    this.#emit = emit;
    this.#heard = heard ?? (async () => {});
    this.#facts = newStatus({
      device,
      adapter: first?.adapter.title ?? '',
      simulated: first?.adapter.simulated ?? false,
      since: now(),
    });
  }

  get status(): BatteryStatus {
    return { ...this.#facts, counters: this.#counters() };
  }

  /**
   * What the device has written down, oldest first.
   * @throws {LinkError} there is no link now, or the device keeps no logbook.
   */
  async logbook(signal?: AbortSignal): Promise<readonly LogEntry[]> {
    if (this.#battery) return await this.#battery.logbook(signal);
    throw new LinkError(`${this.#title} has no link now`, 'ask for its logbook when it is live');
  }

  /** Keeps the battery alive. Resolves when the signal has aborted and the link is closed. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let reason: SessionReason | undefined;
      try {
        await this.#session(signal);
      } catch (error) {
        if (signal.aborted) break;
        reason = this.#fail(error);
      }
      // One that was understood before is so again, once what has damaged its answers is over.
      const isPassing = reasonRow(reason)?.isLasting === true && this.#facts.reading !== undefined;
      // What has failed with the adapter as it was is soon tried with the new one.
      const failures = this.#isRenewed ? 1 : this.#failures;
      this.#isRenewed = false;
      const time = retryPause(failures, isPassing ? undefined : reason, Math.random());
      await pause(time, signal).catch(() => {});
    }
    this.#move('closed', 'closedByUser');
  }

  /** One session, from looking for the battery to the loss of its link, which it rejects with. */
  async #session(signal: AbortSignal): Promise<void> {
    const { keeper, device } = await this.#search(signal);
    const { adapter } = keeper;
    this.#learn(adapter, device);
    await this.#heard({ address: device.address });
    signal.throwIfAborted();
    this.#move('heard');
    let battery: Battery;
    try {
      const onStep = (step: SessionState): void => this.#move(step);
      battery = await adapter.open(device, { ...this.#options, signal, retries: 0, onStep });
    } catch (error) {
      const reason = reasonOf(error);
      // Others on the adapter would lose their links again if this one were tried again soon.
      const { isIdle } = keeper;
      if (!signal.aborted && !adapter.gone.aborted && (await keeper.failedToLink(reason, signal))) {
        this.#recovered('reopenAdapter');
        this.#isRenewed = isIdle;
      }
      throw error;
    }
    const linked = keeper.linked();
    try {
      await this.#read(battery, signal);
    } finally {
      linked[Symbol.dispose]();
    }
  }

  async #read(battery: Battery, signal: AbortSignal): Promise<void> {
    this.#battery = battery;
    this.#linkedAt = performance.now();
    this.#counts.connects++;
    try {
      this.#move('identifying');
      const deviceInfo = await battery.deviceInfo(signal);
      this.#facts = { ...this.#facts, deviceInfo };
      this.#emit({ kind: 'deviceInfo', time: Date.now(), status: this.status });
      await battery.start(signal);
      await this.#stream(battery, signal);
    } finally {
      Object.assign(this.#counts, this.#counters());
      this.#battery = undefined;
      await battery.close();
    }
  }

  /** Passes on what comes. A battery that falls silent is asked again, twice, and let go. */
  async #stream(battery: Battery, signal: AbortSignal): Promise<void> {
    const began = performance.now();
    let accepted = began;
    let asked = 0;
    for (;;) {
      const heard = Math.max(battery.latestCellData?.time ?? 0, began);
      const patience = silenceLadder[asked]?.after ?? LET_GO;
      const received = await battery.nextCellData(heard + patience - performance.now(), signal);
      const now = performance.now();
      const arrival = battery.latestCellData;
      if (received) {
        this.#take(received);
        accepted = now;
        asked = 0;
      } else if (arrival && arrival.time > heard) {
        asked = 0;
        this.#doubt(arrival, now - accepted);
      } else {
        await this.#ask(battery, asked++);
      }
    }
  }

  async #ask(battery: Battery, asked: number): Promise<void> {
    const rung = silenceLadder[asked];
    if (!rung) {
      throw new LinkError(
        `${this.#title} has fallen silent, and asking again did not help`,
        'nothing needs to be done: it is connected again',
        { reason: 'silent' },
      );
    }
    this.#recovered('askAgain');
    this.#move(rung.state, 'silent', `${this.#title} has sent nothing for ${rung.after / 1000} s`);
    await battery.nudge();
  }

  /** Records come, but none is accepted. */
  #doubt({ delayed }: CellDataArrival, time: number): void {
    const frozen = delayed === 'frozen';
    const reason: SessionReason = frozen ? 'frozen' : 'unknownLayout';
    const message = frozen
      ? `${this.#title} sends the same cell data again and again`
      : `what ${this.#title} sends is not accepted (${delayed})`;
    if (time >= UNBELIEVED) {
      throw new StaleDataError(message, 'switch its Bluetooth off and on if this comes back', { reason });
    }
    if (time >= this.#facts.staleAfter) this.#move('mute', reason, message);
  }

  #take({ frame, variant, time, doubt }: ReceivedFrame): void {
    this.#failures = 0;
    this.#cadence.observe(performance.now());
    const reading = measuredBy(
      this.#facts.deviceInfo?.deviceModel,
      decodeReading(frame, variant, time, doubt),
    );
    const { staleAfter } = this.#cadence;
    const settings = this.#battery?.latestSettings ?? this.#facts.settings;
    this.#facts = { ...this.#facts, settings, reading, frame, readingTime: this.#now(), staleAfter };
    if (this.#facts.state !== 'streaming') this.#move('streaming');
    this.#emit({ kind: 'reading', time, status: this.status, reading });
  }

  /** Listens on every adapter until the battery is received on one. */
  async #search(signal: AbortSignal): Promise<Received> {
    await this.#awaitAdapter(signal);
    this.#move('searching');
    const received = this.#received;
    this.#received = undefined;
    if (received) return received;
    const began = performance.now();
    for (;;) {
      using search = anySignal(signal);
      const either = search.signal;
      try {
        return await Promise.any(
          this.#keepers.map(async (keeper) => {
            await keeper.ready(either);
            const wanted = this.#facts.address ?? this.#wanted;
            const options = { signal: either, timeout: NOT_RECEIVED, whole: this.#whole };
            return { keeper, device: await keeper.adapter.find(wanted, options) };
          }),
        );
      } catch (error) {
        signal.throwIfAborted();
        const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
        const severalCalledSo = errors.find((each) => reasonOf(each) === 'nameNotUnique');
        if (severalCalledSo !== undefined) throw asError(severalCalledSo);
        // One adapter that listens is enough to say that the battery is not received.
        if (!errors.some((each) => each instanceof DeviceNotFoundError)) throw asError(errors[0]);
        await this.#reportAbsent(performance.now() - began, signal);
      } finally {
        search.abort(new DeviceNotFoundError('received on another adapter', 'nothing needs to be done'));
      }
    }
  }

  /** While none of its adapters can be used, that is what is said of the battery, with the latest cause. */
  async #awaitAdapter(signal: AbortSignal): Promise<void> {
    while (this.#keepers.every(({ adapter }) => adapter.gone.aborted)) {
      const trouble = this.#keepers.map((keeper) => keeper.trouble).find((each) => each !== undefined);
      const { message, hint } = trouble ?? { message: 'the adapter is gone', hint: 'it is reopened' };
      this.#move('lost', reasonOf(trouble) ?? 'adapterGone', `${message}; ${this.#wordHint(hint)}`);
      using waiting = anySignal(signal);
      const ready = this.#keepers.map(async (keeper) => await keeper.ready(waiting.signal));
      await Promise.race([...ready, pause(LOOK_PERIOD, waiting.signal)]).catch(() => {});
      waiting.abort();
      await Promise.allSettled(ready);
      signal.throwIfAborted();
    }
  }

  async #reportAbsent(time: number, signal: AbortSignal): Promise<void> {
    if (this.#facts.address === undefined) await this.#heard({ notReceived: this.#wanted });
    signal.throwIfAborted();
    const known = this.#facts.address === undefined ? '' : ' (it was received before)';
    const message =
      `${this.#title} was not received for ${Math.round(time / 1000)} s${known}: ` +
      'it is switched off, out of range, or held by a phone app, another program or an old session';
    this.#move('searching', 'notHeard', message);
    for (const keeper of this.#keepers) {
      const { adapter } = keeper;
      if (adapter.health !== 'sound' && time >= HELD_BY_OURSELVES) {
        await keeper.reopen(signal);
        this.#recovered('reopenAdapter');
      } else if (await adapter.rescan(signal).catch(() => false)) this.#recovered('rescan');
    }
  }

  #learn(adapter: Adapter, device: Device): void {
    const resets = this.#keepers.reduce((sum, keeper) => sum + keeper.resets, 0);
    if (resets > this.#resets) this.#recovered('resetAdapter');
    this.#resets = resets;
    this.#facts = {
      ...this.#facts,
      address: device.address,
      name: device.name ?? this.#facts.name,
      rssi: device.rssi,
      adapter: adapter.title,
      simulated: adapter.simulated,
    };
  }

  /** The session has ended with an error. Returns why, in the vocabulary of sessions. */
  #fail(error: unknown): SessionReason {
    const isExpected = error instanceof UbmscError;
    const reason = isExpected ? (reasonOf(error) ?? 'linkLost') : 'internalError';
    const message = isExpected
      ? `${error.message}; ${this.#wordHint(error.hint)}`
      : `a bug in this program: ${String(error)}`;
    this.#failures++;
    this.#counts.losses[reason] = (this.#counts.losses[reason] ?? 0) + 1;
    this.#recovered('reconnect');
    if (!isExpected) log('error', 'battery', () => (error instanceof Error ? String(error.stack) : message));
    this.#move(reasonRow(reason)?.isLasting ? 'refused' : 'lost', reason, message);
    return reason;
  }

  #recovered(rung: RecoveryRung): void {
    this.#counts.recoveries[rung] = (this.#counts.recoveries[rung] ?? 0) + 1;
  }

  #move(state: SessionState, reason?: SessionReason, message?: string): void {
    const from = this.#facts.state;
    if (from === state && this.#facts.reason === reason) {
      this.#facts = { ...this.#facts, message: message === undefined ? undefined : sanitize(message) };
      return;
    }
    this.#facts = {
      ...this.#facts,
      state,
      reason,
      message: message === undefined ? undefined : sanitize(message),
      since: this.#now(),
    };
    this.#log(from, state, message);
    this.#emit({ kind: 'state', time: Date.now(), from, status: this.status });
  }

  #log(from: SessionState, state: SessionState, message: string | undefined): void {
    const matters = state === 'streaming' || message !== undefined;
    const now = performance.now();
    const level = matters && now - this.#logged >= LOG_PERIOD ? 'warn' : 'debug';
    if (level === 'warn' && state !== 'streaming') this.#logged = now;
    const text = message ?? `${this.#title} is ${state}, was ${from}`;
    log(state === 'streaming' && level === 'warn' ? 'info' : level, 'battery', () => text);
  }

  get #title(): string {
    return this.#facts.name ?? this.#facts.device;
  }

  /** What was counted so far, in the session that runs, too. */
  #counters(): SessionCounters {
    const counts = this.#counts;
    const battery = this.#battery;
    if (!battery) return { ...counts, losses: { ...counts.losses }, recoveries: { ...counts.recoveries } };
    const { frames, checksumErrors, refused, doubted } = battery.statistics;
    return {
      ...counts,
      losses: { ...counts.losses },
      recoveries: { ...counts.recoveries },
      frames: counts.frames + frames,
      checksumErrors: counts.checksumErrors + checksumErrors,
      rejected: added(counts.rejected, refused),
      doubted: added(counts.doubted, doubted),
      connectedSeconds: counts.connectedSeconds + (performance.now() - this.#linkedAt) / 1000,
    };
  }
}

/** Counts by reason, with more of them. */
function added(
  counts: Readonly<Record<string, number>>,
  more: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sums = { ...counts };
  for (const [reason, times] of Object.entries(more)) sums[reason] = (sums[reason] ?? 0) + times;
  return sums;
}
