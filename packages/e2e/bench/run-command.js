// Runs the command in a process of its own, and tells what that took.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../cli/bin/ubmsc.cjs', import.meta.url));

// Node reads these certificates at its start, which takes memory and time.
const { NODE_EXTRA_CA_CERTS: _certificates, ...env } = process.env;

/** The process tells its largest resident memory, in kB, and its processor time, in microseconds, as it ends. */
const tellUsage = `data:text/javascript,import { writeSync } from 'node:fs';
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(3, JSON.stringify([maxRSS, userCPUTime + systemCPUTime]));
});`;

/**
 * @param {readonly string[]} args
 * @returns seconds that it took, seconds of processor time, and its largest resident memory in MB; what it prints goes
 *   nowhere
 */
export function runCommand(...args) {
  const start = performance.now();
  const { status, stderr, output, error } = spawnSync(
    process.execPath,
    ['--import', tellUsage, command, ...args],
    { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  if (status !== 0) throw error ?? new Error(`${args.join(' ')} failed: ${stderr}`);
  const seconds = (performance.now() - start) / 1000;
  const [memory, processor] = JSON.parse(output[3] ?? '');
  return { seconds, processor: Number(processor) / 1e6, memory: (Number(memory) * 1024) / 1e6 };
}
