import { elapses, every } from '@ubmsc/base';
import { counter, family, gauge, type Family } from '../metrics/family.ts';
import type { Log } from '../log.ts';
import type { PushCredentials } from './authorization.ts';
import { backoff, type BackoffTimes } from './backoff.ts';
import type { PushEndpoint } from './endpoint.ts';
import { PushQueue, type QueueOptions } from './push-queue.ts';
import { compressed, decompressed, samplesOf } from './samples.ts';
import { send, type Outcome } from './send.ts';
import type { Entry } from './spool.ts';

export interface PusherOptions {
  readonly endpoint: PushEndpoint;
  readonly credentials?: PushCredentials | undefined;
  readonly version: string;
  /** Makes what is pushed: a page in the text format, in UTF-8. */
  readonly page: () => Buffer;
  /** How often, in milliseconds. */
  readonly interval: number;
  /** Folder and limits of the buffer; it is in memory when left out. */
  readonly buffer?: Pick<QueueOptions, 'folder' | 'limits'> | undefined;
  readonly log: Log;
  readonly retry?: BackoffTimes | undefined;
}

/** Most entries and bytes, compressed, that are sent at once. */
const BATCH = { entries: 64, bytes: 500_000 };

const RETRY: BackoffTimes = { first: 1000, longest: 30_000 };

/** How long delivering what waits may take at the end, in milliseconds. */
const FLUSH_TIMEOUT = 5000;

/**
 * Pushes pages of metrics at an interval. While the endpoint does not take them they wait, and are delivered in their
 * order when it does again: at least once, with their own times. An endpoint that keeps no times gets the latest.
 */
export class Pusher implements AsyncDisposable {
  readonly #options: PusherOptions;
  readonly #queue: PushQueue;
  readonly #stopping = new AbortController();
  readonly #running: Promise<unknown>;
  #wake: () => void = () => {};
  /** So many entries are sent one by one, because one among them was refused. */
  #alone = 0;
  #failures = 0;
  #refusing = false;
  #sent = 0;
  #retries = 0;
  #lastSuccess: number | undefined;

  private constructor(options: PusherOptions, queue: PushQueue) {
    this.#options = options;
    this.#queue = queue;
    this.#running = Promise.all([this.#collect(), this.#deliver()]);
  }

  /**
   * Begins to push, with what an earlier run has left in the buffer.
   * @throws {UsageError} another process uses that buffer.
   */
  static async open(options: PusherOptions): Promise<Pusher> {
    const { buffer, endpoint, log } = options;
    // Of what is replaced by the next page nothing needs to outlive the process.
    const kept = endpoint.keepsTime ? buffer : undefined;
    const queue = await PushQueue.open({ ...kept, latestOnly: !endpoint.keepsTime, log });
    return new Pusher(options, queue);
  }

