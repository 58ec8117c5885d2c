import { parseRecording, type Recording } from '@ubmsc/recording';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder, ubmsc } from './command.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let snoop: string;

/** Two batteries that were recorded and captured in one run. */
beforeAll(async () => {
  folder = await temporaryFolder();
  snoop = folder.file('run.btsnoop');
  const args = ['--adapter', 'sim:2', 'record', '--for', '12s', '-o', folder.file('recorded/')];
  expect((await ubmsc(...args, '--snoop', snoop)).code).toBe(0);
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

/** The recordings in a folder, in the order of their names. */
async function recordingsIn(name: string): Promise<(Recording & { readonly text: string })[]> {
  const files = (await readdir(folder.file(name))).toSorted((one, other) => one.localeCompare(other));
  return await Promise.all(
    files.map(async (file) => {
      const text = await readFile(`${folder.file(name)}/${file}`, 'utf8');
      return { ...parseRecording(text), text };
    }),
  );
}

describe('ubmsc import', () => {
  test('makes of a capture the recordings that record has made in the same run', async () => {
    const { code, stderr, stdout } = await ubmsc('import', snoop, '-o', folder.file('imported/'));
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^ubmsc: UPS_BMS(_2)? \(C8:.*\) SIMULATED: .* as jk02-32s: .*\.jsonl$/),
      expect.stringMatching(/^ubmsc: UPS_BMS(_2)? \(C8:.*\) SIMULATED: .* as jk02-32s: .*\.jsonl$/),
    ]);
    const [recorded, imported] = [await recordingsIn('recorded'), await recordingsIn('imported')];
    expect(recorded).toHaveLength(2);
    const shapes = (recordings: readonly Recording[]): unknown =>
      recordings.map(({ header, events }) => ({
        ...header,
        started: '',
        origin: '',
        // What the program thinks of a session is not in the air, but for how it ends.
        events: events.flatMap((event, index) =>
          event.kind === 'state' && index < events.length - 1
            ? []
            : [event.kind === 'state' ? [event.state, event.reason] : [event.kind, [...event.bytes]]],
        ),
      }));
    expect(shapes(imported)).toEqual(shapes(recorded));
  });

  test('reads captures that gzip has packed, and writes to standard output', async () => {
    const packed = folder.file('run.btsnoop.gz');
    await writeFile(packed, gzipSync(await readFile(snoop)));
    await ubmsc('import', packed, '-o', folder.file('unpacked/'));
    const texts = async (name: string): Promise<string[]> =>
      (await recordingsIn(name)).map(({ text }) => text);
    expect(await texts('unpacked')).toEqual(await texts('imported'));
    const one = folder.file('one.btsnoop');
    expect((await ubmsc('--adapter', 'sim', 'info', '--snoop', one)).code).toBe(0);
    const { code, stdout } = await ubmsc('import', one, '-o', '-');
    expect([code, parseRecording(stdout).header.device.name]).toEqual([0, 'UPS_BMS']);
  });

  test('has no passcode and no name that it shall not have', async () => {
    const secrets = folder.file('secrets.btsnoop');
    await ubmsc('--adapter', 'sim', 'info', '--snoop', secrets, '--show-secrets');
    const passcode = Buffer.from('LEAKME').toString('hex');
    const run = async (...args: readonly string[]): Promise<string> =>
      (await ubmsc('import', secrets, '-o', '-', ...args)).stdout;
    expect(await run('--show-secrets')).toContain(passcode);
    expect(await run()).not.toContain(passcode);
    const anonymous = await run('--anonymize');
    for (const text of [passcode, 'UPS_BMS', Buffer.from('UPS_BMS').toString('hex'), 'C8:47:80'])
      expect(anonymous).not.toContain(text);
  });

  test('writes over nothing, unless it is forced to', async () => {
    const file = folder.file('mine.jsonl');
    await writeFile(file, 'mine');
    const refused = await ubmsc('import', snoop, '-o', file);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('is there already')]);
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect((await ubmsc('import', snoop, '-o', file, '--force')).code).toBe(0);
    expect(parseRecording(await readFile(file, 'utf8')).isTorn).toBe(false);
    expect(existsSync(folder.file('mine-2.jsonl'))).toBe(true);
  });

  test('says what is cut off or damaged, and has what comes before', async () => {
    const bytes = await readFile(snoop);
    await writeFile(folder.file('cut'), bytes.subarray(0, -5));
    await writeFile(folder.file('damaged'), Buffer.concat([bytes, Buffer.alloc(24, 0xff)]));
    const cut = await ubmsc('import', folder.file('cut'), '-o', folder.file('of-cut/'));
    expect([cut.code, cut.stderr]).toEqual([0, expect.stringMatching(/cut: .* its last \d+ bytes/)]);
    const damaged = await ubmsc('import', folder.file('damaged'), '-o', folder.file('of-damaged/'));
    expect(damaged.code).toBe(0);
    expect(damaged.stderr).toContain(`at offset ${bytes.length}; nothing after that was read`);
    expect(await recordingsIn('of-damaged')).toEqual(await recordingsIn('imported'));
  });

  test('of a device of another maker names it, and is not a success', async () => {
    const bytes = await readFile(snoop);
    const [own, other] = [Buffer.of(0x55, 0xaa, 0xeb, 0x90), Buffer.of(0x55, 0xaa, 0x11, 0x01)];
    for (let at = bytes.indexOf(own); at >= 0; at = bytes.indexOf(own, at)) other.copy(bytes, at);
    await writeFile(folder.file('other'), bytes);
    await mkdir(folder.file('of-other/'), { recursive: true });
    const { code, stderr } = await ubmsc('import', folder.file('other'), '-o', folder.file('of-other/'));
    expect([code, stderr]).toEqual([6, expect.stringContaining('a balancer of NEEY or Heltec')]);
  });

  test.each([
    ['is not a capture', 'this is text', 2, 'this is not a capture: it begins neither as btsnoop nor'],
    ['is empty', '', 2, 'there are no bytes in it, at offset 0'],
    ['has no battery', Buffer.from('btsnoop\0\0\0\0\u0001\0\0\u0003\u00ea', 'latin1'), 6, 'no session'],
  ])('of what %s fails, and says so', async (name, content, exitCode, message) => {
    const file = folder.file(name);
    await writeFile(file, content);
    await mkdir(folder.file('nothing/'), { recursive: true });
    const { code, stderr } = await ubmsc('import', file, '-o', folder.file('nothing/'));
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(message)]);
    expect(await readdir(folder.file('nothing/'))).toEqual([]);
  });
});
