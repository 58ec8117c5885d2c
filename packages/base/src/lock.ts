import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { platform } from 'node:process';
import { socketOwners } from './process-facts.ts';

/** Who holds a lock. */
export interface LockHolder {
  /** Undefined when the holder does not answer. */
  readonly pid: number | undefined;
  /** Its command line, of printable characters; it may be empty. */
  readonly command: string;
}

/** Where a lock is, and what its holder is called. */
export interface LockOptions {
  /** Whether this process has the right to the lock: that of any other is not respected. Every process when left out. */
  readonly mayHold?: ((pid: number) => Promise<boolean>) | undefined;
  /** Kind of the lock on this system; for tests. */
  readonly place?: LockPlace | undefined;
}

/** What is locked, as a name of the system's sockets. */
export interface LockPlace {
  readonly path: string;
  /** The name is that of a file, which the process leaves behind when it is killed. */
  readonly isFile: boolean;
}

/** How long a holder may take to say who it is, in milliseconds. */
const ANSWER_TIMEOUT = 2000;

/** How often a name that is taken, though nobody listens, is tried to be taken. */
const ATTEMPTS = 3;

const unknownHolder: LockHolder = { pid: undefined, command: '' };

/** Longest answer of a holder, in bytes. */
const LONGEST_ANSWER = 1024;

/** Longest command that is told of, in characters. */
const LONGEST_COMMAND = 200;

/**
 * Takes the lock of this name for this process, or returns who holds it. The lock is a listening socket, so that it ends
 * with its process however that ends. On Linux its name is abstract (unix(7)): no file is left behind, and services with
 * a temporary folder of their own see it, too.
 */
export async function takeLock(
  name: string,
  { mayHold = async () => true, place = placeOf(name) }: LockOptions = {},
): Promise<AsyncDisposable | LockHolder> {
  for (let attempt = 1; ; attempt++) {
    const server = await listen(place.path);
    if (server) return release(server);
    const holder = await askHolder(place);
    if (holder === 'nobody' && attempt < ATTEMPTS) {
      // The holder has let go meanwhile, or was killed and has left the file behind.
      if (place.isFile) await rm(place.path, { force: true });
      continue;
    }
    const claimed = holder === 'nobody' ? unknownHolder : holder;
    const rightful = await rightfulHolder(claimed, await socketOwners(place.path), mayHold);
    return rightful ?? { [Symbol.asyncDispose]: async () => {} };
  }
}

/** Anybody can listen there, and answer what they like: what the system says of the listener counts, where it does. */
async function rightfulHolder(
  claimed: LockHolder,
  owners: readonly number[],
  mayHold: (pid: number) => Promise<boolean>,
): Promise<LockHolder | undefined> {
  for (const pid of owners) {
    if (await mayHold(pid)) return claimed.pid === pid ? claimed : { pid, command: '' };
  }
  if (owners.length > 0) return undefined;
  return claimed.pid === undefined || (await mayHold(claimed.pid)) ? claimed : undefined;
}

/** Takes the lock of this name, or returns undefined where it is held: for those who try again and again, at little cost. */
export async function tryLock(name: string): Promise<AsyncDisposable | undefined> {
  const server = await listen(placeOf(name).path);
  return server && release(server);
}

/** Whether {@link takeLock} was refused. */
export function isHolder(lock: AsyncDisposable | LockHolder): lock is LockHolder {
  return 'command' in lock;
}

function placeOf(name: string): LockPlace {
  if (platform === 'linux') return { path: `\0ubmsc/${name}`, isFile: false };
  if (platform === 'win32') return { path: `\\\\.\\pipe\\ubmsc-${name}`, isFile: false };
  return { path: join(tmpdir(), `ubmsc-${name}.lock`), isFile: true };
}

/** Listens at a path and tells whoever connects who this is; undefined when somebody listens there. */
async function listen(path: string): Promise<Server | undefined> {
  const answer = JSON.stringify({ pid: process.pid, command: process.argv.slice(1).join(' ') });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(answer.slice(0, LONGEST_ANSWER));
  });
  server.maxConnections = 8;
  server.unref();
  try {
    server.listen(path);
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
}

function release(server: Server): AsyncDisposable {
  return {
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

async function askHolder({ path }: LockPlace): Promise<LockHolder | 'nobody'> {
  const socket = connect(path);
  try {
    return holderOf(await answerOf(socket));
  } catch (error) {
    if (['ECONNREFUSED', 'ENOENT'].includes(codeOf(error))) return 'nobody';
    return unknownHolder;
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
}

async function answerOf(socket: Socket): Promise<string> {
  let answer = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    answer += text;
    if (answer.length > LONGEST_ANSWER) socket.destroy();
  });
  await once(socket, 'close', { signal: AbortSignal.timeout(ANSWER_TIMEOUT) });
  return answer;
}

function holderOf(answer: string): LockHolder {
  try {
    const said: unknown = JSON.parse(answer);
    if (typeof said === 'object' && said !== null && 'pid' in said && Number.isSafeInteger(said.pid)) {
      const command = 'command' in said && typeof said.command === 'string' ? said.command : '';
      return { pid: Number(said.pid), command: printable(command) };
    }
  } catch {
    // It is not a process of this program, or it is one of another version.
  }
  return unknownHolder;
}

/** The other process may be anybody's. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_COMMAND);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
