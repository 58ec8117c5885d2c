import type { AirPdu } from './air.ts';
import type { CommandName } from '../codec/opcodes.ts';
import type { ErrorName } from '../codec/error-codes.ts';
import type { HciEvent } from '../codec/events.ts';

/** Another controller in the ether, as faults see it. */
export interface FaultyController {
  /** Takes it away from its host, as an adapter that is unplugged. */
  unplug(): void;
  /** Puts it into the state after power-on and tells nobody: its peers time out. */
  reset(): void;
  /** Ends its scan and does not tell its host. */
  stopScanning(): void;
  /** Tells its host something. */
  tell(event: HciEvent): void;
}

/** A connection of a controller with {@link AirFaults}, as those see it. */
export interface FaultyConnection {
  /** The controller of the other side. */
  readonly peer: FaultyController;
  /** Ends the connection, if it is still there: both hosts learn this reason. */
  lose(reason: ErrorName): void;
  /** Sends an L2CAP frame to the host of the other side, as if the own host had (Core Specification 5.4, Vol 3, Part A, 3.1). */
  send(frame: Buffer): void;
}

/** What goes wrong in the air around one controller. What is left out goes well. */
export interface AirFaults {
  /** Whether a PDU gets through: `in` to this controller, `out` from it. */
  passes?(type: AirPdu['type'], direction: 'in' | 'out'): boolean;
  /** Whether the own host gets an L2CAP frame of the other side; it is acknowledged in any case. */
  takes?(frame: Buffer): boolean;
  /** Whether the host of the other side learns that its connection with this controller began or ended. */
  tells?(event: 'leConnectionComplete' | 'disconnectionComplete'): boolean;
  /** A connection has begun. */
  connected?(connection: FaultyConnection): void;
  /** A connection has ended, with this error code (Core Specification 5.4, Vol 1, Part F, 1.3). */
  disconnected?(reason: number): void;
  /** Strength at which others receive this controller, in dBm; its own when undefined. */
  rssi?(): number | undefined;
  /** Whether another controller carries a command of its host out, and answers it. */
  obeys?(command: CommandName, parameters: Buffer, controller: FaultyController): boolean;
  /** Whether another controller can join the ether. */
  admits?(): boolean;
}
