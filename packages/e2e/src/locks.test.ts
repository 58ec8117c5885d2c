import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayUseRadios } from '@ubmsc/base';
import { lockAdapter } from '@ubmsc/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { start } from './command.ts';

/** No machine has this many controllers: opening one fails, once it is not locked. */
const adapter = 'hci9977';

const holdsAdapters = await mayUseRadios(process.pid);

describe.skipIf(process.platform !== 'linux')('the built command', () => {
  test('is not shut out by what a killed one has left in the temporary folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ubmsc-locks-'));
    onTestFinished(async () => await rm(folder, { recursive: true }));
    await mkdir(join(folder, 'ubmsc'));
    await writeFile(join(folder, 'ubmsc', `${adapter}.lock`), '{"pid":999999,"command":"x"}');
    const { stderr, code } = await start(['--adapter', adapter, 'scan'], { TMPDIR: folder }).ended;
    expect(stderr).not.toContain('held');
    expect(stderr).toContain(adapter);
    expect(code).toBe(3);
  });

  test.skipIf(!holdsAdapters)(
    'says which process holds an adapter, also from another temporary folder',
    async () => {
      await using lock = await lockAdapter(adapter);
      const { stderr, code } = await start(['--adapter', adapter, 'scan'], { TMPDIR: '/proc/nowhere' }).ended;
      expect(lock).toBeDefined();
      expect(stderr).toContain(`${adapter} is held by process ${process.pid}`);
      expect(code).toBe(3);
    },
  );
});
