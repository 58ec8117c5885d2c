import type { Outcome } from '../endpoint/judge.ts';
import type { Sent } from '../send/send.ts';

/** What was sent, and what became of it. */
export class DeliveryCounters {
  /** Samples that were accepted. */
  samples = 0;
  /** Batches by what became of them. */
  readonly batches: Record<Outcome['kind'], number> = { accepted: 0, refused: 0, held: 0 };
  /** Bytes of bodies, as they were sent. */
  bytes = 0;
  /** How long they took to be answered, in milliseconds: all, and the last that was accepted. */
  time = 0;
  latency: number | undefined;
  /** Answers by their status. */
  readonly statuses = new Map<number, number>();
  /** How often it had to wait until something was tried again. */
  retries = 0;
  /** When samples were last accepted, in milliseconds since 1970-01-01 UTC. */
  lastSuccess: number | undefined;

  count({ kind, bytes, time, status }: Sent, samples: number): void {
    this.batches[kind]++;
    this.bytes += bytes;
    this.time += time;
    if (status !== undefined) this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (kind !== 'accepted') return;
    this.samples += samples;
    this.latency = time;
    this.lastSuccess = Date.now();
  }
}
