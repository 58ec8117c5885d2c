import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { UsageError } from '@ubmsc/base';

/**
 * Takes a folder for this process, until it is disposed of or the process ends, however it ends: the lock is a socket
 * that listens. Where there can be no socket, there is no lock: it protects from mistakes.
 * @throws {UsageError} another process has it.
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const file = join(folder, 'lock');
  if (await isTaken(file)) {
    throw new UsageError(
      `the buffer ${folder} is used by another process`,
      'end that process, or give each of them a folder of its own',
    );
  }
  await rm(file, { force: true }).catch(() => {});
  const server = createServer((socket) => socket.destroy()).unref();
  server.on('error', () => {});
  server.listen(file);
  await Promise.race([once(server, 'listening'), once(server, 'close')]).catch(() => {});
  return {
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

async function isTaken(file: string): Promise<boolean> {
  const socket = connect(file);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
