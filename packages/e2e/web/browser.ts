import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';

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

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly target: unknown }[];
}

/** What axe finds on a page that is serious or critical, in the light and in the dark. */
export async function seriousFaults(page: Page): Promise<readonly unknown[]> {
  const all: Violation[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // The page allows no script but its own, so axe is put in by the browser's debugger.
    await page.evaluate(readFileSync(axe, 'utf8'));
    const found: { readonly violations: readonly Violation[] } = await page.evaluate(
      async () => await Reflect.get(globalThis, 'axe').run(),
    );
    all.push(...found.violations);
  }
  return all
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, impact, nodes }) => ({ id, impact, targets: nodes.map(({ target }) => String(target)) }));
}
