import { vi } from 'vitest';

/** Only for what never happens: a busy machine may need many times as long as a quiet one. */
const TIMEOUT = 300_000;

/** Waits until `check` no longer throws, and resolves with what it returns. */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return await vi.waitFor(check, { timeout: TIMEOUT, interval: 20 });
}
