import { anySignal } from '@ubmsc/base';
import { liveReading, type BatteryStatus } from '@ubmsc/session';
import type { Exporter } from '../exporter.ts';
import { gauge } from '../metrics/family.ts';
import { pageFormats } from '../metrics/page.ts';
import { negotiateFormat } from './negotiate.ts';
import type { Answer, Request } from './request.ts';

/** Batteries that are read when `/probe` is asked for them. */
export interface Probe {
  /** Their names. Others are refused: whoever reaches the port must not make the exporter connect anywhere. */
  readonly targets: readonly string[];
  /** Reads one. Resolves with what is known of it, with a reading when one came before `signal` aborted. */
  readonly read: (target: string, signal: AbortSignal) => Promise<BatteryStatus | undefined>;
}

/** How long a probe may take, in seconds: when Prometheus does not say, at most, and less than Prometheus waits. */
const TIME = { usual: 30, longest: 60, margin: 0.5 };

/**
 * Answers for one battery, as the blackbox exporter does: that it could not be read is told by the page, under status
 * 200.
 */
export async function answerProbe(
  { query, headers, signal }: Request,
  exporter: Exporter,
  probe: Probe,
): Promise<Answer> {
  const target = query.get('target');
  if (target === null) return { status: 400, body: 'The parameter target is missing.\n' };
  if (!probe.targets.includes(target)) {
    return { status: 400, body: 'The target is not one of the batteries that this exporter reads.\n' };
  }
  const began = performance.now();
  const status = await readInTime(
    probe,
    target,
    timeout(headers['x-prometheus-scrape-timeout-seconds']),
    signal,
  );
  const succeeded = status !== undefined && liveReading(status, exporter.source.now()) !== undefined;
  const format = negotiateFormat(headers.accept);
  const body = exporter.pageOf(status ? [status] : [], format, [
    gauge('ubmsc_probe_success', '1 when the battery was read, 0 otherwise', Number(succeeded)),
    gauge('ubmsc_probe_duration_seconds', 'How long the probe took', (performance.now() - began) / 1000),
  ]);
  return {
    status: 200,
    headers: { 'Content-Type': pageFormats[format], Vary: 'Accept, Accept-Encoding' },
    body,
  };
}

function timeout(header: string | string[] | undefined): number {
  const given = Number(header);
  const seconds = header !== undefined && given > 0 ? given : TIME.usual;
  return Math.max(Math.min(seconds, TIME.longest) - TIME.margin, TIME.margin);
}

async function readInTime(
  probe: Probe,
  target: string,
  seconds: number,
  signal: AbortSignal,
): Promise<BatteryStatus | undefined> {
  using ended = anySignal(signal);
  const timer = setTimeout(() => ended.abort(), seconds * 1000);
  try {
    return await probe.read(target, ended.signal);
  } finally {
    clearTimeout(timer);
  }
}
