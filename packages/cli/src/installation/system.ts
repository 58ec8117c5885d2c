import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { AdapterError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import { startTimeout } from './unit.ts';

const runFile = promisify(execFile);

/** How long a program of the system may take, in milliseconds: more than the start of the service. */
const PATIENCE = (startTimeout + 30) * 1000;

/** Runs a program of the system; what it printed. */
export async function runProgram(
  command: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<string> {
  const [program, ...args] = command;
  try {
    const { stdout } = await runFile(program, args, { timeout: PATIENCE, signal });
    return stdout;
  } catch (cause) {
    signal.throwIfAborted();
    const told = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new AdapterError(
      `${command.join(' ')} failed${told === '' ? '' : `: ${told.split('\n').at(-1)}`}`,
      'what was done before it stays; run the command again when that is mended',
      { cause },
    );
  }
}

/** @throws {UsageError} systemd does not run this machine. */
export function assertSystemd(): void {
  if (existsSync('/run/systemd/system')) return;
  throw new UsageError(
    'systemd does not run this machine',
    'ubmsc generate unit prints a unit for another one; elsewhere let your service manager run ubmsc export',
  );
}

/** @throws {AdapterError} this is not root. */
export function assertRoot(command: string): void {
  if (process.getuid?.() === 0) return;
  throw new AdapterError(`ubmsc ${command} changes the system, which only root may`, `sudo ubmsc ${command}`);
}

/** The value of each property that systemd has of the unit. */
export async function unitProperties(
  unit: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const names = [
    'LoadState',
    'ActiveState',
    'SubState',
    'UnitFileState',
    'StatusText',
    'FragmentPath',
    'MainPID',
  ];
  const text = await runProgram(['systemctl', 'show', `--property=${names.join(',')}`, unit], signal);
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
