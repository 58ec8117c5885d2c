import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { hasOpenssl, makeCertificate } from '@ubmsc/testing';
import { request, type Response } from '../../test/request.ts';
import { serve } from '../http/serve.ts';
import { WebConfigFile } from './web-config-file.ts';
import { readWebConfig } from './web-config.ts';

const log = vi.fn();
const ok = async (): Promise<{ status: number; body: string }> => ({ status: 200, body: 'ok' });
const hash = hashSync('secret', 4);

let folder = '';
let file = '';

beforeEach(async () => {
  log.mockReset();
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
  file = join(folder, 'web.yml');
});

afterEach(async () => await rm(folder, { recursive: true, force: true }));

const serving = async (webConfig: WebConfigFile): ReturnType<typeof serve> =>
  await serve({ url: new URL('http://127.0.0.1:0/metrics'), answer: ok, log, webConfig });

const basic = (user: string, password: string): { headers: { Authorization: string } } => ({
  headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
});

describe('users', () => {
  const statusOf = async (...args: Parameters<typeof request>): Promise<number> =>
    (await request(...args)).status;

  test('are asked for their passwords', async () => {
    await writeFile(file, `basic_auth_users:\n  anna: ${hash}\n`);
    using webConfig = await WebConfigFile.open(file, log);
    await using server = await serving(webConfig);
    const refused = await request(server.url);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="ubmsc", charset="UTF-8"',
    ]);
    const credentials = [
      basic('anna', 'secret'),
      basic('anna', 'secret'),
      basic('anna', 'wrong'),
      basic('anna', ''),
      basic('nobody', 'secret'),
      basic('__proto__', 'secret'),
      { headers: { Authorization: 'Basic !' } },
      { headers: { Authorization: 'Bearer secret' } },
    ];
    const statuses: number[] = [];
    for (const each of credentials) statuses.push(await statusOf(server.url, each));
    expect(statuses).toEqual([200, 200, 401, 401, 401, 401, 401, 401]);
  });

  test('are not asked for to learn whether the program lives', async () => {
    await writeFile(file, `basic_auth_users:\n  anna: ${hash}\n`);
    using webConfig = await WebConfigFile.open(file, log);
    await using server = await serving(webConfig);
    const at = (path: string): URL => new URL(path, server.url);
    expect([await statusOf(at('/-/healthy')), await statusOf(at('/-/ready'))]).toEqual([200, 401]);
    const url = new URL('http://127.0.0.1:0/-/healthy');
    await using metricsThere = await serve({ url, answer: ok, log, webConfig });
    expect(await statusOf(metricsThere.url)).toBe(401);
  });

  test('who are taken out of the file are refused once it was read again, with no restart', async () => {
    await writeFile(file, `basic_auth_users:\n  anna: ${hash}\n`);
    using webConfig = await WebConfigFile.open(file, log);
    await using server = await serving(webConfig);
    expect(await statusOf(server.url, basic('anna', 'secret'))).toBe(200);
    await writeFile(file, `basic_auth_users:\n  bert: ${hash}\n`);
    await webConfig.reload();
    expect(await statusOf(server.url, basic('anna', 'secret'))).toBe(401);
    expect(await statusOf(server.url, basic('bert', 'secret'))).toBe(200);
  });

  test.each([
    ['is emptied', async () => await writeFile(file, '')],
    ['has comments alone', async () => await writeFile(file, '# soon\n')],
    ['has no users any more', async () => await writeFile(file, 'basic_auth_users: {}\n')],
    ['has other keys alone', async () => await writeFile(file, 'http_server_config: {http2: false}\n')],
    ['is cut off', async () => await writeFile(file, 'basic_auth_users:\n  anna:')],
    ['vanishes', async () => await rm(file)],
    ['is endless', async () => await rm(file).then(async () => await symlink('/dev/zero', file))],
  ])('are asked for their passwords also when the file %s while it is in use', async (_, change) => {
    await writeFile(file, `basic_auth_users:\n  anna: ${hash}\n`);
    using webConfig = await WebConfigFile.open(file, log);
    await using server = await serving(webConfig);
    await change();
    await webConfig.reload();
    expect(await statusOf(server.url)).toBe(401);
    expect(await statusOf(server.url, basic('anna', 'secret'))).toBe(200);
    expect(log).toHaveBeenCalledWith(
      expect.stringMatching(/^(warn|error)$/),
      expect.stringContaining('stays as it was'),
    );
  });

  test('stay as they were when the file is no longer valid', async () => {
    await writeFile(file, `basic_auth_users:\n  anna: ${hash}\n`);
    using webConfig = await WebConfigFile.open(file, log);
    await writeFile(file, 'basic_auth_users: {anna: plain}\n');
    await webConfig.reload();
    expect(webConfig.current.users.get('anna')).toBe(hash);
    expect(log).toHaveBeenCalledWith('error', expect.stringContaining('stays as it was'));
  });
});

