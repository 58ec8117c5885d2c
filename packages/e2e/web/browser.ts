import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Debian's browser. */
const executablePath = '/usr/bin/chromium';

/** Why there is no browser; undefined where there is one. */
export const withoutBrowser = existsSync(executablePath) ? undefined : 'chromium is not installed';

export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
