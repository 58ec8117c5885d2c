import { pause } from '@ubmsc/base';
import { LinkError } from '@ubmsc/session';
import { samplesOf } from './encode/sample.ts';
import { endpointKinds, type EndpointKind } from './endpoint/kinds.ts';
import { backoff, type BackoffTimes } from './send/backoff.ts';
import { Sender, type SenderOptions } from './send/send.ts';

/** What is pushed once, and where to. */
export interface PushOnceOptions extends SenderOptions {
  readonly signal: AbortSignal;
  readonly retry?: BackoffTimes | undefined;
}

const ATTEMPTS = 3;
const RETRY: BackoffTimes = { first: 1000, longest: 10_000 };

/**
 * Pushes one page in the text format. Resolves when the endpoint has taken it.
 * @throws {LinkError} it has not: it refuses it, or did not answer three times.
 */
export async function pushOnce(page: string, options: PushOnceOptions): Promise<void> {
  const { endpoint, signal, retry = RETRY } = options;
  using sender = new Sender(options);
  const lines = page.split('\n').filter((line) => line !== '');
  for (let attempt = 1; ; attempt++) {
    const kind: EndpointKind = endpointKinds[sender.kind];
    const outcome = await sender.send(encoded(lines, kind), signal);
    if (outcome.kind === 'accepted') return;
    signal.throwIfAborted();
    if (endpointKinds[sender.kind] !== kind) continue; // It is understood in another form.
    const after = outcome.kind === 'held' ? (outcome.after ?? 0) : 0;
    const mayPass = outcome.kind === 'held' && passing.has(outcome.because);
    if (!mayPass || attempt === ATTEMPTS || after > retry.longest) {
      throw new LinkError(
        `${endpoint.title} has not taken the metrics: ${outcome.text}`,
        mayPass ? 'try again later' : 'check the URL and the credentials',
      );
    }
    await pause(Math.max(after, backoff(attempt, retry, Math.random())), signal);
  }
}

/** What may be over when it is tried again soon. */
const passing: ReadonlySet<string> = new Set(['network', 'timeout', 'busy', 'server']);

/** Text is sent as it is; the server then notes when it came. */
function encoded(lines: readonly string[], kind: EndpointKind): Buffer {
  const page = `${lines.join('\n')}\n`;
  const isText = String(kind.headers['Content-Type']).startsWith('text/plain; version=0.0.4');
  const encode = isText && kind.query === undefined ? undefined : kind.encode;
  return encode ? encode(samplesOf(page, Date.now())) : Buffer.from(page);
}
