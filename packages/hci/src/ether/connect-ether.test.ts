import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { UsageError } from '@ubmsc/base';
import { connectEther } from './connect-ether.ts';
import { EtherError } from './ether-error.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ether-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Nobody can be relied on never to answer, but a socket that was never connected. */
function nobodyAnswers(): void {
  vi.spyOn(Socket.prototype, 'connect').mockReturnThis();
}

test('a socket that does not exist is an error that says so', async () => {
  const spec = `unix:${join(directory, 'none')}`;
  await expect(connectEther(spec)).rejects.toThrow(
    expect.objectContaining({
      name: 'EtherError',
      message: `cannot reach the ether at ${spec}: ENOENT`,
      hint: expect.stringContaining('start the simulator'),
      cause: expect.any(Error),
    }),
  );
});

test('a port where nobody listens is an error that says so', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => void server.once('listening', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await new Promise((resolve) => void server.close(resolve));
  await expect(connectEther(`tcp:127.0.0.1:${port}`)).rejects.toThrow(/ECONNREFUSED/);
});

test('a text that does not name an ether is an error', async () => {
  await expect(connectEther('hci0')).rejects.toThrow(UsageError);
});

test('a signal that came before ends the attempt with its reason', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(connectEther(`unix:${join(directory, 'none')}`, { signal })).rejects.toThrow('enough');
});

test('a signal that comes meanwhile ends the attempt with its reason', async () => {
  nobodyAnswers();
  const controller = new AbortController();
  const connecting = connectEther('tcp:silent:9', { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(connecting).rejects.toThrow('enough');
});

test('a host that does not answer in time is an error that says so', async () => {
  nobodyAnswers();
  await expect(connectEther('tcp:silent:9', { timeoutMs: 5 })).rejects.toThrow(
    expect.objectContaining({
      message: 'cannot reach the ether at tcp:silent:9: no answer in 5 ms',
      hint: expect.stringContaining('firewall'),
    }),
  );
});

describe('a host that gives no controller an address', () => {
  const address = 'C8:47:80:00:00:01';

  /** It calls back when it is asked for something. */
  function silentHost(asked = (): void => {}): string {
    const path = join(directory, 'silent');
    const server = createServer((socket) => socket.once('data', asked).on('error', () => undefined));
    server.listen(path);
    onTestFinished(() => void server.close());
    return `unix:${path}`;
  }

  test('is given up in time', async () => {
    await expect(connectEther(silentHost(), { address, timeoutMs: 50 })).rejects.toMatchObject({
      name: 'EtherError',
      message: expect.stringMatching(/: no answer in 50 ms$/),
    });
  });

  test('is given up with the reason of a signal', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const spec = silentHost(() => controller.abort(new Error('enough')));
    await expect(connectEther(spec, { address, signal })).rejects.toThrow('enough');
  });
});

test('connecting makes no file', async () => {
  const path = join(directory, 'none');
  await expect(connectEther(`unix:${path}`)).rejects.toThrow(EtherError);
  expect(existsSync(path)).toBe(false);
});
