// Nothing is loaded for the help and the version.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const dist = path.join(__dirname, '..', 'dist');
const args = process.argv.slice(2);

/** What the build has written down about the command, by the only argument; without one there is help. */
const answers = new Map([
  ['-h', 'help.txt'],
  ['--help', 'help.txt'],
  ['-v', 'version.txt'],
  ['--version', 'version.txt'],
]);

exports.start = () => {
  const answer = args.length > 1 ? undefined : answers.get(args[0] ?? '--help');
  if (answer !== undefined && fs.existsSync(path.join(dist, answer))) {
    try {
      fs.writeSync(1, fs.readFileSync(path.join(dist, answer)));
    } catch (error) {
      if (error.code === 'EPIPE') return; // the reader has gone
      process.stderr.write(
        `ubmsc: the output cannot be written: ${error.message}; make room, or send it elsewhere\n`,
      );
      process.exitCode = 2;
    }
  } else if (fs.existsSync(path.join(dist, 'main.js'))) {
    void runCommand();
  } else {
    process.stderr.write('ubmsc: the command is not built; run npm run build\n');
    process.exitCode = 1;
  }
};

async function runCommand() {
  // Libraries would print what goes over the air and to servers: passcodes, passwords. --log and --snoop hide these.
  delete process.env['DEBUG'];
  require('node:module').enableCompileCache?.();
  const { run } = await import('../dist/main.js');
  process.exitCode = await run(args);
  // A native handle that does not close must not keep a finished command alive.
  setTimeout(() => process.exit(), 200).unref();
}
