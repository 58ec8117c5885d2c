import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { AdapterError } from '@ubmsc/session';

/** Who holds an adapter. */
interface Holder {
  readonly pid: number;
  readonly command: string;
}

/** Longest file that is taken for a lock, in characters. */
const LONGEST = 4096;

export interface LockOptions {
  /** Where the locks of all processes of the machine are. */
  readonly folder?: string;
  readonly pid?: number;
  /** Whether a process is there. */
  readonly isRunning?: (pid: number) => boolean;
}

/**
 * Takes an adapter of this machine for this process: two that scan and connect on one controller end each other's
 * links. A lock whose process has ended counts for nothing. Rejects with an AdapterError that says who holds it.
 */
export async function lockAdapter(title: string, options: LockOptions = {}): Promise<AsyncDisposable> {
  const { folder = join(tmpdir(), 'ubmsc'), pid = process.pid, isRunning = processIsRunning } = options;
  const file = join(folder, `${title}.lock`);
  await mkdir(folder, { recursive: true, mode: 0o1777 }).catch(() => {});
  for (let attempt = 1; ; attempt++) {
    try {
      await using lock = await open(file, 'wx', 0o644);
      const holder: Holder = { pid, command: process.argv.slice(1).join(' ').slice(0, 200) };
      await lock.writeFile(`${JSON.stringify(holder)}\n`);
      return { [Symbol.asyncDispose]: async () => await release(file, pid) };
    } catch (cause) {
      // Where no lock can be written, there is none: it protects from mistakes, and reading goes on without it.
      if (!isCode(cause, 'EEXIST')) return { [Symbol.asyncDispose]: async () => {} };
      const holder = await readHolder(file);
      if (holder && isRunning(holder.pid)) throw held(title, holder);
      if (attempt === 3) return { [Symbol.asyncDispose]: async () => {} };
      await rm(file, { force: true }).catch(() => {});
    }
  }
}

function held(title: string, { pid, command }: Holder): AdapterError {
  return new AdapterError(
    `${title} is held by process ${pid}${command ? ` (${command})` : ''}`,
    `end that process, or choose another adapter`,
    { reason: 'adapterBusy' },
  );
}

async function release(file: string, pid: number): Promise<void> {
  const holder = await readHolder(file);
  if (holder?.pid === pid) await rm(file, { force: true });
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const content: unknown = JSON.parse((await readFile(file, 'utf8')).slice(0, LONGEST));
    if (typeof content !== 'object' || content === null || !('pid' in content)) return undefined;
    const { pid } = content;
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return undefined;
    return { pid, command: 'command' in content ? printable(content.command) : '' };
  } catch {
    return undefined;
  }
}

/** The file may be anybody's. */
function printable(command: unknown): string {
  return typeof command === 'string' ? command.replace(/[^\x20-\x7e]/g, '?').slice(0, 200) : '';
}

/** Signal 0 is no signal: it asks whether there is a process to send one to. */
function processIsRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
