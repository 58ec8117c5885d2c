import { errorCode, fileProblem, UbmscError, UsageError } from '@ubmsc/base';

/** A file or a folder of a history is there, and cannot be read, written or removed. */
export class HistoryError extends UsageError {}

/**
 * Does something with a file or a folder of a history, which has this path.
 * @throws {HistoryError} it cannot be `done`: read, written, or removed.
 */
export async function onDisk<T>(
  path: string,
  done: 'read' | 'written' | 'removed',
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof UbmscError) throw cause;
    throw new HistoryError(...fileProblem(path, done, cause, hints), { cause });
  }
}

const hints = {
  denied: 'run it as the user who keeps the history, or give that user what is in its folder',
  unusable: 'move it out of the folder of the history, which goes on without it; a backup may have it',
};

/** The same with something that may not be there; undefined then. */
export async function ifThere<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
  return await onDisk(path, 'read', async () => {
    try {
      return await work();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}
