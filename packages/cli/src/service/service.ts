import { log } from '@ubmsc/base';
import type { BatterySource } from '@ubmsc/session';
import { problemText } from '../hints.ts';
import type { Interrupt } from '../interrupt.ts';
import { serviceNotifier, watchdogTime, type Notify } from './notify.ts';
import { reportBatteries } from './report.ts';

export interface ServiceOptions {
  readonly batteries: BatterySource;
  /** Reads the configuration again and does what it says; undefined without a configuration file. */
  readonly reload?: (() => Promise<void>) | undefined;
  readonly onHangup: Interrupt['onHangup'];
  /** What is wrong with its outputs, for people. */
  readonly problems?: (() => readonly string[]) | undefined;
  /** Whether it runs on a terminal; as standard error says when left out. */
  readonly isTerminal?: boolean | undefined;
  /** What tells the service manager; that of the environment when left out. */
  readonly notify?: Notify | undefined;
}

/** Whether the configuration that was read last is in force, and when one last came into force, in s since 1970. */
export interface ConfigState {
  readonly successful: boolean;
  readonly time: number;
}

/** A command that runs as a service, until it is disposed of. */
export interface Service extends AsyncDisposable {
  readonly configState: ConfigState;
}

/**
 * Tells the service manager that the command is ready, how its batteries are, and at the end that it stops. At SIGHUP
 * it reads the configuration again; one that is not valid is logged and changes nothing. Without one it goes on.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { batteries, reload, onHangup, problems, notify = serviceNotifier() } = options;
  const { isTerminal = process.stderr.isTTY } = options;
  let configState: ConfigState = { successful: true, time: Date.now() / 1000 };
  let reloading: Promise<void> = Promise.resolve();
  const reloadOnce = async (): Promise<void> => {
    if (!reload) {
      log('info', 'service', () => 'there is no configuration file to read again');
      return;
    }
    // sd_notify(3): the time by which the service manager tells this reload from the one before.
    await notify?.('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`);
    try {
      await reload();
      configState = { successful: true, time: Date.now() / 1000 };
      log('info', 'service', () => 'the configuration was read again');
    } catch (error) {
      configState = { ...configState, successful: false };
      logProblems(error);
    }
    await notify?.('READY=1');
  };
  const onSignal = (): void => {
    reloading = reloading.then(reloadOnce);
  };
  // A terminal that is closed ends what runs on it; to a service the signal says nothing else than to read again.
  const hangup = reload || !isTerminal ? onHangup(onSignal) : undefined;
  await notify?.('READY=1');
  const reporting = notify && reportBatteries(batteries, notify, watchdogTime(), problems);
  return {
    get configState() {
      return configState;
    },
    async [Symbol.asyncDispose]() {
      hangup?.[Symbol.dispose]();
      reporting?.[Symbol.dispose]();
      await reloading;
      await notify?.('STOPPING=1');
    },
  };
}

function logProblems(error: unknown): void {
  const problems: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  for (const problem of problems) {
    log('error', 'service', () => `the configuration stays as it was: ${problemText(problem)}`);
  }
}
