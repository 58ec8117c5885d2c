import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { logChannelName, UsageError } from '@ubmsc/base';
import type { BatterySource } from '@ubmsc/session';
import { expect, test } from 'vitest';
import { startService } from './service.ts';

const batteries: BatterySource = {
  statuses: [],
  now: () => 0,
  observe: () => ({ [Symbol.dispose]: () => {} }),
};

/** A service of which every word to the service manager is kept, and what SIGHUP would call. */
function recorded(): {
  readonly told: string[];
  readonly hangup: () => void;
  readonly options: Pick<Parameters<typeof startService>[0], 'batteries' | 'notify' | 'onHangup'>;
} {
  const told: string[] = [];
  let listener: (() => void) | undefined;
  return {
    told,
    hangup: () => listener?.(),
    options: {
      batteries,
      notify: async (...assignments) =>
        void told.push(...assignments.map((each) => each.replace(/USEC=\d+/, 'USEC'))),
      onHangup: (called) => {
        listener = called;
        return { [Symbol.dispose]: () => (listener = undefined) };
      },
    },
  };
}

test('the service manager is told of the beginning and of the end', async () => {
  const { told, options } = recorded();
  const service = await startService(options);
  await service[Symbol.asyncDispose]();
  expect(told).toEqual(['READY=1', 'STATUS=0/0 batteries live', 'STOPPING=1']);
});

test('SIGHUP reads the configuration again, one time after the other', async () => {
  const { told, hangup, options } = recorded();
  let running = 0;
  let read = 0;
  const reload = async (): Promise<void> => {
    expect(++running).toBe(1);
    await Promise.resolve();
    running--;
    read++;
  };
  const service = await startService({ ...options, reload });
  hangup();
  hangup();
  await service[Symbol.asyncDispose]();
  expect(read).toBe(2);
  expect(told.slice(2)).toEqual([
    'RELOADING=1',
    'MONOTONIC_USEC',
    'READY=1',
    'RELOADING=1',
    'MONOTONIC_USEC',
    'READY=1',
    'STOPPING=1',
  ]);
});

test('a configuration that is not valid is logged problem by problem, and the next valid one counts again', async () => {
  const { hangup, options } = recorded();
  const lines: string[] = [];
  const onMessage = (message: unknown): void => void lines.push(JSON.stringify(message));
  subscribe(logChannelName, onMessage);
  let valid = false;
  const reload = async (): Promise<void> => {
    if (!valid)
      throw new AggregateError([
        new UsageError('config.toml:1: x', 'a'),
        new UsageError('config.toml:2: y', 'b'),
      ]);
  };
  const service = await startService({ ...options, reload });
  const began = service.configState.time;
  hangup();
  await expect.poll(() => service.configState.successful).toBe(false);
  expect(service.configState.time).toBe(began);
  expect(lines).toEqual([
    expect.stringMatching(/"error".*stays as it was: config.toml:1: x; a/),
    expect.stringMatching(/"error".*stays as it was: config.toml:2: y; b/),
  ]);
  valid = true;
  hangup();
  await expect.poll(() => service.configState.successful).toBe(true);
  await service[Symbol.asyncDispose]();
  unsubscribe(logChannelName, onMessage);
});

test('without a configuration file SIGHUP changes nothing', async () => {
  const { told, hangup, options } = recorded();
  const service = await startService({ ...options, isTerminal: false });
  const before = [...told];
  hangup();
  await service[Symbol.asyncDispose]();
  expect(told).toEqual([...before, 'STOPPING=1']);
});

test('without a configuration file SIGHUP of a terminal is left to end the process', async () => {
  const { options } = recorded();
  const service = await startService({
    ...options,
    isTerminal: true,
    onHangup: () => {
      throw new Error('SIGHUP was taken');
    },
  });
  await service[Symbol.asyncDispose]();
});
