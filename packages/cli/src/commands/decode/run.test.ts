import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, layouts, sealFrame, variants, type Layout } from '@ubmsc/protocol';
import { UnknownDeviceError } from '@ubmsc/session';
import { UsageError } from '@ubmsc/base';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { forms, hex } from '../../decode/test/forms.ts';
import { goldenBytes, goldenFrame, goldenNames } from '../../decode/test/golden.ts';
import { formats } from '../../formats/index.ts';
import { captureFrames, describeCorpus, fixedValues, readCaptures } from '@ubmsc/testing';
import { captureOutput } from '../../../test/capture-output.ts';
import { decode, type DecodeCommandOptions } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'ubmsc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const usual: DecodeCommandOptions = {
  format: 'text',
  metricPrefix: '',
  deviceInfo: undefined,
  cellData: undefined,
  showSecrets: undefined,
  variant: undefined,
};

interface Ended {
  readonly code: number | undefined;
  readonly error: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command on a file with this content. */
async function run(
  content: string | Uint8Array,
  options: Partial<DecodeCommandOptions> = {},
): Promise<Ended> {
  const path = join(folder, 'capture');
  writeFileSync(path, content);
  return await runOn(path, options);
}

async function runOn(path: string, options: Partial<DecodeCommandOptions> = {}): Promise<Ended> {
  const written = captureOutput();
  let code: number | undefined;
  let error: unknown;
  try {
    code = await decode(path, { ...usual, ...options }, new AbortController().signal);
  } catch (thrown) {
    error = thrown;
  } finally {
    vi.restoreAllMocks();
  }
  return { code, error, ...written };
}

describe('ubmsc decode', () => {
  test('prints the frames in their order, and what was found on standard error', async () => {
    const { code, stdout, stderr } = await run(goldenBytes);
    expect(code).toBe(0);
    expect(stdout.match(/^frame \d+$/gm)).toEqual(goldenNames.map((_, index) => `frame ${index + 1}`));
    expect(stderr).toBe(
      'ubmsc: 13 frames decoded (5 cell_data, 3 settings, 3 device_info, 1 logbook, 1 detail_log) as jk02-32s, jk02-24s, jk04, 0 acknowledges, 0 heartbeats, 0 bytes discarded\n',
    );
  });

  describe('prints the same of', () => {
    let bytes: Ended;
    beforeAll(async () => void (bytes = await run(goldenBytes, { format: 'json' })));

    test.each(Object.entries(forms))('%s', async (_, form) => {
      const text = await run(form(goldenBytes), { format: 'json' });
      expect(text).toEqual(bytes);
      expect(text.code).toBe(0);
    });
  });

  test('prints only the groups that -i and -c ask for', async () => {
    const groups = async (options: Partial<DecodeCommandOptions>): Promise<string[]> =>
      Object.keys(JSON.parse((await run(goldenBytes, { format: 'json', ...options })).stdout));
    expect(await groups({})).toEqual(['device_info', 'cell_data', 'settings', 'logbook', 'detail_log']);
    expect(await groups({ deviceInfo: true })).toEqual(['device_info']);
    expect(await groups({ cellData: true })).toEqual(['cell_data']);
  });

  test('refuses a variant that another one explains better', async () => {
    const { error, stdout, stderr } = await run(goldenFrame('24s-cell-8s-charging').bytes, {
      variant: 'jk04',
    });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/frame 1 \(cell_data\) not decoded: it may be jk02-24s; not jk04: /);
    expect(error).toMatchObject({
      message: 'no frame could be decoded as jk04',
      hint: expect.stringContaining('leave out --variant'),
    });
  });

  test('takes the variant that it is given for what none explains, and says so', async () => {
    const { bytes } = goldenFrame('24s-cell-8s-charging');
    // A cell more than 1 V beside what the pack tells.
    const unknown = sealFrame(
      'cellData',
      bytes.map((byte, at) => (at === 7 ? byte ^ 0x04 : byte)),
    );
    const { code, stdout, stderr } = await run(unknown.bytes, { format: 'json', variant: 'jk02-24s' });
    expect(code).toBe(0);
    expect(stdout).toContain('"variant":"jk02-24s"');
    expect(stderr).toMatch(/frame 1 \(cell_data\) may be read wrongly as jk02-24s: its cells add up to/);
  });

  test('reports what is damaged and decodes the rest', async () => {
    const [good, cut] = [
      goldenFrame('32s-settings').bytes,
      goldenFrame('32s-logbook').bytes.subarray(0, 200),
    ];
    const { code, stderr } = await run(Buffer.concat([cut, good]));
    expect(code).toBe(0);
    expect(stderr).toContain('ubmsc: offset 0: 200 bytes discarded (checksum)');
    expect(stderr).toContain('1 frame decoded (1 settings)');
  });

  test.each([
    ['', 'no bytes'],
    ['what is this?', 'no bytes'],
    [goldenBytes.subarray(0, 299), 'no complete frame'],
    [goldenFrame('32s-logbook').bytes, 'no frame could be decoded'],
  ])('fails as unknown device, with a hint, when nothing can be decoded (%#)', async (content, message) => {
    const { error, stdout, stderr } = await run(content, { variant: 'jk04' });
    expect(error).toBeInstanceOf(UnknownDeviceError);
    expect(error).toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/give|leave out/),
    });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^(?:ubmsc: .*\n)+$/);
  });

  test.each([
    ['nowhere', 'there is no such file'],
    ['.', 'it is a directory'],
  ])('says in a usage error what is wrong with %s', async (name, message) => {
    const { error } = await runOn(join(folder, name));
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message: expect.stringContaining(message) });
  });

  test('has no metrics to explain', async () => {
    const { error } = await run(goldenBytes, { format: 'metrics', explain: true });
    expect(error).toBeInstanceOf(UsageError);
  });

  test('ends when it is interrupted', async () => {
    const reason = new Error('interrupted');
    const path = join(folder, 'capture');
    writeFileSync(path, goldenBytes);
    await expect(decode(path, usual, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test('throws nothing but an unknown device, whatever it reads', async () => {
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.constantFrom(...goldenNames.map((name) => goldenFrame(name).bytes)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 4 }), fc.boolean(), async (chunks, explain) => {
        const { error } = await run(Buffer.concat(chunks), { explain, raw: explain });
        if (error !== undefined) expect(error).toBeInstanceOf(UnknownDeviceError);
      }),
      { numRuns: 50 },
    );
  });
});

