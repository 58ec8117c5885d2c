import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serviceNotifier, watchdogTime } from './notify.ts';

test('messages reach systemd-notify one by one, in the order in which they were sent', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
  try {
    const command = join(folder, 'systemd-notify');
    const file = join(folder, 'messages');
    await writeFile(command, `#!/bin/sh\nprintf '%s\\n' "$NOTIFY_SOCKET" "$@" >>${file}\n`);
    await chmod(command, 0o755);
    const notify = serviceNotifier({ NOTIFY_SOCKET: '@socket' }, command);
    void notify?.('READY=1', 'STATUS=0/2 batteries live');
    await notify?.('STOPPING=1');
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toEqual([
      '@socket',
      'READY=1',
      'STATUS=0/2 batteries live',
      '@socket',
      'STOPPING=1',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('nobody is told where no service manager listens', () => {
  expect(serviceNotifier({})).toBeUndefined();
});

test('a missing systemd-notify is not an error', async () => {
  await serviceNotifier({ NOTIFY_SOCKET: '@socket' }, '/nowhere/systemd-notify')?.('READY=1');
});

describe('the watchdog', () => {
  test('is asked for in microseconds', () => {
    expect(watchdogTime({ WATCHDOG_USEC: '30000000' })).toBe(30_000);
    expect(watchdogTime({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: String(process.pid) })).toBe(30_000);
  });

  test.each([
    {},
    { WATCHDOG_USEC: '' },
    { WATCHDOG_USEC: '0' },
    { WATCHDOG_USEC: 'soon' },
    { WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' },
  ])('is not asked for by %j', (environment) => {
    expect(watchdogTime(environment)).toBeUndefined();
  });
});
