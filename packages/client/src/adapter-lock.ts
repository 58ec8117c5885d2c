import { isHolder, log, mayUseRadios, takeLock, type LockHolder, type LockOptions } from '@ubmsc/base';
import { AdapterError } from '@ubmsc/session';

/**
 * Takes an adapter of this machine for this process: two that scan and connect on one controller end each other's
 * links. Rejects with an AdapterError that says who holds it. Only a process that may use the controller can hold it.
 */
export async function lockAdapter(title: string, options: LockOptions = {}): Promise<AsyncDisposable> {
  let lock: AsyncDisposable | LockHolder;
  try {
    lock = await takeLock(title, { mayHold: mayUseRadios, ...options });
  } catch (error) {
    // Where no lock can be taken, there is none: it protects from mistakes, and reading goes on without it.
    log('warn', 'adapter', () => `${title} cannot be locked: ${String(error)}`);
    return { [Symbol.asyncDispose]: async () => {} };
  }
  if (isHolder(lock)) throw held(title, lock);
  return lock;
}

function held(title: string, { pid, command }: LockHolder): AdapterError {
  const process = pid === undefined ? 'another process' : `process ${pid}`;
  return new AdapterError(
    `${title} is held by ${process}${command ? ` (${command})` : ''}`,
    'end that process, or choose another adapter',
    { reason: 'adapterBusy' },
  );
}
