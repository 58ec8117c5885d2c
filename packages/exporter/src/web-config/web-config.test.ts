import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

  test('stay as they were when the file is no longer valid', async () => {
    await writeFile(file, `basic_auth_users:\n  anna: ${hash}\n`);
    using webConfig = await WebConfigFile.open(file, log);
    await writeFile(file, 'basic_auth_users: {anna: plain}\n');
    await webConfig.reload();
    expect(webConfig.current.users.get('anna')).toBe(hash);
    expect(log).toHaveBeenCalledWith('error', expect.stringContaining('stays as it was'));
  });
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
    ['tls_server_config: {cert_file: a, key_file: b, cipher_suites: []}', 'tls_server_config.cipher_suites'],
    ['tls_server_config: {cert_file: a}', 'tls_server_config.key_file'],
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

  test('a file that is not there', async () => {
    await expect(readWebConfig(file)).rejects.toThrow('cannot read');
  });

  test('an empty file asks for nothing', async () => {
    await writeFile(file, '# nothing\n');
    expect(await readWebConfig(file)).toEqual({
      tls: undefined,
      users: new Map(),
      headers: {},
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
