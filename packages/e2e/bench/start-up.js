// How long the command takes to start, beside Node itself.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { measure, printTable, ratios, spread } from './measure.js';

const ROUNDS = 20;

const command = fileURLToPath(new URL('../../cli/bin/ubmsc.cjs', import.meta.url));

// Node reads these certificates at its start, which takes longer than what is measured here.
const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env;

/**
 * Milliseconds from the start of Node to its end.
 *
 * @param {readonly string[]} args
 */
function run(...args) {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  const time = performance.now() - start;
  if (status !== 0) throw error ?? new Error(`node ${args.join(' ')} failed: ${stderr}`);
  return time;
}

export async function benchmarkStartUp() {
  const { node, version, help } = await measure('start-up', ROUNDS, {
    node: () => run('-e', '0'),
    version: () => run(command, '--version'),
    help: () => run(command, '--help'),
  });
  printTable(
    ['Start-up', 'ms', '× node -e 0 (aim: 1.3)'],
    [
      ['node -e 0', spread(node, 1), '1'],
      ['ubmsc --version', spread(version, 1), spread(ratios(version, node), 2)],
      ['ubmsc --help', spread(help, 1), spread(ratios(help, node), 2)],
    ],
  );
}
