import { startBus, withoutBus } from '@ubmsc/testing';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BluezSource } from './bluez-source.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ubmsc-no-bus-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function openAt(address: string): Promise<unknown> {
  vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', address);
  return await new BluezSource('bluez', {}).open().catch((error: unknown) => error);
}

test('without a bus the error says so', async () => {
  expect(await openAt(`unix:path=${join(folder, 'none')}`)).toMatchObject({
    name: 'AdapterError',
    message: expect.stringContaining('no D-Bus'),
  });
});

test.each([
  ['REJECTED EXTERNAL\r\n', 'does not let this process'],
  ['', 'does not let this process'],
])('a bus that answers %j and hangs up is an error', async (answer, text) => {
  const path = join(folder, 'socket');
  const server = createServer((socket) => {
    socket.once('data', () => socket.end(answer));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  expect(await openAt(`unix:path=${path}`)).toMatchObject({
    name: 'AdapterError',
    message: expect.stringContaining(text),
  });
  await new Promise((resolve) => server.close(resolve));
});

const skipped = withoutBus();

describe.skipIf(skipped)(skipped ?? 'on a bus', () => {
  test('without bluetoothd the error says so', async () => {
    await using bus = await startBus();
    expect(await openAt(bus.address)).toMatchObject({
      name: 'AdapterError',
      message: 'bluez cannot be used: bluetoothd does not run',
    });
  });
});
