import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { openAdapter } from '@ubmsc/client';
import { CaptureReader } from '@ubmsc/recording';
import { Ether } from '@ubmsc/hci';
import { parseFaults, simulate } from '@ubmsc/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capturing } from './captured.ts';
import { simulator, temporaryFolder, ubmsc } from './command.ts';

const planted = /LEAK/;

const hasTshark = spawnSync('tshark', ['--version']).status === 0;

/** Each packet in one line of fields. */
function tshark(file: string, ...fields: readonly string[]): string[] {
  const args = ['-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  const { status, stdout, stderr } = spawnSync('tshark', args, { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(stderr);
  return stdout.trimEnd().split('\n');
}

function packets(file: string): { indicator: number; text: string }[] {
  return [...new CaptureReader().push(readFileSync(file))].map(({ indicator, body }) => ({
    indicator,
    text: body.toString('latin1'),
  }));
}

describe('--snoop', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let central: string;
  let peripherals: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    central = folder.file('central.btsnoop');
    peripherals = folder.file('battery.btsnoop');
    await using batteries = await simulator('--batteries', '2', '--snoop', peripherals);
    const { code } = await ubmsc('--adapter', batteries.adapter, '-i', '-c', '--snoop', central);
    expect(code).toBe(0);
  });
  afterAll(async () => await folder[Symbol.asyncDispose]());

  test('writes commands, events and data, on the side of the central and of each battery', () => {
    for (const file of [central, peripherals, peripherals.replace('.', '-2.')]) {
      const found = packets(file);
      for (const indicator of [1, 2, 4])
        expect(found.some((each) => each.indicator === indicator)).toBe(true);
    }
    expect(existsSync(peripherals.replace('.', '-3.'))).toBe(false);
  });

  test('has no passcodes, though all else of device info', () => {
    const text = (file: string): string =>
      packets(file)
        .map((each) => each.text)
        .join('');
    for (const file of [central, peripherals]) {
      expect(text(file)).not.toMatch(planted);
      expect(text(file)).toContain('JK_BD4A8S4P');
    }
  });

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

  test.skipIf(!hasTshark)('is read by tshark without a malformed packet (skipped without tshark)', () => {
    for (const file of [central, peripherals, peripherals.replace('.', '-2.')]) {
      const lines = tshark(file, '_ws.malformed', '_ws.expert.message', 'frame.protocols');
      expect(lines.length).toBeGreaterThan(50);
      expect(lines.filter((line) => /malformed/i.test(line))).toEqual([]);
      expect(lines.some((line) => line.includes('btatt'))).toBe(true);
    }
  });

  test.skipIf(!hasTshark)(
    'has directions and times that tshark reads as they were (skipped without tshark)',
    () => {
      const [first = ''] = tshark(central, 'hci_h4.direction', 'frame.time_epoch', 'hci_h4.type');
      const [direction, time, type] = first.split('\t');
      expect([Number(direction), Number(type)]).toEqual([0, 1]);
      expect(Math.abs(Number(time) * 1000 - Date.now())).toBeLessThan(600_000);
    },
  );
});

test.concurrent.each([
  'dup-notify',
  'drop-notify=0.2',
  'crc-rate=0.5',
  'truncate=0.5',
  'mtu=23',
  'at-flood=inline',
  'glue',
])('a battery with the fault %s is captured without its passcodes', async (fault) => {
  const { bytes, capture } = capturing();
  await using ether = new Ether();
  await using simulation = await simulate({ ether, faults: parseFaults([fault]) });
  const [simulated] = simulation.batteries;
  {
    await using adapter = await openAdapter(ether, { capture });
    await using battery = await adapter.open(simulated?.address ?? '', { requestTimeout: 1000 });
    await battery.deviceInfo().catch(() => {});
  }
  const values = [...new CaptureReader().push(Buffer.concat(bytes))].map(({ body }) =>
    body.subarray(11).toString('latin1'),
  );
  expect(values.join('')).not.toMatch(/LEAK/);
  expect(values.length).toBeGreaterThan(30);
});
