import { answerIn, recordBegunIn, type LinkEvent, type RecordedConnection } from '@ubmsc/recording';
import { commands, decodeRequest, type RecordName } from '@ubmsc/protocol';
import { LinkError } from '@ubmsc/session';
import type { Activity } from '../device/activity.ts';
import type { SerialSession } from '../device/serial-device.ts';
import { cut, type Central } from '../device/uart.ts';

/** The records with which a battery answers. */
const answers: Readonly<Record<number, RecordName>> = {
  [commands.readDeviceInfo]: 'deviceInfo',
  [commands.readSettings]: 'settings',
  [commands.readLogbook]: 'logbook',
  [commands.readDetailLog]: 'detailLog',
};

/** A request that comes at most this many milliseconds before or after one of the recording is the same one. */
const SAME_REQUEST = 3000;

/** Time from a request out of turn to its answer, in milliseconds (reference, section 3.3). */
const ANSWER_TIME = 90;

/** Time that the last notification has to arrive before the battery hangs up, in milliseconds. */
const LAST_WORDS = 2000;

export interface ReplaySessionOptions {
  /** All connections of the recording: where an answer is looked for. */
  readonly connections: readonly RecordedConnection[];
  /** The one that is played. */
  readonly connection: RecordedConnection;
  /** How much faster than it was recorded. */
  readonly speed: number;
  readonly activity: Activity;
  /** Called when all was played: returns with what it goes on, if it does. */
  readonly played: () => RecordedConnection | undefined;
  /** Ends the link as the air does, where that can be had. */
  readonly timeOut: () => boolean;
  /** Called once when the session has ended. */
  readonly closed: () => void;
}

/**
 * Plays one connection of a recording to a central. Until the first cell data it waits at each request of the recording
 * for the central to ask likewise; from then on it goes by the clock. What the central asks out of turn is answered with
 * the record of the recording, if it has one, between two others; what was never asked is not answered.
 */
export class ReplaySession implements SerialSession {
  readonly #central: Central;
  readonly #options: ReplaySessionOptions;
  #connection: RecordedConnection;
  #next = 0;
  /** Milliseconds of the recording, and of the clock, that are the same moment. */
  #anchor = { recorded: 0, now: 0 };
  #begun = false;
  /** A request for which the recording waits. */
  #awaited: number | undefined;
  /** Requests that have come before their turn. */
  readonly #early: number[] = [];
  /** Answers out of turn, which wait for the end of a record. */
  #inserted: Uint8Array[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #open = true;

  constructor(central: Central, options: ReplaySessionOptions) {
    this.#central = central;
    this.#options = options;
    this.#connection = options.connection;
  }

