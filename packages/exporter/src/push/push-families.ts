import { counter, family, gauge, type Family } from '../metrics/family.ts';
import type { PushBuffer } from './buffer/buffer.ts';
import { timeOf } from './clock/timeline.ts';
import type { Delivery } from './deliver/delivery.ts';
import { holdReasons } from './endpoint/judge.ts';

/** How a push goes, as metrics. */
export function pushFamilies(buffer: PushBuffer, { counters, hold }: Delivery): readonly Family[] {
  const oldest = buffer.oldest && timeOf(buffer.oldest);
  const seconds = (time: number | undefined): number | undefined =>
    time === undefined ? undefined : time / 1000;
  return [
    counter('ubmsc_push_sent_samples_total', 'Samples that the endpoint has taken', counters.samples),
    family(
      'counter',
      'ubmsc_push_batches_total',
      'Batches of samples that were sent, by what became of them',
      Object.entries(counters.batches).map(([outcome, value]) => [{ outcome }, value]),
    ),
    counter('ubmsc_push_sent_bytes_total', 'Bytes that were sent, compressed', counters.bytes),
    counter('ubmsc_push_seconds_total', 'Time that batches took to be answered', counters.time / 1000),
    gauge(
      'ubmsc_push_latency_seconds',
      'Time until the batch that was taken last was answered',
      seconds(counters.latency),
    ),
    family(
      'counter',
      'ubmsc_push_responses_total',
      'Answers of the endpoint, by their status',
      [...counters.statuses].map(([code, value]) => [{ code: String(code) }, value]),
    ),
    counter('ubmsc_push_retries_total', 'Attempts that failed and are made again', counters.retries),
    family(
      'gauge',
      'ubmsc_push_held',
      'Why samples wait: 1 for the reason, while nothing can be delivered',
      Object.keys(holdReasons).map((reason) => [{ reason }, Number(hold?.because === reason)]),
    ),
    family(
      'counter',
      'ubmsc_push_dropped_samples_total',
      'Samples that were given up, by reason',
      Object.entries(buffer.dropped).map(([reason, value]) => [{ reason }, value]),
    ),
    gauge('ubmsc_push_queue_samples', 'Samples that wait to be pushed', buffer.samples),
    gauge(
      'ubmsc_push_queue_oldest_timestamp_seconds',
      'When the oldest sample that waits was taken, since 1970-01-01 UTC',
      seconds(oldest),
    ),
    gauge(
      'ubmsc_push_queue_oldest_age_seconds',
      'How long the oldest sample has waited; 0 when none waits',
      oldest === undefined ? 0 : Math.max(0, Date.now() - oldest) / 1000,
    ),
    gauge(
      'ubmsc_push_last_success_timestamp_seconds',
      'When the endpoint has last taken samples, since 1970-01-01 UTC',
      seconds(counters.lastSuccess),
    ),
    counter('ubmsc_push_buffer_errors_total', 'Faults of the buffer on disk', buffer.faults),
  ];
}
