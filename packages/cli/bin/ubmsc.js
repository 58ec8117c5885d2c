#!/usr/bin/env node
// The command is built into dist/. A default import, because Node 20 has no enableCompileCache to be named.
import { existsSync } from 'node:fs';
import module from 'node:module';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  module.enableCompileCache?.();
  const { run } = await import(main.href);
  process.exitCode = await run(process.argv.slice(2));
  // A native handle that does not close must not keep a finished command alive.
  setTimeout(() => process.exit(), 1000).unref();
} else {
  process.stderr.write('ubmsc: the command is not built; run npm run build\n');
  process.exitCode = 1;
}
