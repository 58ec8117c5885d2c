import { once } from 'node:events';
import { chmod, lstat, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { connectOptions, errorCode, prepared } from './connect-ether.ts';
import { EtherError } from './ether-error.ts';
import { formatEtherSpec, parseEtherSpec, type EtherSpec } from './ether-spec.ts';
import type { Ether } from './ether.ts';
import type { VirtualController } from '../controller/virtual-controller.ts';

/** How an ether is served to other processes. */
export interface ServeEtherOptions {
  /** Closes the server, also while it starts. */
  readonly signal?: AbortSignal;
  /** Clients at a time; more are hung up on. 64 by default. */
  readonly maximumClients?: number;
}

/** An ether that other processes reach. The listening socket keeps the process alive. */
export interface EtherServer extends AsyncDisposable {
  /** Where it listens, with the real port when port 0 was asked for. */
  readonly spec: string;
  /** Hangs up on every client, stops listening and removes the socket file. Safe to call more than once. */
  close(): Promise<void>;
}

/** How long a server that may be there has to answer, in milliseconds. */
const probeTime = 1000;

/**
 * Serves `ether` at `spec`, `unix:/path` or `tcp:host:port`: each connection is the host's side of a new
 * controller and speaks H4. A socket file has mode 0600, and one that a dead server left is replaced. On TCP
 * there is no protection: whoever reaches the port may use it.
 *
 * @throws {UsageError} bad spec.
 * @throws {EtherError} address in use, path taken by something else, or no permission.
 */
export async function serveEther(
  ether: Ether,
  spec: string,
  options: ServeEtherOptions = {},
): Promise<EtherServer> {
  const { signal, maximumClients = 64 } = options;
  const target = parseEtherSpec(spec);
  signal?.throwIfAborted();
  if (target.kind === 'unix') await clearPath(target);

  const clients = new Set<VirtualController>();
  const server = createServer((socket) => {
    if (ether.closed) {
      socket.destroy();
      return;
    }
    const controller = attached(ether, socket);
    if (!controller) return;
    clients.add(controller);
    socket.once('close', () => clients.delete(controller));
  });
  server.maxConnections = maximumClients;
  // Not even a lack of file descriptors for one more client ends the server.
  server.on('error', () => undefined);

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      signal?.removeEventListener('abort', abort);
      server.close(() => resolve());
      for (const client of clients) client.close();
    });
    return closing;
  };
  const abort = (): void => void close();
  try {
    await listen(server, target, signal);
    signal?.throwIfAborted();
  } catch (error) {
    await close();
    throw error;
  }
  signal?.addEventListener('abort', abort);
  return { spec: formatEtherSpec(realSpec(server, target)), close, [Symbol.asyncDispose]: close };
}

/** A fault may keep controllers out for a while: to their hosts it is as if the adapter were unplugged. */
function attached(ether: Ether, socket: Socket): VirtualController | undefined {
  try {
    return ether.attach(prepared(socket));
  } catch (error) {
    if (!(error instanceof EtherError)) throw error;
    socket.destroy();
    return undefined;
  }
}

async function listen(server: Server, spec: EtherSpec, signal: AbortSignal | undefined): Promise<void> {
  const listening = once(server, 'listening', signal ? { signal } : {});
  // Node binds within `listen`; a worker thread cannot change the mask and has to be content with `chmod`.
  const mask = isMainThread && spec.kind === 'unix' ? process.umask(0o177) : undefined;
  try {
    server.listen(connectOptions(spec));
  } finally {
    if (mask !== undefined) process.umask(mask);
  }
  try {
    await listening;
    if (spec.kind === 'unix') await chmod(spec.path, 0o600);
  } catch (error) {
    signal?.throwIfAborted();
    throw listenError(spec, error);
  }
}

/** Removes the socket file of a server that is gone. */
async function clearPath(spec: EtherSpec & { kind: 'unix' }): Promise<void> {
  const stat = await lstat(spec.path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw listenError(spec, error);
  });
  if (!stat) return;
  if (!stat.isSocket()) {
    throw new EtherError(`${spec.path} exists and is not a socket`, 'choose another path');
  }
  const probe = connect(connectOptions(spec));
  try {
    await once(probe, 'connect', { signal: AbortSignal.timeout(probeTime) });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EACCES') throw listenError(spec, error);
    // Also a server that is too busy to answer is there.
    if (code !== 'ECONNREFUSED') throw inUse(spec, error);
    await rm(spec.path, { force: true });
    return;
  } finally {
    probe.on('error', () => undefined);
    probe.destroy();
  }
  throw inUse(spec);
}

function realSpec(server: Server, spec: EtherSpec): EtherSpec {
  const address = server.address();
  if (spec.kind === 'unix' || address === null || typeof address === 'string') return spec;
  return { ...spec, port: address.port };
}

function inUse(spec: EtherSpec, cause?: unknown): EtherError {
  const message = `Another server listens at ${formatEtherSpec(spec)}`;
  return new EtherError(message, 'stop it, or choose another path or port', { cause });
}

function listenError(spec: EtherSpec, error: unknown): EtherError {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') return inUse(spec, error);
  const hint =
    spec.kind === 'unix'
      ? 'choose a path in a directory that exists and that you may write to'
      : 'choose another host or port';
  return new EtherError(`cannot listen at ${formatEtherSpec(spec)}: ${code}`, hint, { cause: error });
}
