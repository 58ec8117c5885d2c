import type { TracedCharacteristic, TracedService } from '../capture/gatt-trace.ts';
import type { TracedDevice } from '../capture/connection-trace.ts';

/** A session with a battery that was found in a capture. */
export interface CapturedSession {
  /** Counts from 1, in the order in which the sessions were found. */
  readonly number: number;
  /** The battery, as far as the capture tells. */
  readonly device: TracedDevice;
  /** When its link was made, or was first seen, in milliseconds since 1970-01-01 UTC. */
  readonly since: number;
  /** The link was made within the capture. */
  readonly isWhole: boolean;
  /**
   * How the characteristic of the serial stream was told: by the discovery, or by what it carries, where the capture
   * has no discovery because the host remembered it.
   */
  readonly foundBy: 'discovery' | 'records';
  /** The battery is at the end whose controller was captured. */
  readonly isOwn: boolean;
  /** The controller is a virtual one, so the battery is simulated. */
  readonly isVirtual: boolean;
  /** Services and characteristics that the discovery has named so far; empty without one. */
  readonly services: readonly TracedService[];
  readonly characteristics: readonly TracedCharacteristic[];
  /** ATT_MTU as it was agreed to so far. */
  readonly mtu: number;
}

/** What went over a session, in the order of the capture. */
export interface CapturedValue {
  readonly kind: 'write' | 'notification';
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  /** Handle of the characteristic. */
  readonly handle: number;
  readonly bytes: Uint8Array;
  /** Written with a response, or sent as an indication. */
  readonly confirmed: boolean;
}

/** Is told of sessions as they are found. */
export interface CapturedSessionEvents {
  began(session: CapturedSession): void;
  value(session: CapturedSession, value: CapturedValue): void;
  /** `reason` is an error code of the Core Specification; undefined when the capture does not tell. */
  ended(session: CapturedSession, time: number, reason: number | undefined): void;
}
