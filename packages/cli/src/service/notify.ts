import { execFile } from 'node:child_process';
import { log } from '@ubmsc/base';

/** How long one message to the service manager may take, in milliseconds. */
const TIMEOUT = 5000;

/** Sends assignments such as `READY=1` to the service manager (sd_notify(3)), in the order of the calls. Never rejects. */
export type Notify = (...assignments: readonly string[]) => Promise<void>;

/**
 * What tells the service manager, or undefined where none asks to be told. Node has no datagram sockets of Unix, so
 * `systemd-notify` sends the messages; the unit needs `NotifyAccess=all` (decision 5).
 */
export function serviceNotifier(
  environment: NodeJS.ProcessEnv = process.env,
  command = 'systemd-notify',
): Notify | undefined {
  if (!environment['NOTIFY_SOCKET']) return undefined;
  let last: Promise<void> = Promise.resolve();
  let failed = false;
  const send = async (assignments: readonly string[]): Promise<void> => {
    const error = await new Promise<Error | null>((resolve) => {
      execFile(command, assignments, { env: environment, timeout: TIMEOUT }, resolve);
    });
    if (error && !failed) log('warn', 'service', () => `cannot tell the service manager: ${error.message}`);
    failed = error !== null;
  };
  return (...assignments) => {
    last = last.then(async () => await send(assignments));
    return last;
  };
}

/**
 * How often the service manager wants to hear that all is well, in milliseconds; undefined when it does not ask
 * (sd_watchdog_enabled(3)).
 */
export function watchdogTime(environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const { WATCHDOG_USEC: time, WATCHDOG_PID: pid } = environment;
  const milliseconds = Number(time) / 1000;
  if (!(milliseconds > 0) || (pid && Number(pid) !== process.pid)) return undefined;
  return milliseconds;
}
