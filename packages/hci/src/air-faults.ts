import type { AirPdu } from './air.ts';
import type { ErrorName } from './error-codes.ts';

/** A connection of a controller with {@link AirFaults}, as those see it. */
export interface FaultyConnection {
  /** Ends the connection, if it is still there: both hosts learn this reason. */
  lose(reason: ErrorName): void;
  /** Takes the controller of the other side away, as an adapter that is unplugged. */
  unplugPeer(): void;
}

/** What goes wrong in the air around one controller. What is left out goes well. */
export interface AirFaults {
  /** Whether a PDU gets through: `in` to this controller, `out` from it. */
  passes?(type: AirPdu['type'], direction: 'in' | 'out'): boolean;
  /** Whether the host of the other side learns that its connection with this controller began or ended. */
  tells?(event: 'leConnectionComplete' | 'disconnectionComplete'): boolean;
  /** A connection has begun. */
  connected?(connection: FaultyConnection): void;
  /** A connection has ended, with this error code (Core Specification 5.4, Vol 1, Part F, 1.3). */
  disconnected?(reason: number): void;
}
