import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const script = fileURLToPath(new URL('../../cli/bin/ubmsc.cjs', import.meta.url));

/** The file of a recording of `fixtures/`. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../fixtures/${name}.jsonl`, import.meta.url));
}

/** How a run of the command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves when the text has appeared on standard output. */
  readonly printed: (text: string) => Promise<void>;
  /** The same on standard error; resolves with all that stands there. */
  readonly told: (text: string) => Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts the built command. `env` is added to an environment without settings of the command's own. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('UBMSC_')),
  );
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...inherited, XDG_CONFIG_HOME: '/nowhere', XDG_STATE_HOME: '/dev/null', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code]): Ended => ({ code: Number(code ?? -1), stdout, stderr }));
  const appeared = async (stream: Readable, text: string, written: () => string): Promise<string> => {
    while (!written().includes(text)) {
      const more = once(stream, 'data').then(() => true);
      if (!(await Promise.race([more, ended.then(() => written().includes(text))]))) {
        throw new Error(`the command ended without ${JSON.stringify(text)}: ${stdout}${stderr}`);
      }
    }
    return written();
  };
  const printed = async (text: string): Promise<void> => {
    await appeared(child.stdout, text, () => stdout);
  };
  const told = async (text: string): Promise<string> => await appeared(child.stderr, text, () => stderr);
  return { process: child, printed, told, ended };
}

/** Runs the built command to its end. */
export async function ubmsc(...args: readonly string[]): Promise<Ended> {
  return await start(args).ended;
}

/** A folder for sockets that is removed when it is disposed of. */
export async function temporaryFolder(): Promise<
  AsyncDisposable & { readonly path: string; readonly file: (name: string) => string }
> {
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
  return {
    path: folder,
    file: (name) => join(folder, name),
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true, force: true }),
  };
}

/** `ubmsc simulate` on a Unix socket, ready to be connected to. Ends when it is disposed of. */
export async function simulator(
  ...args: readonly string[]
): Promise<AsyncDisposable & { readonly adapter: string; readonly running: Running }> {
  const folder = await temporaryFolder();
  const adapter = `unix:${folder.file('ether.sock')}`;
  const running = start(['simulate', '--listen', adapter, ...args]);
  await running.printed('SIMULATED on');
  return {
    adapter,
    running,
    async [Symbol.asyncDispose]() {
      running.process.kill('SIGTERM');
      await running.ended;
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Whether a process runs, and is not just waiting for its end to be noticed. */
export function isRunning(pid: string): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' });
  return !/^(Z.*)?$/.test(stdout.trim());
}
