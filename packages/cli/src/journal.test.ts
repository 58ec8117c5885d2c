import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectJournal } from './journal.ts';

test('log lines reach journald with their priority', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ubmsc-'));
  const path = join(folder, 'stdout');
  const server = createServer((socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (part) => (text += String(part)));
    socket.on('end', () => resolveText(text));
  });
  let resolveText: (text: string) => void = () => {};
  const whole = new Promise<string>((resolve) => (resolveText = resolve));
  try {
    server.listen(path);
    await once(server, 'listening');
    const sink = await connectJournal(path);
    sink?.write('warn', 'ubmsc::link: lost');
    sink?.[Symbol.dispose]();
    expect(await whole).toBe('ubmsc\n\n6\n1\n0\n0\n0\n<4>ubmsc::link: lost\n');
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('where journald does not run there is no sink', async () => {
  expect(await connectJournal('/nowhere/journal.sock')).toBeUndefined();
});