  /** How the push goes, as metrics. */
  families(): readonly Family[] {
    const { dropped, samples, oldest, bufferErrors } = this.#queue;
    return [
      counter('ubmsc_push_sent_samples_total', 'Samples that the endpoint has taken', this.#sent),
      counter('ubmsc_push_retries_total', 'Attempts that failed and are made again', this.#retries),
      family(
        'counter',
        'ubmsc_push_dropped_samples_total',
        'Samples that were given up, by reason',
        Object.entries(dropped).map(([reason, value]) => [{ reason }, value]),
      ),
      gauge('ubmsc_push_queue_samples', 'Samples that wait to be pushed', samples),
      gauge(
        'ubmsc_push_queue_oldest_timestamp_seconds',
        'When the oldest sample that waits was taken, since 1970-01-01 UTC',
        oldest === undefined ? undefined : oldest / 1000,
      ),
      gauge(
        'ubmsc_push_last_success_timestamp_seconds',
        'When the endpoint has last taken samples, since 1970-01-01 UTC',
        this.#lastSuccess === undefined ? undefined : this.#lastSuccess / 1000,
      ),
      counter('ubmsc_push_buffer_errors_total', 'Faults of the buffer on disk', bufferErrors),
    ];
  }

  /** Delivers what it can in a short time, and says what is lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#running;
    await this.#flush(AbortSignal.timeout(FLUSH_TIMEOUT));
    const { samples } = this.#queue;
    if (samples > 0) {
      const { endpoint, buffer, log } = this.#options;
      const isKept = buffer?.folder !== undefined && endpoint.keepsTime;
      log(
        'warn',
        `${samples} samples were not pushed; ${isKept ? 'they stay in the buffer' : 'they are lost'}`,
      );
    }
    await this.#queue.close();
  }

  async #collect(): Promise<void> {
    const { interval, log } = this.#options;
    await every(interval, this.#stopping.signal, async () => {
      try {
        await this.#add();
      } catch (error) {
        log('error', `no page could be made: ${String(error)}`);
      }
    });
  }

  async #add(): Promise<void> {
    const { endpoint, page, log } = this.#options;
    const time = Date.now();
    const { text, count } = samplesOf(String(page()), endpoint.keepsTime ? time : undefined);
    await this.#queue.add(time, count, await compressed(text));
    log('debug', `${count} samples of ${time} wait to be pushed`);
    this.#wake();
  }

  async #deliver(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const more = new Promise<void>((resolve) => (this.#wake = resolve));
      const wait = await this.#deliverNext(signal);
      if (wait === undefined) await more;
      else await elapses(wait, signal);
    }
  }

  async #flush(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#deliverNext(signal)) === 0);
  }

  /** Sends the oldest that wait. Resolves with how long to wait before more is sent; undefined when nothing waits. */
  async #deliverNext(signal: AbortSignal): Promise<number | undefined> {
    const batch = await this.#queue.next(this.#alone > 0 ? 1 : BATCH.entries, BATCH.bytes);
    const last = batch.at(-1);
    if (!last) return undefined;
    const outcome = await this.#send(batch, signal);
    switch (outcome.kind) {
      case 'taken':
        await this.#taken(batch, last);
        return 0;
      case 'refused':
        if (batch.length > 1) this.#alone = batch.length;
        else await this.#refused(last, outcome.reason);
        return 0;
      case 'retry':
        return signal.aborted ? undefined : this.#failed(outcome);
    }
  }

  async #send(batch: readonly Entry[], signal: AbortSignal): Promise<Outcome> {
    const { endpoint, credentials = {}, version } = this.#options;
    const body = Buffer.concat(batch.map((entry) => entry.body));
    const bytes = endpoint.gzip ? body : await decompressed(body);
    return await send(bytes, endpoint.gzip, { endpoint, credentials, version, signal });
  }

  async #taken(batch: readonly Entry[], { id }: Entry): Promise<void> {
    if (this.#failures > 0 || this.#refusing) this.#options.log('info', `${this.#title} takes samples again`);
    this.#failures = 0;
    this.#refusing = false;
    this.#alone = Math.max(0, this.#alone - 1);
    const count = batch.reduce((sum, { samples }) => sum + samples, 0);
    this.#options.log('debug', `${this.#title} has taken ${count} samples`);
    this.#sent += count;
    this.#lastSuccess = Date.now();
    await this.#queue.settle(id);
  }

  async #refused({ id, samples }: Entry, reason: string): Promise<void> {
    if (!this.#refusing) {
      this.#options.log('error', `${this.#title} refuses samples, ${samples} are dropped: ${reason}`);
    }
    this.#refusing = true;
    this.#alone = Math.max(0, this.#alone - 1);
    await this.#queue.settle(id, 'refused');
  }

  #failed({ reason, after = 0 }: Extract<Outcome, { kind: 'retry' }>): number {
    this.#retries++;
    if (this.#failures++ === 0) {
      this.#options.log('warn', `${this.#title} does not take samples, which wait: ${reason}`);
    }
    return Math.max(after, backoff(this.#failures, this.#options.retry ?? RETRY, Math.random()));
  }

  get #title(): string {
    return this.#options.endpoint.title;
  }
}
