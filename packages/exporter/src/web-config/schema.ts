import * as v from 'valibot';

const text = v.pipe(v.string('it must be text'), v.nonEmpty('it is empty'));

/** What the file calls a version of TLS, and what Node calls it. */
export const tlsVersions = { TLS10: 'TLSv1', TLS11: 'TLSv1.1', TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

const version = v.picklist(
  ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const satisfies (keyof typeof tlsVersions)[],
  'it must be one of TLS10, TLS11, TLS12, TLS13',
);

const clientAuth = ['NoClientCert', 'RequireAndVerifyClientCert'] as const;

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
 * The file for TLS and users that all exporters of Prometheus have:
 * https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
 */
export const webConfigSchema = v.strictObject({
  tls_server_config: v.optional(
    v.strictObject({
      cert_file: text,
      key_file: text,
      client_ca_file: v.optional(text),
      client_auth_type: v.optional(
        v.picklist(clientAuth, `it must be one of ${clientAuth.join(', ')}; there are no others here`),
      ),
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
});
