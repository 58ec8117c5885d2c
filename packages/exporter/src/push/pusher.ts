import { createHash } from 'node:crypto';
import { elapses, every } from '@ubmsc/base';
import type { Log } from '../log.ts';
import type { Family } from '../metrics/family.ts';
import { PushBuffer, type BufferOptions } from './buffer/buffer.ts';
import { momentNow } from './clock/timeline.ts';
import { Collector, type Collected, type CollectorOptions } from './deliver/collector.ts';
import { Delivery } from './deliver/delivery.ts';
import { endpointKinds, type EndpointKind } from './endpoint/kinds.ts';
import { pushFamilies } from './push-families.ts';
import type { BackoffTimes } from './send/backoff.ts';
import { Sender, type SenderOptions } from './send/send.ts';

/** What is pushed first after an outage. */
export type PushOrder = 'oldest' | 'newest';

/** How a request to push is made. */
export type PushSettings = Omit<SenderOptions, 'endpoint' | 'version' | 'idle'>;

/** How metrics are pushed to one endpoint. */
export interface PusherOptions
  extends SenderOptions, Pick<CollectorOptions, 'page' | 'allow' | 'deny' | 'labels'> {
  /** How often, in milliseconds. */
  readonly interval: number;
  /** Sites with different names push at different moments of the interval. */
  readonly site?: string | undefined;
  /** Folder and limits of the buffer; it is in memory when left out. */
  readonly buffer?: Pick<BufferOptions, 'folder' | 'limits'> | undefined;
  /** What is delivered first after an outage: the oldest when left out. */
  readonly order?: PushOrder | undefined;
  /** Part of the time in which something may be sent while much waits, up to 1; 1 when left out. */
  readonly share?: number | undefined;
  readonly log: Log;
  readonly retry?: BackoffTimes | undefined;
}

const RETRY: BackoffTimes = { first: 1000, longest: 30_000 };

/** How long delivering what waits may take at the end, in milliseconds. */
const FLUSH_TIMEOUT = 5000;

/**
 * Pushes pages of metrics at an interval. While the endpoint does not take them they wait, and are delivered when it
 * does again: at least once, with their own times. An endpoint that keeps no times gets the latest.
 */
export class Pusher implements AsyncDisposable {
  readonly #options: PusherOptions;
  readonly #buffer: PushBuffer;
  readonly #sender: Sender;
  readonly #delivery: Delivery;
  readonly #collector: Collector;
  readonly #keepsTimes: boolean;
  readonly #stopping = new AbortController();
  /** Ends what is under way: later than {@link #stopping}, because what was half sent is sent twice. */
  readonly #ending = new AbortController();
  readonly #running: Promise<unknown>;
  #wake: () => void = () => {};

  private constructor(options: PusherOptions, buffer: PushBuffer, keepsTimes: boolean) {
    const { endpoint, order = 'oldest', share = 1, retry = RETRY, log } = options;
    this.#options = options;
    this.#buffer = buffer;
    this.#keepsTimes = keepsTimes;
    const { marksEnd = false }: EndpointKind = endpointKinds[endpoint.kind];
    this.#collector = new Collector({ ...options, keepsComments: !keepsTimes, marksEnd });
    this.#sender = new Sender(options);
    const { title } = endpoint;
    this.#delivery = new Delivery({ buffer, sender: this.#sender, order, share, retry, title, log });
    this.#running = Promise.all([this.#collect(), this.#deliver()]);
  }

  /**
   * Begins to push, with what an earlier run has left in the buffer.
   * @throws {UsageError} another process uses that buffer.
   */
  static async open(options: PusherOptions): Promise<Pusher> {
    const keepsTimes = endpointKinds[options.endpoint.kind].encode !== undefined;
    // Of what is replaced by the next page nothing needs to outlive the process.
    const kept = keepsTimes ? options.buffer : undefined;
    const buffer = await PushBuffer.open({ ...kept, latestOnly: !keepsTimes, log: options.log });
    return new Pusher(options, buffer, keepsTimes);
  }

  /** How the push goes, as metrics. */
  families(): readonly Family[] {
    return pushFamilies(this.#buffer, this.#delivery);
  }

  /** What is wrong, in one line for people; undefined while samples are delivered. */
  get problem(): string | undefined {
    const { hold } = this.#delivery;
    return hold && `${this.#buffer.samples} samples wait for ${this.#options.endpoint.title}: ${hold.text}`;
  }

  /** Says that all series have ended, delivers what it can in a short time, and logs what is lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    const timer = setTimeout(() => this.#ending.abort(), FLUSH_TIMEOUT);
    await this.#running;
    const ended = await this.#collector.end();
    if (ended) await this.#add(ended);
    await this.#flush(this.#ending.signal);
    clearTimeout(timer);
    this.#sender[Symbol.dispose]();
    const { samples } = this.#buffer;
    if (samples > 0) {
      const { buffer, log } = this.#options;
      const isKept = buffer?.folder !== undefined && this.#keepsTimes;
      log(
        'warn',
        `${samples} samples were not pushed; ${isKept ? 'they stay in the buffer' : 'they are lost'}`,
      );
    }
    await this.#buffer.close();
  }

  async #collect(): Promise<void> {
    const { interval, site, log } = this.#options;
    const { signal } = this.#stopping;
    const collect = async (): Promise<void> => {
      try {
        await this.#add(await this.#collector.collect());
      } catch (error) {
        log('error', `no page could be made: ${String(error)}`);
      }
    };
    if (site !== undefined) {
      if (!(await elapses(phase(site) * interval, signal))) return;
      await collect();
    }
    await every(interval, signal, collect);
  }

  async #add({ samples, body }: Collected): Promise<void> {
    const moment = momentNow();
    await this.#buffer.add(moment, samples, body);
    const { log, endpoint } = this.#options;
    log('debug', `${samples} samples of ${moment.time} wait to be pushed to ${endpoint.title}`);
    this.#wake();
  }

  async #deliver(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const more = new Promise<void>((resolve) => (this.#wake = resolve));
      const wait = await this.#delivery.step(this.#ending.signal);
      if (wait === undefined) await more;
      else if (wait > 0) await elapses(wait, signal);
    }
  }

  async #flush(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = await this.#delivery.step(signal);
      if (wait === undefined || this.#delivery.hold) return;
    }
  }
}

/** From 0 to 1, the same for the same name, spread evenly over names. */
function phase(site: string): number {
  return createHash('sha256').update(site).digest().readUInt32BE() / 2 ** 32;
}
