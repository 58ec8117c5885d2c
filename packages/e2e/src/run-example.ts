import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect } from 'vitest';

// Bundled into this package's folder, from where noble is found.
const packageFolder = fileURLToPath(new URL('../', import.meta.url));

/** The programs in a document. */
export const examplesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);

/** How an example is run. */
export interface ExampleOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Interrupts it when it has printed what matches this; without it, it ends by itself. */
  readonly until?: RegExp;
}

/** Runs an example as its reader would, and resolves with what it prints. */
export async function runExample(code: string, { env, until }: ExampleOptions = {}): Promise<string> {
  const folder = await mkdtemp(join(packageFolder, 'dist-'));
  try {
    const outfile = join(folder, 'example.js');
    await build({
      stdin: { contents: code, loader: 'ts', resolveDir: packageFolder },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      conditions: ['@ubmsc/source'],
      // CommonJS modules, and the package that reads its own files.
      external: ['@abandonware/*', 'prom-client', 'mqtt', '@ubmsc/web'],
    });
    const child = spawn(process.execPath, [outfile], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (until?.test(output)) child.kill('SIGINT');
    });
    const [exitCode] = await once(child, 'close');
    expect(exitCode).toBe(0);
    return output;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
