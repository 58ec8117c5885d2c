import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { openAdapter } from '@ubmsc/client';
import { CaptureReader } from '@ubmsc/recording';
import { Ether } from '@ubmsc/hci';
import { parseFaults, simulate } from '@ubmsc/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureBoth, capturing } from './captured.ts';
import { script, temporaryFolder, ubmsc } from './command.ts';

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
    ({ central, peripherals } = await captureBoth(folder.file));
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

  test('makes a recording of each battery with ubmsc import', async () => {
    const { code, stderr } = await ubmsc('import', central, '-o', folder.file('imported/'));
    expect(code).toBe(0);
    for (const name of ['UPS_BMS', 'UPS_BMS_2'])
      expect(stderr).toMatch(new RegExp(`^ubmsc: ${name} .* as jk02-32s: .*\\.jsonl$`, 'm'));
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

test.each([
  ['read', 2],
  ['check', 3],
])(
  'that cannot be written to its end does not keep %s from its readings, and ends it with %i',
  async (command, code) => {
    await using folder = await temporaryFolder();
    // The file may have 1024 octets: no disk has to be filled.
    const limited = `ulimit -f 1; exec ${process.execPath} ${script} ${command} --adapter sim --snoop ${folder.file('it')}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', limited], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(stdout).toMatch(/^(UPS_BMS .*SIMULATED|OK UPS_BMS: all is well)/);
    expect(stderr).toMatch(/^ubmsc: the capture .* cannot be written: EFBIG.*; .*\n$/);
    expect(status).toBe(code);
  },
);

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
