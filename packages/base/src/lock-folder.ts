import { join } from 'node:path';
import { UsageError } from './errors.ts';
import { isHolder, takeLock } from './lock.ts';

/** Longest name of a socket, in bytes (unix(7)). */
const LONGEST = 100;

/**
 * Takes a folder for this process, until it is disposed of or the process ends, however it ends. The lock is a socket
 * in the folder, so that containers that share the folder see it. Where there can be no socket, there is no lock: it
 * protects from mistakes. `what` is what the folder is, for people: `the buffer`.
 * @throws {UsageError} another process has it.
 */
export async function lockFolder(folder: string, what: string): Promise<AsyncDisposable | undefined> {
  const path = join(folder, 'lock');
  if (Buffer.byteLength(path) > LONGEST) return undefined;
  const lock = await takeLock(folder, { place: { path, isFile: true } }).catch(() => undefined);
  if (!lock || !isHolder(lock)) return lock;
  throw new UsageError(
    `${what} ${folder} is used by another process${lock.pid === undefined ? '' : `, ${lock.pid}`}`,
    'end that process, or give each of them a folder of its own',
  );
}
