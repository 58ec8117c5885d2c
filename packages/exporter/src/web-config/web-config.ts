import { dirname, resolve } from 'node:path';
import { readSmallFile, UsageError } from '@ubmsc/base';
import * as v from 'valibot';
import { webConfigSchema } from './schema.ts';
import { readTls, type TlsConfig } from './tls.ts';

/** What a web configuration says. */
export interface WebConfig {
  readonly tls: TlsConfig | undefined;
  /** Hashes of passwords by user; nobody is asked for one where there is none. */
  readonly users: ReadonlyMap<string, string>;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** One request each interval, in milliseconds, and this many at once; undefined for no limit. */
  readonly rateLimit: { readonly interval: number; readonly burst: number } | undefined;
  /** The files that it was read from, its own first. */
  readonly files: readonly string[];
}

const HINT = 'see docs/exporter.md for what it may say';

/**
 * Reads a web configuration and the files that it names, which are relative to it.
 * @throws {UsageError} it cannot be read, or is not valid; nothing of it is in the message but names of keys.
 */
export async function readWebConfig(file: string): Promise<WebConfig> {
  // Imported when there is such a file: the library takes its time to load.
  const { parseYaml } = await import('./parse-yaml.ts');
  const document = parseYaml((await readSmallFile(file)).toString('utf8'), file);
  const result = v.safeParse(webConfigSchema, document ?? {}, { abortPipeEarly: true });
  if (!result.success) throw problem(file, result.issues[0]);
  const {
    tls_server_config: tls,
    basic_auth_users: users,
    http_server_config: http,
    rate_limit: rate,
  } = result.output;
  const names = [tls?.cert_file, tls?.key_file, tls?.client_ca_file].filter((name) => name !== undefined);
  return {
    tls: tls && (await readTls(file, tls)),
    users: new Map(Object.entries(users)),
    headers: http?.headers ?? {},
    rateLimit: rate && rate.interval > 0 ? rate : undefined,
    files: [file, ...names.map((name) => resolve(dirname(file), name))],
  };
}

function problem(file: string, issue: v.InferIssue<typeof webConfigSchema>): UsageError {
  const path = (issue.path ?? []).map(({ key }) => String(key)).join('.');
  const message =
    issue.type === 'strict_object' && issue.expected === 'never'
      ? 'there is no such key here'
      : issue.message;
  return new UsageError(`${file}: ${path === '' ? message : `${path}: ${message}`}`, HINT);
}