  subscribed(): void {
    if (this.#begun || !this.#open) return;
    this.#begun = true;
    this.#synchronize(this.#connection.start);
    this.#play();
  }

  receive(bytes: Uint8Array): void {
    if (!this.#open) return;
    this.#options.activity.written(bytes);
    const command = decodeRequest(bytes)?.command;
    if (command === undefined) return;
    if (this.#next < this.#connection.opening || this.#awaited !== undefined) this.#takeInOpening(command);
    else if (!this.#isNear(command)) this.#answerOutOfTurn(command);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#timer);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#options.closed();
  }

  /** Whether everything was played: another link gets what comes next. */
  get isOver(): boolean {
    return this.#next >= this.#connection.events.length;
  }

  #takeInOpening(command: number): void {
    if (this.#awaited === undefined) {
      this.#early.push(command);
    } else if (this.#awaited === command) {
      this.#goOnBehind(this.#next);
    } else {
      const later = this.#connection.events.findIndex(
        (event, index) =>
          index > this.#next && index < this.#connection.opening && commandOf(event) === command,
      );
      if (later < 0) this.#answerOutOfTurn(command);
      else this.#goOnBehind(later);
    }
  }

  #goOnBehind(request: number): void {
    const event = this.#connection.events[request];
    this.#awaited = undefined;
    this.#next = request + 1;
    this.#synchronize(event?.ms ?? 0);
    this.#play();
  }

  /** Whether the recording asks the same at about this time: then what follows is the answer. */
  #isNear(command: number): boolean {
    const now = this.#recordedNow;
    return this.#connection.events.some(
      (event, index) =>
        index >= this.#connection.opening &&
        Math.abs(event.ms - now) < SAME_REQUEST &&
        commandOf(event) === command,
    );
  }

  #answerOutOfTurn(command: number): void {
    const record = answers[command];
    const answer = record === undefined ? [] : answerIn(this.#options.connections, record);
    if (answer.length === 0) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#inserted.push(...answer.map(({ bytes }) => bytes));
      if (this.#awaited !== undefined || this.isOver) this.#insert();
    }, ANSWER_TIME / this.#options.speed);
    this.#timers.add(timer);
  }

  #insert(): void {
    for (const bytes of this.#inserted.splice(0)) this.#notify(bytes);
  }

  #synchronize(recorded: number): void {
    this.#anchor = { recorded, now: performance.now() };
  }

  get #recordedNow(): number {
    return this.#anchor.recorded + (performance.now() - this.#anchor.now) * this.#options.speed;
  }

  /** Plays what is due, and sets a timer for what comes next. */
  #play(): void {
    while (this.#open) {
      const event = this.#connection.events[this.#next];
      if (!event) return this.#end();
      const before = this.#connection.events[this.#next - 1];
      // What came as the link was made stands before a part that begins later.
      if (event.ms >= 0 && before && before.ms < 0) this.#synchronize(event.ms);
      const command = commandOf(event);
      if (command !== undefined && this.#next < this.#connection.opening && command in answers) {
        if (!this.#wasAskedEarly(command)) {
          this.#awaited = command;
          this.#insert();
          return;
        }
        this.#synchronize(event.ms);
      } else {
        if (event.ms > this.#recordedNow) return this.#later(event.ms, () => this.#play());
        if (event.kind === 'notify') this.#send(event);
      }
      this.#next++;
    }
  }

  #wasAskedEarly(command: number): boolean {
    const index = this.#early.indexOf(command);
    if (index < 0) return false;
    this.#early.splice(0, index + 1);
    return true;
  }

  #send({ bytes }: LinkEvent): void {
    const record = recordBegunIn(bytes);
    if (record !== undefined) {
      this.#insert();
      this.#options.activity.sent(record);
    }
    this.#notify(bytes);
  }

  /** As it was cut, unless the central takes less. */
  #notify(bytes: Uint8Array): void {
    for (const piece of cut(bytes, this.#central.notificationSize)) this.#central.notify(piece);
  }

  #end(): void {
    this.#insert();
    this.#later(this.#connection.end, () => {
      const next = this.#options.played();
      if (!next) {
        this.#later(this.#connection.end + (this.#connection.lost ? 0 : LAST_WORDS), () => this.#hangUp());
        return;
      }
      this.#connection = next;
      this.#next = next.opening;
      this.#synchronize(next.events[next.opening]?.ms ?? 0);
      this.#play();
    });
  }

  /** Runs at this time of the recording. */
  #later(recorded: number, run: () => void): void {
    this.#timer = setTimeout(run, Math.max((recorded - this.#recordedNow) / this.#options.speed, 0));
  }

  #hangUp(): void {
    const isTimeout = this.#connection.lost === 'supervisionTimeout';
    this.close();
    if (isTimeout && this.#options.timeOut()) return;
    this.#central.lost(
      new LinkError('the recording is over', 'play it again', { reason: 'closedByBattery' }),
    );
  }
}

function commandOf(event: LinkEvent): number | undefined {
  return event.kind === 'write' ? decodeRequest(event.bytes)?.command : undefined;
}
