import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { hasOpenssl, makeCertificate, times } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { start, temporaryFolder } from './command.ts';

const users = 'basic_auth_users: {anna: "$2b$04$pdwk5mgStUfliN/Zb8WR9u/BXkoLNkMn5X5eM9rSjct4lnDLPuEdu"}\n';
const tls = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';
const clients = '  client_ca_file: server.crt\n  client_auth_type: RequireAndVerifyClientCert\n';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** The command that the image runs as its health check. */
const healthCheck = async (): Promise<readonly string[]> => {
  const text = await readFile(new URL('../../../deploy/Dockerfile', import.meta.url), 'utf8');
  const [, command = '[]'] = /^HEALTHCHECK.*CMD (\[.*\])$/m.exec(text) ?? [];
  const words: unknown = JSON.parse(command);
  return Array.isArray(words) ? words.slice(1).map(String) : [];
};

describe.concurrent('the health check of the image', () => {
  test.each(
    [
      ['as it comes', ''],
      ['with users', users],
      ...(hasOpenssl
        ? [
            ['with TLS and users', tls + users],
            ['with certificates of clients', tls + clients],
          ]
        : []),
    ].slice(0, times(1, 4)),
  )('finds that an exporter lives, and that it does not, %s', async (_, web = '') => {
    await using folder = await temporaryFolder();
    makeCertificateIn(folder.path);
    await writeFile(folder.file('web.yml'), web);
    const environment = {
      UBMSC_URL: `http://0.0.0.0:${await freePort()}/metrics`,
      UBMSC_WEB_CONFIG_FILE: folder.file('web.yml'),
    };
    const check = async (): Promise<number | null> =>
      (await start(await healthCheck(), environment).ended).code;
    expect(await check()).toBe(5);
    const exporter = start(['export', '--adapter', 'sim'], environment);
    await exporter.told('/metrics\n');
    expect(await check()).toBe(0);
    exporter.process.kill('SIGTERM');
    await exporter.ended;
  });
});

function makeCertificateIn(folder: string): void {
  if (hasOpenssl) makeCertificate(folder, 'server');
}
