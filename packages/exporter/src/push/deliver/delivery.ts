import type { Log } from '../../log.ts';
import type { DropReason, Page, PushBuffer } from '../buffer/buffer.ts';
import { ClockCheck } from '../clock/clock-check.ts';
import { timeOf } from '../clock/timeline.ts';
import { samplesOf, type Sample } from '../encode/sample.ts';
import type { HoldReason } from '../endpoint/judge.ts';
import { endpointKinds, type EndpointKind } from '../endpoint/kinds.ts';
import { backoff, type BackoffTimes } from '../send/backoff.ts';
import type { Sender, Sent } from '../send/send.ts';
import { halves, isOneTime, split, Suspects } from './batch.ts';
import { BatchSize } from './batch-size.ts';
import { DeliveryCounters } from './counters.ts';

export interface DeliveryOptions {
  readonly buffer: PushBuffer;
  readonly sender: Sender;
  /** What is delivered first after an outage. */
  readonly order: 'oldest' | 'newest';
  /** Part of the time in which something may be sent while much waits, from 0 to 1. */
  readonly share: number;
  readonly retry: BackoffTimes;
  /** What the endpoint is called. */
  readonly title: string;
  readonly clock?: ClockCheck | undefined;
  readonly log: Log;
}

/** Why nothing is delivered now. */
export interface Hold {
  readonly because: HoldReason;
  readonly text: string;
}

/** Pages that are being delivered. */
interface Work {
  readonly ids: readonly number[];
  /** What is left to be sent. */
  parts: (readonly Sample[])[];
  /** What was refused on its own. */
  condemned: readonly Sample[];
  refusal: string;
  accepted: number;
  /** Whether what was refused was refused while others were accepted: the endpoint may have changed in between. */
  isConfirmed: boolean;
}

/**
 * Delivers what waits in a buffer, at least once. A batch whose content is refused is split until the bad samples are
 * found; they alone are given up, and only when the endpoint takes others. Everything else that goes wrong holds
 * everything.
 */
