import { vi } from 'vitest';

/** What has been written so far. */
export interface Written {
  stdout: string;
  stderr: string;
}

/** Takes what the process writes, until mocks are restored. */
export function captureOutput(): Written {
  const written: Written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text: unknown, ...more: readonly unknown[]) => {
      written[name] += String(text);
      for (const done of more) if (typeof done === 'function') done();
      return true;
    });
  }
  return written;
}
