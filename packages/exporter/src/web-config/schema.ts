import * as v from 'valibot';

const text = v.pipe(v.string('it must be text'), v.nonEmpty('it is empty'));

/** What the file calls a version of TLS, and what Node calls it. */
export const tlsVersions = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

const version = v.picklist(
  ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const satisfies (keyof typeof tlsVersions)[],
  'it must be one of TLS10, TLS11, TLS12, TLS13',
);

const clientAuth = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const;

/** What the file calls a curve, and what OpenSSL calls it; undefined where the OpenSSL of Node 20 has none. */
export const curves = {
  CurveP256: 'P-256',
  CurveP384: 'P-384',
  CurveP521: 'P-521',
  X25519: 'X25519',
  X25519MLKEM768: undefined,
} as const;

const curve = v.picklist(
  [
    'CurveP256',
    'CurveP384',
    'CurveP521',
    'X25519',
    'X25519MLKEM768',
  ] as const satisfies (keyof typeof curves)[],
  'it must be one of CurveP256, CurveP384, CurveP521, X25519, X25519MLKEM768',
);

const suite = v.pipe(
  v.string('it must be text'),
  v.regex(
    /^TLS_[A-Z0-9_]+$/,
    'it must be the name of a suite, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  ),
);

/** Milliseconds of each unit of a duration of Go. */
const units = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A duration such as `1m30s`, in milliseconds. */
const duration = v.pipe(
  v.union([v.string(), v.literal(0)], 'it must be a duration, such as 100ms'),
  v.transform(String),
  v.regex(/^(0|(\d{1,9}(\.\d{1,9})?(ns|us|µs|ms|s|m|h))+)$/, 'it must be a duration, such as 100ms'),
  v.transform((written) =>
    [...written.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)].reduce((sum, [, number, unit = '']) => {
      const found = Object.entries(units).find(([name]) => name === unit);
      return sum + Number(number) * (found?.[1] ?? 0);
    }, 0),
  ),
);

const bcryptHash = v.pipe(
  v.string('it must be text'),
  v.regex(
    /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/,
    'it must be a password hashed with bcrypt, as htpasswd -nBC 10 "" prints it',
  ),
);

const headerName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'it is not the name of a header'),
);
const headerValue = v.pipe(
  v.string('it must be text'),
  v.regex(/^[\t\x20-\x7e]*$/, 'it must be one line of ASCII'),
);

/**
 * The file for TLS and users that all exporters of Prometheus have, with all keys that are documented:
 * https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
 */
export const webConfigSchema = v.strictObject({
  tls_server_config: v.optional(
    v.strictObject({
      cert: v.optional(text),
      cert_file: v.optional(text),
      key: v.optional(text),
      key_file: v.optional(text),
      client_ca: v.optional(text),
      client_ca_file: v.optional(text),
      client_auth_type: v.optional(
        v.picklist(clientAuth, `it must be one of ${clientAuth.join(', ')}`),
        'NoClientCert',
      ),
      client_allowed_sans: v.optional(v.array(text, 'it must be a list'), []),
      cipher_suites: v.optional(v.array(suite, 'it must be a list'), []),
      curve_preferences: v.optional(v.array(curve, 'it must be a list'), []),
      min_version: v.optional(version, 'TLS12'),
      max_version: v.optional(version, 'TLS13'),
      prefer_server_cipher_suites: v.optional(v.boolean('it must be true or false'), true),
    }),
  ),
  http_server_config: v.optional(
    v.strictObject({
      // Clients that know HTTP/2 speak HTTP/1.1 with a server that does not.
      http2: v.optional(v.boolean('it must be true or false')),
      headers: v.optional(v.record(headerName, headerValue), {}),
    }),
  ),
  basic_auth_users: v.optional(v.record(text, bcryptHash), {}),
  rate_limit: v.optional(
    v.strictObject({
      interval: v.optional(duration, 0),
      burst: v.optional(
        v.pipe(
          v.number('it must be a number'),
          v.integer('it must be an integer'),
          v.minValue(0, 'it must not be negative'),
        ),
        0,
      ),
    }),
  ),
});
