import { ConnectionTrace, type TracedConnection } from '../capture/connection-trace.ts';
import { serverOf } from '../capture/gatt-trace.ts';
import type { CapturedPacket } from '../capture/captured-packet.ts';
import type { CapturedSession, CapturedSessionEvents, CapturedValue } from './captured-session.ts';
import { SerialServer } from './serial-server.ts';

/** A connection with the servers of both its ends: either may be the battery. */
interface Followed {
  readonly connection: TracedConnection;
  readonly servers: { readonly own: SerialServer; readonly peer: SerialServer };
  readonly sessions: { own?: CapturedSession; peer?: CapturedSession };
}

const ends = ['peer', 'own'] as const;

/**
 * Finds the sessions with batteries in the packets of a capture, several at a time. Keeps nothing of a session but
 * what its discovery named, and nothing of the others but a few of their latest values. Never throws.
 */
export class SessionFinder {
  readonly #events: CapturedSessionEvents;
  readonly #trace: ConnectionTrace;
  readonly #followed = new Map<TracedConnection, Followed>();
  #sessions = 0;
  #connections = 0;
  #time = 0;

  constructor(events: CapturedSessionEvents) {
    this.#events = events;
    this.#trace = new ConnectionTrace({
      connected: (connection) => {
        this.#connections++;
        const servers = { own: new SerialServer(), peer: new SerialServer() };
        this.#followed.set(connection, { connection, servers, sessions: {} });
      },
      att: (connection, direction, pdu, time) => {
        const followed = this.#followed.get(connection);
        const end = serverOf(direction, pdu[0] ?? 0);
        if (followed) this.#take(followed, end, followed.servers[end].push(pdu, time));
      },
      disconnected: (connection, time, reason) => this.#ended(connection, time, reason),
    });
  }

  /** How many connections there were, to batteries or to anything. */
  get connections(): number {
    return this.#connections;
  }

  /** Packets whose length is not what they say. */
  get malformed(): number {
    return this.#trace.malformed;
  }

  push(packet: CapturedPacket): void {
    this.#time = packet.time;
    this.#trace.push(packet);
  }

  /** Ends the capture, and with it the sessions that still go on. */
  end(): void {
    this.#trace.end(this.#time);
  }

  #take(followed: Followed, end: 'own' | 'peer', values: readonly CapturedValue[]): void {
    for (const value of values) this.#events.value(this.#session(followed, end), value);
  }

  #session(followed: Followed, end: 'own' | 'peer'): CapturedSession {
    const known = followed.sessions[end];
    if (known) return known;
    const { connection, servers } = followed;
    const session: CapturedSession = {
      number: ++this.#sessions,
      device: connection[end],
      since: connection.since,
      isWhole: connection.central !== undefined,
      isOwn: end === 'own',
      isVirtual: connection.isVirtual,
      foundBy: servers[end].foundBy ?? 'records',
      get services() {
        return servers[end].services;
      },
      get characteristics() {
        return servers[end].characteristics;
      },
      // Either end may ask for another, and it counts both ways.
      get mtu() {
        return Math.max(servers.own.mtu, servers.peer.mtu);
      },
    };
    followed.sessions[end] = session;
    this.#events.began(session);
    return session;
  }

  #ended(connection: TracedConnection, time: number, reason: number | undefined): void {
    const followed = this.#followed.get(connection);
    if (!followed) return;
    this.#followed.delete(connection);
    for (const end of ends) {
      this.#take(followed, end, followed.servers[end].end());
      const session = followed.sessions[end];
      if (session) this.#events.ended(session, time, reason);
    }
  }
}