describe('passcodes', () => {
  const canaries = ['LEAKME1', 'LEAKME2', 'LEAK3'];
  const infos: readonly Layout[] = Object.values(layouts).map(({ deviceInfo }) => deviceInfo);
  const frames = infos.map((layout) =>
    encode(layout, {
      model: 'JK_TEST',
      softwareVersion: '15.26',
      manufacturingDate: '240101',
      serialNumber: `2041803028\0${canaries[2]}`,
      devicePasscode: canaries[0] ?? '',
      settingsPasscode: canaries[1] ?? '',
      ...(layout.variant === 'jk02-32s' && { commandSupport: Uint8Array.of(0, 0, 0, 1), protocolVersion: 2 }),
      ...fixedValues(layout),
    }),
  );
  const damaged = frames.map(({ bytes }) => bytes.with(299, (bytes[299] ?? 0) ^ 1));
  const capture = Buffer.concat([...frames.map(({ bytes }) => bytes), ...damaged]);

  /** A canary as text, or its bytes in hexadecimal. */
  const leaks = ({ stdout, stderr }: Ended): string[] => {
    const written = `${stdout}${stderr}`.toLowerCase();
    return canaries.filter((canary) =>
      [canary, hex(Buffer.from(canary), ' '), hex(Buffer.from(canary), '')].some((text) =>
        written.includes(text.toLowerCase()),
      ),
    );
  };

  const choices = Object.keys(formats).flatMap((format) =>
    [{}, { raw: true }, { explain: true }, { explain: true, raw: true }].map((options) => ({
      format,
      ...options,
    })),
  );

  test.each(choices)('are in no output of %j', async (options) => {
    const ended = await run(capture, options);
    expect(leaks(ended)).toEqual([]);
    if (ended.code === 0)
      expect(ended.stderr).toContain(`${frames.length} frames decoded (${frames.length} device_info)`);
    for (const variant of variants) expect(leaks(await run(capture, { ...options, variant }))).toEqual([]);
  });

  test('are in no output, whatever notation they were pasted in', async () => {
    const good = Buffer.concat(frames.map(({ bytes }) => bytes));
    for (const [name, form] of Object.entries(forms))
      for (const bytes of [good, capture])
        expect(leaks(await run(form(bytes), { format: 'json', raw: true })), name).toEqual([]);
  });

  test('are printed when they are asked for', async () => {
    expect(leaks(await run(capture, { format: 'json', showSecrets: true }))).toEqual(canaries);
    expect(leaks(await run(capture, { explain: true, showSecrets: true }))).toEqual(canaries);
  });
});

describeCorpus('real captures', () => {
  test('as text, a notification a line between titles, give every frame', async () => {
    const captures = readCaptures('captures.json');
    const count = captures.flatMap(captureFrames).length;
    const text = captures.map(({ id, notifications }) => [`# ${id}`, ...notifications].join('\n')).join('\n');
    const { code, stderr } = await run(text, { format: 'json' });
    expect(code).toBe(0);
    expect(stderr).toContain(`${count} frames decoded`);
    expect(stderr).not.toContain('not decoded');
  });
});

describe('a recording', () => {
  const header = {
    format: 'ubmsc-recording',
    version: 1,
    started: '2026-01-01T00:00:00Z',
    origin: 'test',
    device: {},
    simulated: true,
    redacted: true,
    anonymized: false,
  };
  const frame = Buffer.from(goldenBytes.subarray(0, 300)).toString('hex');
  const lines = [
    JSON.stringify(header),
    '{"ms":0,"write":"aa5590eb97000000000000000000000000000011"}',
    `{"ms":1,"notify":"${frame.slice(0, 256)}"}`,
    '{"ms":2,"notify":"41540d0a"}',
    `{"ms":3,"notify":"${frame.slice(256)}"}`,
  ];

  test('is decoded notification by notification: what was written is not from the battery', async () => {
    const { code, stderr } = await run(`${lines.join('\n')}\n`);
    expect(code).toBe(0);
    expect(stderr).toMatch(/1 frame decoded .* 1 heartbeat, 0 bytes discarded/);
  });

  test('whose line makes no sense is refused with the line', async () => {
    const { error } = await run([...lines, '{"ms":4,"notify":"xx"}'].join('\n'));
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain('line 6 of the recording is wrong');
  });
});
