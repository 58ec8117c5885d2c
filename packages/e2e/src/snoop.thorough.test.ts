import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureBoth } from './captured.ts';
import { temporaryFolder, ubmsc } from './command.ts';

const planted = /LEAK/;

describe('--snoop', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let central: string;
  let peripherals: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    ({ central, peripherals } = await captureBoth(folder.file));
  });
  afterAll(async () => await folder[Symbol.asyncDispose]());

  test('has passcodes when it is asked to show secrets', async () => {
    const file = folder.file('secrets.btsnoop');
    const { code } = await ubmsc('--adapter', 'sim', '-i', '--snoop', file, '--show-secrets');
    expect(code).toBe(0);
    expect(readFileSync(file).toString('latin1')).toMatch(planted);
  });

  test('is decoded: what the batteries have sent, on either side of the link', async () => {
    for (const file of [central, peripherals]) {
      const { code, stdout } = await ubmsc('decode', file, '-f', 'json', '-i');
      expect(code).toBe(0);
      expect(stdout).toContain('"serial_number":"50912010001"');
      expect(stdout.includes('"serial_number":"50912010002"')).toBe(file === central);
    }
  });

  test('cut off or damaged is decoded up to there, and the offset is said', async () => {
    const bytes = readFileSync(central);
    await writeFile(folder.file('cut'), bytes.subarray(0, -5));
    const cut = await ubmsc('decode', folder.file('cut'), '-f', 'json');
    expect([cut.code, cut.stdout]).toEqual([0, expect.stringContaining('"serial_number":"50912010001"')]);
    expect(cut.stderr).toMatch(/cut off: its last \d+ bytes/);
    const damaged = Buffer.concat([bytes, Buffer.alloc(24, 0xff)]);
    await writeFile(folder.file('damaged'), damaged);
    const after = await ubmsc('decode', folder.file('damaged'), '-f', 'json');
    expect([after.code, after.stdout]).toEqual([0, cut.stdout]);
    expect(after.stderr).toContain(`at offset ${bytes.length}; nothing after that was read`);
  });

  test('to a place where nothing can be written is a usage error, before anything is opened', async () => {
    const { code, stderr } = await ubmsc('--adapter', 'sim', '-i', '--snoop', folder.file('none/a.btsnoop'));
    expect([code, stderr]).toEqual([2, expect.stringContaining('cannot be written: ENOENT')]);
  });
});
