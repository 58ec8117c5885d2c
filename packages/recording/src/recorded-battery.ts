import {
  newStatus,
  Cadence,
  SessionJudge,
  type BatteryEvent,
  type BatteryStatus,
  type SessionReason,
  type SessionState,
  type ReceivedFrame,
} from '@ubmsc/session';
import {
  toDeviceInfo,
  decode,
  layouts,
  NotificationParser,
  decodeReading,
  measuredBy,
  type Variant,
  type TimedItem,
} from '@ubmsc/protocol';
import type { RecordingEvent, RecordingHeader } from './format/recording.ts';

/** States with which a link begins or ends: what came before them has nothing to do with what comes after. */
const seams: ReadonlySet<SessionState> = new Set(['connecting', 'lost', 'refused', 'closed']);

/** When an event of a recording that began at `started` was told: what was before the start is told at it. */
export function eventTime({ ms }: RecordingEvent, started: number): number {
  return started + Math.max(0, ms);
}

/**
 * A battery as its recording tells of it. It believes what a session with it would believe, and becomes with each event
 * what the battery was known to be then. Its clock is that of the recording, in milliseconds since 1970-01-01 UTC.
 */
export class RecordedBattery {
  readonly #cadence = new Cadence();
  readonly #layout: Variant | undefined;
  #parser = new NotificationParser();
  #judge: SessionJudge;
  #status: BatteryStatus;
  /** When the part of the recording has begun that the latest event is from. */
  #started: number;

  /** `device` is what outputs call it. */
  constructor(device: string, header: RecordingHeader) {
    this.#started = Date.parse(header.started);
    this.#layout = header.layout;
    this.#judge = new SessionJudge(header.layout);
    this.#status = newStatus({
      device,
      address: header.device.address,
      name: header.device.name,
      adapter: header.origin,
      simulated: header.simulated,
      since: this.#started,
    });
  }

  get status(): BatteryStatus {
    return this.#status;
  }

  /**
   * Takes the next event of the recording, or of the part of it that began at `started`. Returns what has happened by
   * it. What was before that start is told at the start.
   */
  push(event: RecordingEvent, started = this.#started): readonly BatteryEvent[] {
    if (started !== this.#started) this.#beginSession();
    this.#started = started;
    const arrival = started + event.ms;
    const time = eventTime(event, started);
    switch (event.kind) {
      case 'write':
        return [];
      case 'state':
        if (seams.has(event.state)) this.#beginSession();
        return this.#move(event.state, event.reason, time);
      case 'notify':
        return this.#parser.push(event.bytes, arrival).flatMap((item) => this.#take(item, arrival, time));
    }
  }

  #beginSession(): void {
    this.#parser = new NotificationParser();
    this.#judge = new SessionJudge(this.#layout);
  }

  #take(item: TimedItem, arrival: number, time: number): readonly BatteryEvent[] {
    if (item.kind === 'discarded' && item.reason === 'checksum') {
      const { counters } = this.#status;
      this.#count({ checksumErrors: counters.checksumErrors + 1 });
    }
    if (item.kind !== 'frame') return [];
    const { accepted, refused } = this.#judge.observe(item, arrival, time);
    for (const each of refused) this.#refuse(each);
    if (item.frame.record === 'deviceInfo') return accepted.flatMap((each) => this.#learn(each));
    if (item.frame.record === 'settings')
      for (const settings of accepted) this.#status = { ...this.#status, settings };
    return item.frame.record === 'cellData' ? accepted.flatMap((each) => this.#read(each, time)) : [];
  }

  #learn({ frame, variant, time }: ReceivedFrame): readonly BatteryEvent[] {
    const deviceInfo = toDeviceInfo(decode(layouts[variant].deviceInfo, frame));
    this.#status = { ...this.#status, deviceInfo };
    return [{ kind: 'deviceInfo', time, status: this.#status }];
  }

  #read({ frame, variant, time, doubt }: ReceivedFrame, now: number): readonly BatteryEvent[] {
    this.#cadence.observe(now);
    const reading = measuredBy(
      this.#status.deviceInfo?.deviceModel,
      decodeReading(frame, variant, time, doubt),
    );
    // A recording that was made of a capture knows of no states.
    const moved = this.#status.state === 'streaming' ? [] : this.#move('streaming', undefined, now);
    const { counters } = this.#status;
    this.#count({
      frames: counters.frames + 1,
      ...(doubt && { doubted: { ...counters.doubted, [doubt]: (counters.doubted[doubt] ?? 0) + 1 } }),
    });
    const { staleAfter } = this.#cadence;
    this.#status = { ...this.#status, reading, frame, readingTime: now, staleAfter };
    return [...moved, { kind: 'reading', time, status: this.#status, reading }];
  }

  #move(state: SessionState, reason: SessionReason | undefined, time: number): readonly BatteryEvent[] {
    const { state: from, reason: before, counters } = this.#status;
    if (from === state && before === reason) return [];
    this.#status = { ...this.#status, state, reason, since: time };
    if (reason !== undefined && (state === 'lost' || state === 'refused'))
      this.#count({ losses: { ...counters.losses, [reason]: (counters.losses[reason] ?? 0) + 1 } });
    return [{ kind: 'state', time, from, status: this.#status }];
  }

  #refuse(reason: string): void {
    const { rejected } = this.#status.counters;
    this.#count({ rejected: { ...rejected, [reason]: (rejected[reason] ?? 0) + 1 } });
  }

  #count(grown: Partial<BatteryStatus['counters']>): void {
    this.#status = { ...this.#status, counters: { ...this.#status.counters, ...grown } };
  }
}
