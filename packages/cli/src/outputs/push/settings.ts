import { access, constants } from 'node:fs/promises';
import { UsageError } from '@ubmsc/base';
import { parsePushUrl, type PushEndpoint, type PushSettings } from '@ubmsc/exporter';
import type { GeneralOptions } from '../../command-line/general-options.ts';
import { pairsOf } from '../labels.ts';
import type { PushOptions } from './options.ts';

type Given = GeneralOptions & PushOptions;

/** Where is pushed to: `--url` when no other URL is given. */
export function pushUrls({ pushUrl, url }: Pick<Given, 'pushUrl' | 'url'>): readonly string[] {
  return [pushUrl ?? url].flat();
}

/**
 * The endpoint at a URL.
 * @throws {UsageError} nothing that is pushed there can arrive.
 */
export function pushEndpoint(url: string, { protobuf, pushProtocol }: Given): PushEndpoint {
  return parsePushUrl(url, { protobuf, protocol: pushProtocol });
}

/**
 * How a request to push is made. Secrets come from files or the environment: what is on a command line, everybody on
 * the machine sees.
 * @throws {UsageError} a header is not one.
 */
export function pushSettings(options: Given, environment: NodeJS.ProcessEnv = process.env): PushSettings {
  return {
    credentials: {
      user: options.pushUser,
      password: environment['UBMSC_PUSH_PASSWORD'],
      passwordFile: options.pushPasswordFile,
      token: environment['UBMSC_PUSH_TOKEN'],
      tokenFile: options.pushTokenFile,
    },
    headers: pairsOf('--push-header', ':', options.pushHeader),
    caFile: options.pushCaFile,
    certFile: options.pushCertFile,
    keyFile: options.pushKeyFile,
    proxy: options.pushProxy,
  };
}

/**
 * Files that are read at each request are looked at once before the first.
 * @throws {UsageError} one cannot be read.
 */
export async function checkPushFiles({
  credentials,
  caFile,
  certFile,
  keyFile,
}: PushSettings): Promise<void> {
  const { passwordFile, tokenFile } = credentials ?? {};
  for (const file of [passwordFile, tokenFile, caFile, certFile, keyFile]) {
    if (file === undefined) continue;
    try {
      await access(file, constants.R_OK);
    } catch (cause) {
      const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
      throw new UsageError(`${file} cannot be read: ${why}`, 'name a file that this user may read', {
        cause,
      });
    }
  }
}
