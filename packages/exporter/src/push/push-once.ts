import { setTimeout as sleep } from 'node:timers/promises';
import { LinkError } from '@ubmsc/session';
import type { PushCredentials } from './authorization.ts';
import { backoff, type BackoffTimes } from './backoff.ts';
import type { PushEndpoint } from './endpoint.ts';
import { compressed, samplesOf } from './samples.ts';
import { send } from './send.ts';

export interface PushOnceOptions {
  readonly endpoint: PushEndpoint;
  readonly credentials?: PushCredentials | undefined;
  readonly version: string;
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
  const { endpoint, credentials = {}, version, signal, retry = RETRY } = options;
  const { text } = samplesOf(page);
  const body = endpoint.gzip ? await compressed(text) : Buffer.from(text);
  for (let attempt = 1; ; attempt++) {
    const outcome = await send(body, endpoint.gzip, { endpoint, credentials, version, signal });
    if (outcome.kind === 'taken') return;
    signal.throwIfAborted();
    const after = outcome.kind === 'retry' ? (outcome.after ?? 0) : 0;
    if (outcome.kind === 'refused' || attempt === ATTEMPTS || after > retry.longest) {
      throw new LinkError(
        `${endpoint.title} has not taken the metrics: ${outcome.reason}`,
        outcome.kind === 'refused' ? 'check the URL and the credentials' : 'try again later',
      );
    }
    await sleep(Math.max(after, backoff(attempt, retry, Math.random())), undefined, { signal });
  }
}
