import { log, sanitize } from '@ubmsc/base';
import { liveReading, type BatterySource } from '@ubmsc/session';
import type { Notify } from './notify.ts';
import { stuckBatteries } from './stuck.ts';

/** How often the service manager is told what has changed, in milliseconds. */
const INTERVAL = 5000;

/**
 * Tells the service manager how many batteries are live, what is wrong with outputs and, when it has a watchdog, that their sessions do their
 * work, until it is disposed of. `watchdog` is its time in milliseconds; it is fed at half of that. While a session
 * stands still it is not, so that the service manager starts the program again.
 */
export function reportBatteries(
  source: BatterySource,
  notify: Notify,
  watchdog: number | undefined,
  problems: () => readonly string[] = () => [],
): Disposable {
  let told = '';
  let fed = -Infinity;
  let stuck = false;
  const report = (): void => {
    const status = `STATUS=${[batteriesLive(source), ...problems().map(oneLine)].join('; ')}`;
    const messages = status === told ? [] : [status];
    told = status;
    if (watchdog !== undefined && performance.now() - fed >= watchdog / 2 - interval / 2) {
      const standing = stuckBatteries(source.statuses, source.now());
      if (standing.length === 0) {
        messages.push('WATCHDOG=1');
        fed = performance.now();
      } else if (!stuck) {
        log('error', 'service', () => `no progress with ${standing.join(', ')}; the watchdog is not fed`);
      }
      stuck = standing.length > 0;
    }
    if (messages.length > 0) void notify(...messages);
  };
  const interval = Math.min(INTERVAL, (watchdog ?? Infinity) / 4);
  const timer = setInterval(report, interval);
  report();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Text from servers, in a form that cannot add an assignment to a message. */
function oneLine(text: string): string {
  return sanitize(text).slice(0, 200);
}

/** `2/3 batteries live`. */
export function batteriesLive(source: BatterySource): string {
  const { statuses } = source;
  const live = statuses.filter((status) => liveReading(status, source.now()) !== undefined);
  return `${live.length}/${statuses.length} ${statuses.length === 1 ? 'battery' : 'batteries'} live`;
}
