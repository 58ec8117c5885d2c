import { StreamParser, type Frame, type StreamItem } from '@ubmsc/protocol';
import type { Central } from '../src/device/uart.ts';

/** A central that keeps what it is sent, with the times since it was made in ms. */
export class Recorder implements Central {
  readonly notificationSize: number;
  readonly chunks: { readonly time: number; readonly bytes: Uint8Array }[] = [];
  readonly items: (StreamItem & { readonly time: number })[] = [];
  readonly lost = (reason: Error): void => void this.losses.push(reason);
  readonly losses: Error[] = [];
  readonly #parser = new StreamParser();
  readonly #start = Date.now();

  constructor(notificationSize = 128) {
    this.notificationSize = notificationSize;
  }

  notify(bytes: Uint8Array): void {
    const time = Date.now() - this.#start;
    this.chunks.push({ time, bytes });
    this.items.push(...this.#parser.push(bytes).map((item) => ({ ...item, time })));
  }

  /** The frames so far. */
  get frames(): Frame[] {
    return this.items.flatMap((item) => (item.kind === 'frame' ? [item.frame] : []));
  }

  /** What came, without heartbeats: names of records with their counters, and `acknowledge`. */
  get answers(): string[] {
    return this.items.flatMap((item) => {
      if (item.kind === 'frame') return [`${item.frame.record} ${item.frame.counter}`];
      if (item.kind === 'heartbeat') return [];
      return [item.kind === 'request' ? 'acknowledge' : item.kind];
    });
  }

  get sizes(): number[] {
    return this.chunks.map(({ bytes }) => bytes.length);
  }
}
