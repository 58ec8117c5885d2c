import { expect, test, vi } from 'vitest';
import { startHost } from './start-host.ts';

test('a host that starts is in user-channel mode, and the environment is as before', () => {
  vi.stubEnv('HCI_CHANNEL_USER', undefined);
  let seen: string | undefined;
  startHost(() => (seen = process.env['HCI_CHANNEL_USER']));
  expect(seen).toBe('1');
  expect('HCI_CHANNEL_USER' in process.env).toBe(false);
  vi.unstubAllEnvs();
});

test('the environment is as before when the host fails', () => {
  vi.stubEnv('HCI_CHANNEL_USER', undefined);
  const fail = (): never => {
    throw new Error('no');
  };
  expect(() => startHost(fail)).toThrow('no');
  expect('HCI_CHANNEL_USER' in process.env).toBe(false);
  vi.unstubAllEnvs();
});

test('the process listeners of a host go with it, and those of others stay', () => {
  const listeners = { before: () => undefined, host: () => undefined, after: () => undefined };
  const before = [process.listenerCount('SIGINT'), process.listenerCount('exit')];
  process.on('SIGINT', listeners.before);
  const host = startHost(() => process.on('SIGINT', listeners.host).on('exit', listeners.host));
  process.on('SIGINT', listeners.after);
  host[Symbol.dispose]();
  expect(process.listeners('SIGINT')).toContain(listeners.before);
  expect(process.listeners('SIGINT')).toContain(listeners.after);
  expect(process.listeners('SIGINT')).not.toContain(listeners.host);
  expect(process.listeners('exit')).not.toContain(listeners.host);
  process.off('SIGINT', listeners.before).off('SIGINT', listeners.after);
  expect([process.listenerCount('SIGINT'), process.listenerCount('exit')]).toEqual(before);
});
