import { dirname, resolve } from 'node:path';
import { createSecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { readSmallFile, UsageError } from '@ubmsc/base';
import type * as v from 'valibot';
import { curves, tlsVersions, type webConfigSchema } from './schema.ts';

type TlsTable = NonNullable<v.InferOutput<typeof webConfigSchema>['tls_server_config']>;

export interface TlsConfig {
  readonly context: SecureContextOptions;
  /** Whether clients are asked for a certificate. */
  readonly asksForCertificate: boolean;
  /** Whether they must have one that the CA has signed. */
  readonly clientCertificate: boolean;
  /** Whether a client may go on, once TLS is agreed on. */
  readonly admits: (socket: TLSSocket) => boolean;
}

const HINT = 'see docs/exporter.md for what it may say';

/** Suites of TLS 1.3 cannot be chosen in the file: it names those of TLS 1.2. */
const TLS13_SUITES = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'];

/**
 * What the table `tls_server_config` of a file says, with the files that it names, which are relative to it.
 * @throws {UsageError} it cannot be used.
 */
export async function readTls(file: string, tls: TlsTable): Promise<TlsConfig> {
  const pem = async (name: 'cert' | 'key' | 'client_ca'): Promise<string | undefined> => {
    const named = tls[`${name}_file`];
    if (named !== undefined && tls[name] !== undefined)
      throw new UsageError(`${file}: tls_server_config has ${name} and ${name}_file: give one of them`, HINT);
    if (named === undefined) return tls[name];
    return (await readSmallFile(resolve(dirname(file), named))).toString('utf8');
  };
  const required = async (name: 'cert' | 'key'): Promise<string> => {
    const text = await pem(name);
    if (text !== undefined) return text;
    throw new UsageError(`${file}: tls_server_config.${name}_file: it is missing`, HINT);
  };
  const type = tls.client_auth_type;
  const verifies = type === 'RequireAndVerifyClientCert' || type === 'VerifyClientCertIfGiven';
  const hasAuthority = tls.client_ca_file !== undefined || tls.client_ca !== undefined;
  if (hasAuthority ? type === 'NoClientCert' : verifies) {
    throw new UsageError(
      `${file}: client_ca_file and client_auth_type: RequireAndVerifyClientCert go together`,
      HINT,
    );
  }
  const authority = await pem('client_ca');
  const context: SecureContextOptions = {
    cert: await required('cert'),
    key: await required('key'),
    ...(authority !== undefined && { ca: authority }),
    minVersion: tlsVersions[tls.min_version],
    maxVersion: tlsVersions[tls.max_version],
    ...(tls.cipher_suites.length > 0 && {
      ciphers: [...TLS13_SUITES, ...tls.cipher_suites.map(nameOfSuite)].join(':'),
    }),
    ...(tls.curve_preferences.length > 0 && {
      ecdhCurve: tls.curve_preferences.flatMap((curve) => curves[curve] ?? []).join(':'),
    }),
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
  return {
    context,
    asksForCertificate: type !== 'NoClientCert',
    clientCertificate: type === 'RequireAndVerifyClientCert',
    admits: (socket) => {
      const names = namesOf(socket);
      const isGiven = names !== undefined;
      if (!isGiven) return type !== 'RequireAnyClientCert' && type !== 'RequireAndVerifyClientCert';
      if (verifies && !socket.authorized) return false;
      const allowed = tls.client_allowed_sans;
      return allowed.length === 0 || names.some((name) => allowed.includes(name));
    },
  };
}

/** What OpenSSL calls a suite that Go calls `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. */
function nameOfSuite(suite: string): string {
  return suite
    .replace(/^TLS_(RSA_WITH_)?/, '')
    .replace('_WITH_', '_')
    .replace(/AES_(\d+)_(CBC_)?/, 'AES$1_')
    .replace(/(POLY1305)_SHA256$/, '$1')
    .replaceAll('_', '-');
}

/** The alternative names of the client's certificate; undefined when it has given none. */
function namesOf(socket: TLSSocket): readonly string[] | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  // Node puts those with special characters in quotes, so that none can pretend to be several.
  const entries = certificate.subjectAltName?.match(/[^:,]+:("(?:[^"\\]|\\.)*"|[^,]*)/g) ?? [];
  return entries.map((entry) => {
    const name = entry.slice(entry.indexOf(':') + 1);
    return name.startsWith('"') ? String(JSON.parse(name)) : name;
  });
}
