import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { UsageError } from '@ubmsc/base';
import * as v from 'valibot';
import { tlsVersions, webConfigSchema } from './schema.ts';

type Schema = v.InferOutput<typeof webConfigSchema>;

/** What a web configuration says. */
export interface WebConfig {
  readonly tls: TlsConfig | undefined;
  /** Hashes of passwords by user; nobody is asked for one where there is none. */
  readonly users: ReadonlyMap<string, string>;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** The files that it was read from, its own first. */
  readonly files: readonly string[];
}

export interface TlsConfig {
  readonly context: SecureContextOptions;
  /** Whether clients must have a certificate that `client_ca_file` has signed. */
  readonly clientCertificate: boolean;
}

const HINT = 'see docs/exporter.md for what it may say';

/**
 * Reads a web configuration and the files that it names, which are relative to it.
 * @throws {UsageError} it cannot be read, or is not valid; nothing of it is in the message but names of keys.
 */
export async function readWebConfig(file: string): Promise<WebConfig> {
  // Imported when there is such a file: the library takes its time to load.
  const { parseYaml } = await import('./parse-yaml.ts');
  const document = parseYaml(await read(file), file);
  const result = v.safeParse(webConfigSchema, document ?? {}, { abortPipeEarly: true });
  if (!result.success) throw problem(file, result.issues[0]);
  const { tls_server_config: tls, basic_auth_users: users, http_server_config: http } = result.output;
  const names = tls ? [tls.cert_file, tls.key_file, tls.client_ca_file ?? []].flat() : [];
  return {
    tls: tls && (await readTls(file, tls)),
    users: new Map(Object.entries(users)),
    headers: http?.headers ?? {},
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

async function readTls(file: string, tls: NonNullable<Schema['tls_server_config']>): Promise<TlsConfig> {
  const clientCertificate = tls.client_auth_type === 'RequireAndVerifyClientCert';
  if (clientCertificate !== (tls.client_ca_file !== undefined)) {
    throw new UsageError(
      `${file}: client_ca_file and client_auth_type: RequireAndVerifyClientCert go together`,
      HINT,
    );
  }
  const readNamed = async (name: string): Promise<string> => await read(resolve(dirname(file), name));
  const context = {
    cert: await readNamed(tls.cert_file),
    key: await readNamed(tls.key_file),
    ...(tls.client_ca_file !== undefined && { ca: await readNamed(tls.client_ca_file) }),
    minVersion: tlsVersions[tls.min_version],
    maxVersion: tlsVersions[tls.max_version],
    honorCipherOrder: tls.prefer_server_cipher_suites,
  };
  try {
    createSecureContext(context);
  } catch (error) {
    throw new UsageError(
      `${file}: these certificates cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      'cert_file and key_file must be PEM and belong together',
      { cause: error },
    );
  }
  return { context, clientCertificate };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
      'give a file that exists and that ubmsc may read',
      { cause: error },
    );
  }
}
