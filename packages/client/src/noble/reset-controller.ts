import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AdapterError } from '@ubmsc/session';

/** How long a controller may take, in milliseconds. */
const RESET_TIMEOUT = 10_000;

/**
 * Resets a Bluetooth controller of this machine, as `hciconfig hci0 reset` of BlueZ does; it needs CAP_NET_ADMIN. What is
 * no controller, as `sim`, has nothing to reset.
 * @throws {AdapterError} it could not be reset.
 */
export async function resetController(title: string, signal: AbortSignal): Promise<void> {
  if (!/^hci\d+$/.test(title)) return;
  try {
    await promisify(execFile)('hciconfig', [title, 'reset'], { signal, timeout: RESET_TIMEOUT });
  } catch (cause) {
    signal.throwIfAborted();
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new AdapterError(
      `${title} could not be reset: ${text.split('\n', 1)[0]}`,
      'install hciconfig of BlueZ, and give the process CAP_NET_ADMIN',
      { cause },
    );
  }
}
