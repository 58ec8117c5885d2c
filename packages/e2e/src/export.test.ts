import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { eventually } from '@ubmsc/testing';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, ubmsc } from './command.ts';
import { expectServed, startExporter } from './exporter.ts';

test.concurrent(
  'ubmsc export serves what batteries say as metrics, and ends well when it is asked to',
  async () => {
    await expectServed('export');
  },
);

test.concurrent('a web configuration asks for a password, and is read again at SIGHUP', async () => {
  await using folder = await temporaryFolder();
  const file = folder.file('web.yml');
  // The password is secret.
  const hash = '$2b$04$pdwk5mgStUfliN/Zb8WR9u/BXkoLNkMn5X5eM9rSjct4lnDLPuEdu';
  await writeFile(file, `basic_auth_users: {anna: "${hash}"}\n`);
  await using daemon = await startExporter('-e', '--adapter', 'sim', '--web.config.file', file);
  const statusFor = async (user: string): Promise<number> => {
    const headers = { Authorization: `Basic ${Buffer.from(`${user}:secret`).toString('base64')}` };
    return (await fetch(daemon.url, { headers })).status;
  };
  expect([await statusFor('anna'), await statusFor('bert')]).toEqual([200, 401]);
  await writeFile(file, `basic_auth_users: {bert: "${hash}"}\n`);
  daemon.running.process.kill('SIGHUP');
  await eventually(async () => expect(await statusFor('bert')).toBe(200));
  await writeFile(file, 'basic_auth_users: {bert: plain}\n');
  daemon.running.process.kill('SIGHUP');
  expect(await daemon.running.told('stays as it was')).toContain('hashed with bcrypt');
  expect(await statusFor('bert')).toBe(200);
});

describe.concurrent('what is wrong is said', () => {
  test('when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { code, stderr } = await ubmsc('-e', '--adapter', 'sim', '-u', `http://127.0.0.1:${port}/metrics`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`cannot listen on 127.0.0.1:${port}`)]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    other.close();
  });
});
