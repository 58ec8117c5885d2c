// Bundles the soak with the sources of our packages, and runs it in a Node that can be told to collect garbage.
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const outfile = 'dist/soak.js';

/** What Node compiles as it goes makes the heap grow for hours, and is not what is looked for. */
const withoutCompilers = [
  '--no-opt',
  '--no-sparkplug',
  '--no-lazy-feedback-allocation',
  '--no-flush-bytecode',
];

await build({
  entryPoints: ['soak/main.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['@ubmsc/source'],
  external: ['@abandonware/*'],
});
const node = [...withoutCompilers, '--expose-gc', outfile, ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, node, { stdio: 'inherit' }).status ?? 1;
