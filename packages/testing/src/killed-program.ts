import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles a program that is written in TypeScript into `file`, which Node runs. */
export async function bundleProgram(source: URL, file: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(source)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@ubmsc/source'],
    outfile: file,
  });
}

/**
 * Runs a program until it is killed, and resolves with the whole lines that it has printed. `printed` is called with
 * all that there is so far, and with what kills it.
 */
export async function linesUntilKilled(
  [program, ...args]: readonly [string, ...string[]],
  printed: (text: string, kill: () => void) => void,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    printed(text, () => child.kill('SIGKILL'));
  });
  await once(child, 'close');
  return text.slice(0, text.lastIndexOf('\n')).split('\n');
}
