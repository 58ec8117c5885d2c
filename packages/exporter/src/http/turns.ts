import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many requests may wait on a connection for the one before. Scrapers and browsers send the next one afterwards. */
const MOST_WAITING = 16;

/**
 * How long a connection with more than that is left alone before it is closed, in milliseconds. To read a thousand
 * requests takes tens of milliseconds: were it closed at once, the next thousand would come on another one.
 */
const PENALTY = 5000;

interface Turn {
  readonly response: ServerResponse;
  readonly work: () => void;
}

interface Connection {
  /** What is being answered. */
  response: ServerResponse;
  readonly waiting: Turn[];
  /** Too many have come: it is not read from any more. */
  isRefused: boolean;
}

/**
 * Answers the requests of a connection one after the other. Between two of them everybody else has a turn, so that who
 * sends thousands at once waits for themselves. A connection on which too many wait is not read any more, then closed.
 */
export class Turns {
  readonly #connections = new WeakMap<Socket, Connection>();

  /** Whether a request of this connection has no answer yet. */
  isBusy(socket: Socket): boolean {
    return this.#connections.get(socket)?.response.writableEnded === false;
  }

  /** Calls `work`, which answers by `response`, when the requests before it on the connection are answered. */
  take(socket: Socket, response: ServerResponse, work: () => void): void {
    if (socket.destroyed) return;
    const connection = this.#connections.get(socket);
    if (!connection) {
      const begun = { response, waiting: [], isRefused: false };
      this.#connections.set(socket, begun);
      this.#begin(socket, begun, work);
    } else if (connection.waiting.length < MOST_WAITING && !connection.isRefused) {
      connection.waiting.push({ response, work });
    } else if (!connection.isRefused) {
      connection.isRefused = true;
      socket.pause();
      setTimeout(() => socket.destroy(), PENALTY).unref();
    }
  }

  #begin(socket: Socket, connection: Connection, work: () => void): void {
    connection.response.once('close', () => {
      const next = connection.waiting.shift();
      if (socket.destroyed || (!next && !connection.isRefused)) this.#connections.delete(socket);
      if (!next || socket.destroyed) return;
      connection.response = next.response;
      setImmediate(() => this.#begin(socket, connection, next.work));
    });
    work();
  }
}
