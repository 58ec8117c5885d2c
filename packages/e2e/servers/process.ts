import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe } from 'vitest';

/** A server that runs in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  /** Where it listens, without a path. */
  readonly url: string;
  /** Ends it, as with a power cut when the signal is SIGKILL; its files stay. */
  readonly kill: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
  /** Starts it again with the same files, on the same port. */
  readonly restart: () => Promise<void>;
}

export interface ServerOptions {
  readonly command: string;
  /** Its arguments, for a port of 127.0.0.1. */
  readonly args: (port: number) => readonly string[];
  /** What is done before it starts for the first time. */
  readonly prepare?: (port: number) => Promise<void>;
  /** Path that answers with 200 when it is ready; without one it is ready when it takes a connection. */
  readonly ready?: string;
}

/** A group of tests that need programs of others; where one is missing it is skipped, and its name says so. */
export function describeWith(commands: readonly string[], name: string, tests: () => void): void {
  const missing = commands.filter((command) => spawnSync(command, ['--version']).error !== undefined);
  const reason = missing.length > 0 ? ` (skipped: ${missing.join(', ')} not installed)` : '';
  describe.skipIf(missing.length > 0)(`${name}${reason}`, tests);
}

/** Starts a server on a port that is free, and waits until it is ready. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { command, args, ready, prepare } = options;
  const port = await freePort();
  await prepare?.(port);
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const kill = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const ended = child;
    child = undefined;
    if (!ended || ended.exitCode !== null || ended.signalCode !== null) return;
    ended.kill(signal);
    await once(ended, 'exit');
  };
  const restart = async (): Promise<void> => {
    let log = '';
    const started = spawn(command, args(port), { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-10_000)));
    }
    child = started;
    await waitFor(`${command} to be ready`, async () => {
      if (started.exitCode !== null) throw new Error(`${command} has ended: ${log}`);
      if (ready === undefined) return await takesConnections(port);
      return (await fetch(`${url}${ready}`).catch(() => undefined))?.ok ?? false;
    });
  };
  await restart();
  return { url, kill, restart, [Symbol.asyncDispose]: async () => await kill('SIGKILL') };
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

/** Waits until a condition holds; fails after a minute. */
export async function waitFor(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited a minute for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A port of this machine that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address !== 'object') throw new Error('there is no free port');
  return address.port;
}
