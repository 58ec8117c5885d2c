import { describe, expect, test } from 'vitest';
import { golden, describeCorpus, fromHex, readSessions, sessionBytes } from '@ubmsc/testing';
import { FRAME_LENGTH, sealFrame, toFrame, type Frame } from './frame.ts';
import { encode } from './layout.ts';
import type { Variant } from './layouts/index.ts';
import { cellDataJk02_24s } from './layouts/jk02-24s/cell-data.ts';
import { deviceInfoJk02_24s } from './layouts/jk02-24s/device-info.ts';
import { cellDataJk02_32s } from './layouts/jk02-32s/cell-data.ts';
import { StreamParser } from './stream-parser.ts';
import { judge, VariantDetector } from './variant.ts';

const variants: Readonly<Record<string, Variant>> = {
  JK04: 'jk04',
  JK02_24S: 'jk02-24s',
  JK02_32S: 'jk02-32s',
};

function vector(name: string): Frame {
  const frame = toFrame(fromHex(golden.frames.find((entry) => entry.name === name)?.hex ?? ''));
  if (typeof frame === 'string') throw new Error(frame);
  return frame;
}

test.each(golden.frames)('$name is told on its own', ({ name, variant }) => {
  expect(judge(vector(name)).candidates).toEqual([variants[variant]]);
});

describe('a frame', () => {
  test('whose cells do not add up to its pack is of no variant, and the reason says so', () => {
    const frame = encode(cellDataJk02_24s, {
      enabledCells: 0xf,
      cellVoltages: [3.3, 3.3, 3.3, 3.3],
      packVoltage: 20,
    });
    const { candidates, reasons } = judge(frame);
    expect(candidates).toEqual([]);
    expect(reasons['jk02-24s']).toBe('its cells add up to 13.200 V, its pack has 20.000 V');
  });

  test.each([
    ['JK-B5A24S', '8.0.3M', 'jk04'],
    ['JK-B2A24S', '3.2.3', 'jk04'],
    ['JK-B2A24S20P', '8.0.6G', 'jk02-24s'],
    ['JK-BD6A17S6P', '7.1.0H', 'jk02-24s'],
  ])(
    'of a %s with software %s is told by its model: a balancer measures no current',
    (model, softwareVersion, variant) => {
      const dated = { model, softwareVersion, manufacturingDate: '220101', serialNumber: '0000000001' };
      expect(judge(encode(deviceInfoJk02_24s, dated)).candidates).toEqual([variant]);
      expect(judge(encode(deviceInfoJk02_24s, { model, softwareVersion })).candidates).toEqual([variant]);
    },
  );

  test('without cells is told by its structure', () => {
    const enableFlags = Uint8Array.of(0xfe, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    expect(judge(encode(cellDataJk02_32s, { enableFlags })).candidates).toEqual(['jk02-32s']);
  });
});

describe('a detector', () => {
  const told = vector('24s-cell-8s-charging');
  const other = vector('32s-cell-16s-discharging');
  const ambiguous = sealFrame(
    'deviceInfo',
    Uint8Array.from({ length: FRAME_LENGTH }, (_, at) => (at === 78 ? 0x32 : 0)),
  );

  test('refuses a frame that several variants explain, and accepts it once another frame has told', () => {
    const detector = new VariantDetector();
    expect(detector.observe(ambiguous)).toBeUndefined();
    expect(detector.verdict.candidates).toEqual(['jk04', 'jk02-24s']);
    expect(detector.observe(told)).toBe('jk02-24s');
    expect(detector.observe(ambiguous)).toBe('jk02-24s');
  });

  test('takes one frame that contradicts the others for damaged', () => {
    const detector = new VariantDetector();
    detector.observe(told);
    expect(detector.observe(other)).toBeUndefined();
    expect(detector.observe(told)).toBe('jk02-24s');
  });

  test('believes several frames in a row that it talks to another device', () => {
    const detector = new VariantDetector();
    detector.observe(told);
    for (let frame = 0; frame < 3; frame++) expect(detector.observe(other)).toBeUndefined();
    expect(detector.observe(other)).toBe('jk02-32s');
  });

  test('uses a variant that is given where it fits, and refuses what another explains', () => {
    expect(new VariantDetector('jk02-24s').observe(told)).toBe('jk02-24s');
    const detector = new VariantDetector('jk04');
    expect(detector.observe(told)).toBeUndefined();
    expect(detector.verdict.candidates).toEqual(['jk02-24s']);
    expect(detector.verdict.reasons.jk04).toBeDefined();
  });

  test('uses a variant that is given for what no variant explains, and says what speaks against it', () => {
    const unknown = sealFrame(
      'cellData',
      told.bytes.map((byte, at) => (at === 7 ? byte ^ 0x04 : byte)),
    );
    expect(judge(unknown).candidates).toEqual([]);
    const detector = new VariantDetector('jk02-24s');
    expect(detector.observe(unknown)).toBe('jk02-24s');
    expect(detector.misfit).toMatch(/add up/);
    expect(detector.observe(told)).toBe('jk02-24s');
    expect(detector.misfit).toBeUndefined();
    expect(detector.observe(unknown)).toBeUndefined();
  });
});

describeCorpus('real captures', () => {
  test('each frame of a session is told, and rightly', () => {
    let told = 0;
    let listed = 0;
    for (const session of readSessions()) {
      const detector = new VariantDetector();
      for (const count of Object.values(session.records_seen)) listed += count;
      for (const item of new StreamParser().push(sessionBytes(session))) {
        if (item.kind !== 'frame') continue;
        expect(detector.observe(item.frame), `${session.id} at ${item.offset}`).toBe(session.variant);
        told++;
      }
    }
    expect(told).toBe(listed);
  });
});
