import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AdapterError } from '@ubmsc/session';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { resetController } from './reset-controller.ts';

const { signal } = new AbortController();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-reset-'));
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Puts a program in the place of BlueZ's. */
async function hciconfig(script: string): Promise<void> {
  const file = join(folder, 'hciconfig');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

test('a controller is reset by hciconfig', async () => {
  await hciconfig(`echo "$@" > ${folder}/asked`);
  await resetController('hci1', signal);
  expect(await readFile(join(folder, 'asked'), 'utf8')).toBe('hci1 reset\n');
});

test('one that cannot be reset gives an error with the next step', async () => {
  await hciconfig('exit 1');
  const error: unknown = await resetController('hci0', signal).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AdapterError);
  expect(error).toHaveProperty('hint', expect.stringContaining('CAP_NET_ADMIN'));
});

test.each(['sim:2', 'unix:/run/ether.sock', 'hci0; reboot'])('%s has nothing to reset', async (title) => {
  await hciconfig('exit 1');
  await expect(resetController(title, signal)).resolves.toBeUndefined();
});
