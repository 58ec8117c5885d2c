import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { UsageError, within } from '@ubmsc/base';
import { parseListenUrl } from '@ubmsc/exporter';
import { LinkError } from '@ubmsc/session';
import { exitCodes } from '../../exit-codes.ts';
import { print } from '../../output.ts';

/** Less than a container waits for the answer, in milliseconds. */
const TIMEOUT = 4000;

/**
 * Asks the exporter that listens at this URL whether it lives, as a container or a supervisor does. It says nothing to
 * it that may be a secret, so it needs no password and no trust in its certificate.
 * @throws {LinkError} it does not answer.
 */
export async function health(listening: string, signal: AbortSignal): Promise<number> {
  const url = new URL('/-/healthy', parseListenUrl(listening));
  // Who listens on all addresses is asked on that of this machine.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  const late = (): Error => new UsageError('it took too long', 'see the log of the exporter');
  const problems: string[] = [];
  // The URL does not say whether a web configuration makes it speak TLS.
  for (const scheme of ['http:', 'https:'] as const) {
    try {
      const answers = await within(
        { timeout: TIMEOUT / 2, late, signal },
        async (ending) => await isAlive(new URL(url.href.replace(/^https?:/, scheme)), ending),
      );
      if (answers) {
        await print('healthy\n');
        return exitCodes.ok;
      }
      problems.push('it answers that it is broken');
    } catch (error) {
      signal.throwIfAborted();
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new LinkError(
    `the exporter at ${url.host} does not answer: ${[...new Set(problems)].join(', ')}`,
    'start it, or give its address with --url or UBMSC_URL',
  );
}

async function isAlive(url: URL, signal: AbortSignal): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    const options = { agent: false, signal, rejectUnauthorized: false } as const;
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const sent = send(url, options, (response) => {
      response.resume();
      // One that asks for a password lives, too.
      resolve((response.statusCode ?? 500) < 500);
    });
    sent.once('error', (error) => {
      // It says that it wants a certificate: nothing else would say so.
      const code = 'code' in error ? String(error.code) : '';
      if (code.includes('_ALERT_')) resolve(true);
      else reject(error);
    });
    sent.end();
  });
}