test('rate_limit refuses what is more than it allows, but never health', async () => {
  await writeFile(file, 'rate_limit: {interval: 1h, burst: 3}\n');
  using webConfig = await WebConfigFile.open(file, log);
  await using server = await serving(webConfig);
  const statuses: number[] = [];
  for (let index = 0; index < 4; index++) statuses.push((await request(server.url)).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  expect((await request(new URL('/-/healthy', server.url))).status).toBe(200);
});

test('headers of the file are in every answer', async () => {
  await writeFile(file, 'http_server_config:\n  headers:\n    Strict-Transport-Security: max-age=1\n');
  using webConfig = await WebConfigFile.open(file, log);
  await using server = await serving(webConfig);
  expect((await request(server.url)).headers['strict-transport-security']).toBe('max-age=1');
});

describe('what is wrong is said, without what may be a secret', () => {
  test.each([
    ['frobnicate: 1', 'frobnicate: there is no such key here'],
    [
      'tls_server_config: {cert_file: a, key_file: b, cipher_suites: [s3cret]}',
      'tls_server_config.cipher_suites',
    ],
    ['tls_server_config: {cert_file: a, cert: s3cret, key_file: b}', 'cert and cert_file'],
    ['rate_limit: {interval: s3cret}', 'rate_limit.interval'],
    ['tls_server_config: {cert: a}', 'tls_server_config.key_file'],
    ['tls_server_config: {cert_file: a, key_file: b}', 'a: ENOENT'],
    ['tls_server_config: {cert_file: a, key_file: b, client_ca_file: c}', 'go together'],
    ['tls_server_config: {cert_file: a, key_file: b, min_version: TLS9}', 'TLS10, TLS11'],
    ['basic_auth_users: {anna: s3cret}', 'basic_auth_users.anna: it must be a password hashed with bcrypt'],
    ['basic_auth_users: {anna: "s3cret', 'is not YAML'],
    ['http_server_config: {headers: {"X Y": s3cret}}', 'not the name of a header'],
    ['http_server_config: {headers: {X: "s3cret\\r\\nSet-Cookie: a"}}', 'one line of ASCII'],
    ['[1]', 'web.yml'],
  ])('%j', async (text, problem) => {
    await writeFile(file, text);
    const reading = readWebConfig(file);
    await expect(reading).rejects.toThrow(problem);
    await expect(reading).rejects.not.toThrow('s3cret');
  });

  test.each([
    ['too long', `a: ${'s3cret'.repeat(200_000)}`, 'longer than'],
    ['nested too deeply', `${'['.repeat(20_000)}s3cret${']'.repeat(20_000)}`, 'is not YAML'],
  ])('a file that is %s', async (_, text, problem) => {
    await writeFile(file, text);
    const reading = readWebConfig(file);
    await expect(reading).rejects.toThrow(problem);
    await expect(reading).rejects.not.toThrow('s3cret');
  });

  test('a file that is not there', async () => {
    await expect(readWebConfig(file)).rejects.toThrow('cannot read');
  });

  test('an empty file asks for nothing', async () => {
    await writeFile(file, '# nothing\n');
    expect(await readWebConfig(file)).toEqual({
      tls: undefined,
      users: new Map(),
      headers: {},
      rateLimit: undefined,
      files: [file],
    });
  });
});

describe.skipIf(!hasOpenssl)(`TLS${hasOpenssl ? '' : ' (skipped: openssl is not installed)'}`, () => {
  const tls = (more = ''): string =>
    `tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n${more}`;

  test('is spoken with the certificate of the file, and with a new one once it was read again', async () => {
    makeCertificate(folder, 'server');
    await writeFile(file, tls());
    using webConfig = await WebConfigFile.open(file, log);
    await using server = await serving(webConfig);
    expect(server.url.protocol).toBe('https:');
    const get = async (): Promise<Response> =>
      await request(server.url, { ca: await readFile(join(folder, 'server.crt'), 'utf8') });
    expect((await get()).body.toString()).toBe('ok');
    makeCertificate(folder, 'server');
    await expect(get()).rejects.toThrow(/self-signed|signature/);
    await webConfig.reload();
    expect((await get()).status).toBe(200);
  });

  test('can ask clients for a certificate', async () => {
    const { cert } = makeCertificate(folder, 'server');
    const client = makeCertificate(folder, 'client');
    const stranger = makeCertificate(folder, 'stranger');
    await writeFile(
      file,
      tls('  client_ca_file: client.crt\n  client_auth_type: RequireAndVerifyClientCert\n'),
    );
    using webConfig = await WebConfigFile.open(file, log);
    await using server = await serving(webConfig);
    const get = async (own?: typeof client): Promise<Response> =>
      await request(server.url, {
        ca: await readFile(cert, 'utf8'),
        ...(own && { cert: await readFile(own.cert, 'utf8'), key: await readFile(own.key, 'utf8') }),
      });
    expect((await get(client)).status).toBe(200);
    await expect(get()).rejects.toThrow();
    await expect(get(stranger)).rejects.toThrow();
  });

  test('takes certificates that stand in the file, and all keys that exporters of Prometheus have', async () => {
    const { cert, key } = makeCertificate(folder, 'server');
    const indented = async (name: string): Promise<string> =>
      (await readFile(name, 'utf8')).trimEnd().replaceAll('\n', '\n    ');
    await writeFile(
      file,
      [
        'tls_server_config:',
        `  cert: |\n    ${await indented(cert)}`,
        `  key: |\n    ${await indented(key)}`,
        `  client_ca: |\n    ${await indented(cert)}`,
        '  client_auth_type: VerifyClientCertIfGiven',
        '  client_allowed_sans: [nobody]',
        '  min_version: TLS12',
        '  max_version: TLS13',
        '  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256]',
        '  prefer_server_cipher_suites: true',
        '  curve_preferences: [X25519MLKEM768, X25519, CurveP256]',
        'http_server_config: {http2: true, headers: {X-Frame-Options: deny}}',
        `basic_auth_users: {anna: ${hash}}`,
        'rate_limit: {interval: 1m30s, burst: 100}',
      ].join('\n'),
    );
    using webConfig = await WebConfigFile.open(file, log);
    expect(webConfig.current.rateLimit).toEqual({ interval: 90_000, burst: 100 });
    await using server = await serving(webConfig);
    const ca = await readFile(cert, 'utf8');
    const get = async (more = {}): Promise<Response> =>
      await request(server.url, { ca, ...basic('anna', 'secret'), ...more });
    expect((await get()).status).toBe(200);
    expect((await get({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' })).status).toBe(200);
    await expect(get({ ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384', maxVersion: 'TLSv1.2' })).rejects.toThrow();
    await expect(get({ cert: ca, key: await readFile(key, 'utf8') })).rejects.toThrow();
  });

  test.each([
    ['RequestClientCert', 200, 200],
    ['RequireAnyClientCert', 'closed', 200],
    ['VerifyClientCertIfGiven', 200, 'closed'],
    ['RequireAndVerifyClientCert', 'closed', 'closed'],
  ])(
    '%s: a client without a certificate is %s, one with that of a stranger %s',
    async (type, none, other) => {
      makeCertificate(folder, 'server');
      makeCertificate(folder, 'client');
      const stranger = makeCertificate(folder, 'stranger');
      await writeFile(file, tls(`  client_ca_file: client.crt\n  client_auth_type: ${type}\n`));
      using webConfig = await WebConfigFile.open(file, log);
      await using server = await serving(webConfig);
      const ca = await readFile(join(folder, 'server.crt'), 'utf8');
      const get = async (own = {}): Promise<number | string> =>
        await request(server.url, { ca, ...own }).then(
          ({ status }) => status,
          () => 'closed',
        );
      const own = { cert: await readFile(stranger.cert, 'utf8'), key: await readFile(stranger.key, 'utf8') };
      expect([await get(), await get(own)]).toEqual([none, other]);
    },
  );

  test('needs a key that belongs to the certificate', async () => {
    makeCertificate(folder, 'server');
    await writeFile(join(folder, 'server.key'), 'nonsense');
    await writeFile(file, tls());
    await expect(readWebConfig(file)).rejects.toThrow('these certificates cannot be used');
  });

  test('is asked for by a URL only with a certificate', async () => {
    const url = new URL('https://127.0.0.1:0/');
    await expect(serve({ url, answer: ok, log })).rejects.toThrow('cannot listen on https://127.0.0.1:0/');
  });
});