export class Delivery {
  readonly counters = new DeliveryCounters();
  readonly #options: DeliveryOptions;
  readonly #clock: ClockCheck;
  readonly #size = new BatchSize();
  readonly #suspects = new Suspects();
  #work: Work | undefined;
  #failures = 0;
  #hold: Hold | undefined;
  #isRefusing = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    const ask = async (signal: AbortSignal): Promise<number | undefined> =>
      await options.sender.serverTime(signal);
    this.#clock = options.clock ?? new ClockCheck({ ask });
  }

  /** Why nothing is delivered; undefined while all is well. */
  get hold(): Hold | undefined {
    return this.#hold;
  }

  /**
   * Sends one batch of what waits. Resolves with how long to wait until the next, in milliseconds; undefined when
   * nothing waits.
   */
  async step(signal: AbortSignal): Promise<number | undefined> {
    const { sender, share, buffer } = this.#options;
    if (buffer.oldest === undefined && !this.#work) {
      sender.reset();
      return undefined;
    }
    const kind: EndpointKind = endpointKinds[sender.kind];
    if (!kind.encode) return await this.#sendLatest(signal);
    const doubt = await this.#clock.check(signal);
    if (doubt) return signal.aborted ? 0 : this.#held(doubt.because, doubt.text);
    this.#work ??= await this.#take();
    if (!this.#work) return 0;
    const part = this.#work.parts.pop();
    if (!part) return await this.#finish(this.#work, signal);
    const sent = await this.#send(part, signal);
    if (sent.kind === 'held') {
      this.#work.parts.push(part);
      if (endpointKinds[sender.kind] !== kind) return 0; // It is understood in another form.
      if (sent.because === 'timeout') this.#shrink(this.#work, part);
      return signal.aborted ? 0 : this.#held(sent.because, sent.text, sent.after);
    }
    if (sent.kind === 'accepted') this.#taken(this.#work, part);
    else this.#refused(this.#work, part, sent);
    return sent.time * (1 / share - 1);
  }

  /** The next pages to deliver. Those of which nobody knows when they were taken are given up. */
  async #take(): Promise<Work | undefined> {
    const { buffer, order } = this.#options;
    const pages = await buffer.take(order, this.#size.samples);
    const timed = pages.flatMap((page) => {
      const time = timeOf(page.moment);
      return time === undefined ? [] : [{ page, time }];
    });
    const untimed = pages.filter((page) => !timed.some((each) => each.page === page));
    await this.#giveUp(untimed, 'clock');
    if (timed.length === 0) return undefined;
    const samples = timed.flatMap(({ page, time }) => samplesOf(page.text, time));
    return {
      ids: timed.map(({ page }) => page.id),
      parts: parts(samples, this.#size.samples),
      condemned: [],
      refusal: '',
      accepted: 0,
      isConfirmed: true,
    };
  }

  async #giveUp(pages: readonly Page[], reason: DropReason): Promise<void> {
    if (pages.length === 0) return;
    const samples = pages.reduce((sum, page) => sum + page.samples, 0);
    this.#options.log('error', `${samples} samples for ${this.#options.title} are dropped: ${reason}`);
    await this.#options.buffer.settle(
      pages.map(({ id }) => id),
      reason,
    );
  }

  async #send(samples: readonly Sample[], signal: AbortSignal): Promise<Sent> {
    const { sender } = this.#options;
    const { encode }: EndpointKind = endpointKinds[sender.kind];
    const body = encode?.(samples) ?? Buffer.alloc(0);
    // There may be nothing but series that have ended, and those not be told of.
    if (body.length === 0) return { kind: 'accepted', bytes: 0, time: 0, status: undefined };
    return this.#count(await sender.send(body, signal), valuesIn(samples));
  }

  #count(sent: Sent, samples: number): Sent {
    this.counters.count(sent, samples);
    if (sent.kind === 'accepted') this.#size.carried(samples, sent.bytes, sent.time);
    return sent;
  }

  #taken(work: Work, part: readonly Sample[]): void {
    const { log, title } = this.#options;
    this.#recovered();
    log('debug', `${title} has taken ${part.length} samples`);
    this.#suspects.remove(part);
    work.accepted += part.length;
  }

  /** Splits what was refused, or sets aside what cannot be split. */
  #refused(
    work: Work,
    part: readonly Sample[],
    { because, text }: Sent & { readonly kind: 'refused' },
  ): void {
    work.refusal = text;
    if (because === 'size') this.#size.stuck(part.length);
    if (because === 'time') {
      if (isOneTime(part)) this.#drop(part, 'late', text);
      else work.parts.push(...halves(part).toReversed());
      return;
    }
    const smaller = because === 'size' && part.length > 1 ? halves(part) : split(part, this.#suspects);
    if (smaller) work.parts.push(...smaller.toReversed());
    else {
      if (!part.every((sample) => this.#suspects.has(sample))) work.isConfirmed = false;
      this.#suspects.add(part);
      work.condemned = [...work.condemned, ...part];
    }
  }

  /** Everything of the pages was sent. What was refused is given up if the endpoint has taken something else. */
  async #finish(work: Work, signal: AbortSignal): Promise<number> {
    const { condemned, refusal } = work;
    if (condemned.length > 0) {
      if (work.accepted === 0 && !(await this.#takesOthers(signal))) {
        work.parts = [condemned];
        work.condemned = [];
        return signal.aborted ? 0 : this.#held('everything', refusal);
      }
      if (!work.isConfirmed) {
        work.parts = condemned.map((sample) => [sample]);
        work.condemned = [];
        work.isConfirmed = true;
        return 0;
      }
      this.#drop(condemned, 'refused', refusal);
    } else this.#isRefusing = false;
    this.#work = undefined;
    await this.#options.buffer.settle(work.ids);
    return 0;
  }

  /** Whether the endpoint takes a page from the other end of what waits. */
  async #takesOthers(signal: AbortSignal): Promise<boolean> {
    const { buffer, order } = this.#options;
    const [page] = await buffer.take(order === 'oldest' ? 'newest' : 'oldest', 1);
    if (!page) return false;
    const time = timeOf(page.moment);
    const samples = time === undefined ? [] : samplesOf(page.text, time);
    const sent = await this.#send(samples, signal);
    // Without a status nothing was sent.
    if (sent.kind === 'accepted' && sent.status !== undefined) {
      this.#recovered();
      await buffer.settle([page.id]);
      return true;
    }
    buffer.release([page.id]);
    return false;
  }

  /** Sends the page that waits as it is, where the latest alone counts. */
  async #sendLatest(signal: AbortSignal): Promise<number | undefined> {
    const { buffer, sender } = this.#options;
    const [page] = await buffer.take('newest', 1);
    if (!page) return undefined;
    const sent = this.#count(await sender.send(Buffer.from(page.text), signal), page.samples);
    if (sent.kind === 'held') {
      buffer.release([page.id]);
      return signal.aborted ? 0 : this.#held(sent.because, sent.text, sent.after);
    }
    if (sent.kind === 'refused') this.#logRefusal(page.samples, sent.text);
    else {
      this.#recovered();
      this.#isRefusing = false;
    }
    await buffer.settle([page.id], sent.kind === 'refused' ? 'refused' : undefined);
    return 0;
  }

  /** Sends less at once from now on, also of what could not be sent. */
  #shrink(work: Work, part: readonly Sample[]): void {
    this.#size.stuck(part.length);
    work.parts.pop();
    work.parts.push(...parts(part, this.#size.samples));
  }

  #drop(samples: readonly Sample[], reason: DropReason, text: string): void {
    const values = valuesIn(samples);
    this.#options.buffer.count(reason, values);
    this.#logRefusal(values, text);
  }

  #logRefusal(samples: number, text: string): void {
    const { log, title } = this.#options;
    if (!this.#isRefusing) log('error', `${title} refuses samples, ${samples} are dropped: ${text}`);
    this.#isRefusing = true;
  }

  #recovered(): void {
    const { log, title } = this.#options;
    if (this.#hold) log('info', `${title} takes samples again`);
    this.#failures = 0;
    this.#hold = undefined;
  }

  /** Notes why nothing is delivered, and says how long to wait. It is logged when it begins, and when it changes. */
  #held(because: HoldReason, text: string, after = 0): number {
    const { log, title, retry } = this.#options;
    this.counters.retries++;
    if (this.#hold?.because !== because) {
      log('warn', `${title} does not take samples, which wait: ${text}`);
    }
    this.#hold = { because, text };
    return Math.max(after, backoff(++this.#failures, retry, Math.random()));
  }
}

/** How many of them are values, and do not say that a series has ended. */
function valuesIn(samples: readonly Sample[]): number {
  return samples.reduce((count, { value }) => count + Number(!Number.isNaN(value)), 0);
}

/** Samples in parts of this many at most, the first one last: they are taken from the end. */
function parts(samples: readonly Sample[], most: number): (readonly Sample[])[] {
  const all: (readonly Sample[])[] = [];
  for (let start = 0; start < samples.length; start += most) all.unshift(samples.slice(start, start + most));
  return all;
}
