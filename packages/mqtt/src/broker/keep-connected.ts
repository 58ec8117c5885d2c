import { anySignal, elapses, log } from '@ubmsc/base';
import { BrokerLink, RefusedError, type LinkOptions, type ProtocolVersion } from './link.ts';

export interface KeepConnectedOptions {
  /** For people, without secrets. */
  readonly title: string;
  /** Versions of the protocol, in the order in which they are tried. */
  readonly versions: readonly ProtocolVersion[];
  /** What connects; called for each try, so that files are read again. */
  readonly link: () => Promise<Omit<LinkOptions, 'version'>>;
  /** Uses a connection until it ends, or `signal` aborts. Its failure ends the connection. */
  readonly use: (link: BrokerLink, signal: AbortSignal) => Promise<void>;
  readonly onFailure: (reason: string) => void;
}

/** Pause after a failure, in milliseconds: at first, and at most. */
const PAUSE = { first: 1000, longest: 30_000 };

/** A connection that lasted this many milliseconds was a good one: the pauses begin from the first again. */
const GOOD = 30_000;

/** Reason codes by which brokers of MQTT 3.1.1 and 5 refuse a version of the protocol. */
const OTHER_VERSION: ReadonlySet<number> = new Set([1, 132]);

/**
 * Keeps a connection to a broker until the signal aborts, whatever happens: what refuses the login today may take it
 * tomorrow. The same failure is logged once.
 */
export async function keepConnected(options: KeepConnectedOptions, signal: AbortSignal): Promise<void> {
  const { title, versions, onFailure } = options;
  let failures = 0;
  let version = 0;
  let told = '';
  while (!signal.aborted) {
    const began = performance.now();
    let reason: string;
    try {
      const link = await BrokerLink.open(
        { ...(await options.link()), version: versions[version % versions.length] ?? 5 },
        signal,
      );
      log('info', 'mqtt', () => `connected to ${title}`);
      reason = await useOnce(link, options, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof RefusedError && OTHER_VERSION.has(error.code)) version++;
      reason = reasonOf(error);
    }
    if (signal.aborted) return;
    onFailure(reason);
    failures = performance.now() - began >= GOOD ? 1 : failures + 1;
    log(reason === told ? 'debug' : 'warn', 'mqtt', () => `${title}: ${reason}; it is tried again`);
    told = reason;
    await elapses(pauseAfter(failures), signal);
  }
}

/** Resolves with why the connection has ended. */
async function useOnce(
  link: BrokerLink,
  { use }: KeepConnectedOptions,
  signal: AbortSignal,
): Promise<string> {
  using ended = anySignal(signal, link.closed);
  try {
    await use(link, ended.signal);
    return reasonOf(link.closed.reason);
  } catch (error) {
    return reasonOf(link.closed.aborted ? link.closed.reason : error);
  } finally {
    await link[Symbol.asyncDispose]();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** Doubling, with jitter of a half, so that many who lost the same broker do not come back at once. */
function pauseAfter(failures: number): number {
  return Math.min(PAUSE.first * 2 ** (failures - 1), PAUSE.longest) * (0.5 + Math.random() / 2);
}
