import { readingAge, reasonRow, type BatteryStatus, type SessionState } from '@ubmsc/session';

const MINUTE = 60_000;

/**
 * How long a battery may be in a state before its session no longer does its work, in milliseconds. Waiting for a
 * battery that is not there has no end, and none has a state that is the end of a session. Every other step has a
 * time-out of its own, far below this: a device that hangs for a minute does not make the program restart.
 */
const longest: Readonly<Record<SessionState, number>> = {
  waiting: Infinity,
  searching: Infinity,
  heard: 5 * MINUTE,
  connecting: 5 * MINUTE,
  discovering: 5 * MINUTE,
  subscribing: 5 * MINUTE,
  identifying: 5 * MINUTE,
  streaming: 5 * MINUTE,
  quiet: 5 * MINUTE,
  mute: 15 * MINUTE,
  lost: 15 * MINUTE,
  refused: 60 * MINUTE,
  closed: Infinity,
};

/** The batteries whose sessions stand still: the program cannot help itself, and should be started again. */
export function stuckBatteries(statuses: readonly BatteryStatus[], now: number): readonly string[] {
  return statuses
    .filter((status) => timeWithoutProgress(status, now) > longest[status.state])
    .map(({ device }) => device);
}

/** While a battery streams, each reading is progress; before and after that, each step is. */
function timeWithoutProgress(status: BatteryStatus, now: number): number {
  // Without its adapter a session waits without a limit.
  if (reasonRow(status.reason)?.kind === 'adapter') return 0;
  const inState = now - status.since;
  return status.state === 'streaming' ? Math.min(readingAge(status, now) ?? Infinity, inState) : inState;
}
