import type { Server, Socket } from 'node:net';
import type { Log } from '../log.ts';

export interface ConnectionLimit {
  readonly most: number;
  /** Whether a request on it is being answered: such a connection is closed last. */
  readonly isBusy: (socket: Socket) => boolean;
  readonly log: Log;
}

/**
 * Keeps the connections of a server below a limit: for a new one the oldest is closed. Were the new ones sent away, who
 * holds many would keep everybody else out; a scrape is over long before its connection is the oldest.
 */
export function limitConnections(server: Server, { most, isBusy, log }: ConnectionLimit): void {
  const open = new Set<Socket>();
  let isFull = false;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      if (open.size < most / 2) isFull = false;
    });
    if (open.size <= most) return;
    const oldest = [...open].find((each) => !isBusy(each)) ?? socket;
    if (!isFull) log('warn', `more than ${most} connections are open; the oldest are closed`);
    isFull = true;
    open.delete(oldest);
    // Without a word: on a connection that is kept, it would be taken for the answer to the next request.
    oldest.destroy();
  });
}
