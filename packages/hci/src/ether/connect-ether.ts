import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { within } from '@ubmsc/base';
import { encodeAddress } from '../codec/address.ts';
import { encodeCommand } from '../controller/commands.ts';
import { errorCodes } from '../codec/error-codes.ts';
import { EtherError } from './ether-error.ts';
import { parseEtherSpec, type EtherSpec } from './ether-spec.ts';

/** How an ether of another process is joined. */
export interface ConnectEtherOptions {
  /** Gives the attempt up; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds; 5000 by default. */
  readonly timeoutMs?: number;
  /** Public address of the controller; one that nobody has by default. */
  readonly address?: string;
}

const hints: Readonly<Record<string, string>> = {
  ENOENT: 'nobody made this socket: start the simulator there, or correct the path',
  ECONNREFUSED: 'nobody listens there: start the simulator, or correct the address',
  EACCES: 'this socket belongs to another user: run as the same user as the simulator',
  ENOTFOUND: 'no host has this name: correct it',
  ETIMEDOUT: 'nobody answers there: see that the host is up and its firewall open',
};
const otherHint = 'see that the simulator runs and listens there';

/**
 * Connects to the ether that `serveEther` serves at `spec` (`unix:/path` or `tcp:host:port`): the stream is
 * the host's side of a new controller there and speaks H4.
 *
 * @throws {UsageError} bad spec.
 * @throws {EtherError} nobody there, no permission, the address is taken, or no answer in time.
 */
export async function connectEther(spec: string, options: ConnectEtherOptions = {}): Promise<Duplex> {
  const { signal, timeoutMs: timeout = 5000, address } = options;
  const target = parseEtherSpec(spec);
  signal?.throwIfAborted();
  const late = (): Error => unreachable(spec, 'ETIMEDOUT', `no answer in ${timeout} ms`);
  const socket = connect(connectOptions(target));
  try {
    return await within({ signal, timeout, late }, async (ended) => {
      await once(socket, 'connect', { signal: ended });
      prepared(socket);
      if (address !== undefined) await takeAddress(socket, spec, address, ended);
      return socket;
    });
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    signal?.throwIfAborted();
    throw error instanceof EtherError ? error : unreachable(spec, errorCode(error), errorCode(error), error);
  }
}

function unreachable(spec: string, code: string, why: string, cause?: unknown): EtherError {
  return new EtherError(`cannot reach the ether at ${spec}: ${why}`, hints[code] ?? otherHint, { cause });
}

/** Octet of an HCI Command Complete event in which the status is (Core Specification 5.4, Vol 4, Part E, 7.7.14). */
const STATUS = 6;

/** Gives the controller at the other end an address, before its host begins. */
async function takeAddress(
  socket: Socket,
  spec: string,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const answered = once(socket, 'data', { signal });
  socket.write(encodeCommand('HCI_Broadcom_Write_BD_ADDR', encodeAddress(address)));
  const [answer]: unknown[] = await answered;
  socket.pause();
  if (answer instanceof Uint8Array && answer[STATUS] === errorCodes.Success) return;
  throw new EtherError(
    `the ether at ${spec} has a controller with the address ${address} already`,
    'choose another address; a simulator has its own from { seed }',
  );
}

export function connectOptions(spec: EtherSpec): NetConnectOpts {
  return spec.kind === 'unix' ? { path: spec.path } : { host: spec.host, port: spec.port };
}

/** Packets are small and somebody waits for each; keep-alive notices a peer that is gone without closing. */
export function prepared(socket: Socket): Socket {
  return socket.setNoDelay(true).setKeepAlive(true, 30_000);
}

/** The system's code of an error, such as `ECONNREFUSED`. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
