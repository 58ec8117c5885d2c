#!/usr/bin/env node
// CommonJS, and nothing loaded for the help and the version: Node starts such a file fastest.
'use strict';

const { existsSync, readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const dist = join(__dirname, '..', 'dist');
const args = process.argv.slice(2);

/** What the build has written down about the command, by what asks for it. */
const answers = {
  undefined: 'help.txt',
  '-h': 'help.txt',
  '--help': 'help.txt',
  '-v': 'version.txt',
  '--version': 'version.txt',
};

const answer =
  args.length < 2 && Object.hasOwn(answers, String(args[0])) ? join(dist, answers[args[0]]) : undefined;
if (answer !== undefined && existsSync(answer)) {
  try {
    writeSync(1, readFileSync(answer));
  } catch (error) {
    if (error.code !== 'EPIPE') throw error; // the reader has gone
  }
} else if (existsSync(join(dist, 'main.js'))) {
  require('node:module').enableCompileCache?.();
  import('../dist/main.js').then(async ({ run }) => {
    process.exitCode = await run(args);
    // A native handle that does not close must not keep a finished command alive.
    setTimeout(() => process.exit(), 1000).unref();
  });
} else {
  process.stderr.write('ubmsc: the command is not built; run npm run build\n');
  process.exitCode = 1;
}
