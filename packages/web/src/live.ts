import { pause } from '@ubmsc/base';
import type { BatterySource } from '@ubmsc/session';
import type { Now } from './answers.ts';
import { batteryJson } from './state-json.ts';

/** Most pages that are served at once. */
const MOST_CLIENTS = 20;

/** Time between two messages, in milliseconds. */
const PERIOD = 1000;

/** Sends the batteries to each open page (Server-Sent Events). */
export class Live {
  readonly #source: BatterySource;
  #clients = 0;

  constructor(source: BatterySource) {
    this.#source = source;
  }

  get isFull(): boolean {
    return this.#clients >= MOST_CLIENTS;
  }

  /**
   * Events for one page until the signal aborts: all batteries each second. The next one is made when the one before was
   * taken, so a slow client costs no memory.
   */
  async *events(signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    this.#clients++;
    try {
      yield 'retry: 3000\n\n';
      while (!signal.aborted) {
        yield `data: ${JSON.stringify(nowJson(this.#source))}\n\n`;
        await pause(PERIOD, signal).catch(() => {});
      }
    } finally {
      this.#clients--;
    }
  }
}

/** All batteries now. */
export function nowJson(source: BatterySource): Now {
  const now = source.now();
  return { time: Date.now(), batteries: source.statuses.map((status) => batteryJson(status, now)) };
}
