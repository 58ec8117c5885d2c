import { liveReading, type BatteryStatus } from '@ubmsc/session';
import type { Reading } from '@ubmsc/protocol';
import { held, isMoved } from './deadband.ts';
import { IntervalMean } from './interval-mean.ts';
import { stateOf, type State } from './values.ts';

/** A full state follows a new discovery after these times, in ms: Home Assistant subscribes only after it. */
const AGAIN = [2000, 5000];

/** How often is looked at what is due, in milliseconds. */
export const TICK = 1000;

/**
 * When which state of one battery is due. Times are those of the source, in milliseconds. Values that move are sent at
 * the interval, switches and alarms at once, everything at the full interval.
 */
export class BatteryStates {
  readonly #interval: number;
  readonly #full: number;
  readonly #mean = new IntervalMean();
  #urgent = false;
  #switches = '';
  #sent: State | undefined;
  #checked = -Infinity;
  #fullSent = -Infinity;
  #again: readonly number[] = [];

  /** Both in milliseconds. */
  constructor(interval: number, full: number) {
    this.#interval = interval - TICK / 2;
    this.#full = full - TICK / 2;
  }

  add(reading: Reading): void {
    this.#mean.add(reading);
    const switches = switchesOf(reading);
    if (this.#switches !== '' && switches !== this.#switches) this.#urgent = true;
    this.#switches = switches;
  }

  /** The next state is a full one, and so are those that follow a discovery. What was collected before is forgotten. */
  repeat(now: number): void {
    this.#mean.take();
    this.#fullSent = -Infinity;
    this.#again = AGAIN.map((time) => now + time);
  }

  /** The state that is to be sent now; undefined when none is, or nothing in it is fresh. */
  due(status: BatteryStatus, now: number): State | undefined {
    const isAgain = this.#again.some((time) => now >= time);
    const isFull = isAgain || this.#sent === undefined || now - this.#fullSent >= this.#full;
    if (!isFull && !this.#urgent && now - this.#checked < this.#interval) return undefined;
    const live = liveReading(status, now);
    const reading = live && (this.#mean.take() ?? live);
    if (!reading) return undefined;
    const next = stateOf(status, reading, this.#sent);
    const state = this.#sent ? held(this.#sent, next) : next;
    const isDue = isFull || !this.#sent || isMoved(this.#sent, state);
    this.#urgent = false;
    this.#checked = now;
    if (isFull) this.#fullSent = now;
    if (isAgain) this.#again = this.#again.filter((time) => now < time);
    if (!isDue) return undefined;
    this.#sent = state;
    return state;
  }
}

/** What a person wants to see at once when it changes. */
function switchesOf(reading: Reading): string {
  const { chargeMosfet, dischargeMosfet, heating, chargerPlugged, chargePhase, alarms, doubt } = reading;
  return JSON.stringify([chargeMosfet, dischargeMosfet, heating, chargerPlugged, chargePhase, alarms, doubt]);
}
