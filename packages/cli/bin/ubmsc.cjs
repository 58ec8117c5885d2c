#!/usr/bin/env node
// CommonJS: Node starts it fastest. An old Node must be able to read this file, so that it can say what it lacks.
'use strict';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  require('./start.cjs').start();
} else {
  process.stderr.write(
    `ubmsc: it needs Node 20.19 or newer, and ${process.execPath} is ${process.versions.node}; install a newer Node, or name one: /path/to/node ${__filename}\n`,
  );
  process.exitCode = 2;
}
