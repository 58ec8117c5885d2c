import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { golden, captureFrames, describeCorpus, fromHex, readCaptures } from '@ubmsc/testing';
import { FRAME_LENGTH, recordNames, sealFrame, toFrame, type Frame } from './frame.ts';
import { decode, encode, type Layout } from './layout.ts';
import { layouts } from './layouts/index.ts';
import { redact } from './redact.ts';

const deviceInfoLayouts: readonly Layout[] = Object.values(layouts).map(({ deviceInfo }) => deviceInfo);

const anyFrame = fc
  .tuple(fc.constantFrom(...recordNames), fc.uint8Array({ minLength: FRAME_LENGTH, maxLength: FRAME_LENGTH }))
  .map(([record, bytes]) => sealFrame(record, bytes));

const anyDeviceInfo = anyFrame.map(({ bytes }) => sealFrame('deviceInfo', bytes.slice()));

function textOf({ bytes }: Frame): string {
  return Buffer.from(bytes).toString('latin1');
}

describe.each(deviceInfoLayouts.map((layout) => [layout.variant, layout] as const))(
  'a redacted device info record of %s',
  (_, layout) => {
    const names = Object.keys(layout.fields);
    const secretNames = names.filter((name) => layout.fields[name]?.secret);

    test('has none of its passcodes, whatever they are', () => {
      const frame = encode(layout, {
        model: 'JK_TEST',
        devicePasscode: 'LEAKME1',
        settingsPasscode: 'LEAKME2',
        serialNumber: '2041803028\0LEAK3',
      });
      expect(secretNames).toEqual(['devicePasscode', 'settingsPasscode']);
      expect(textOf(frame)).toContain('LEAK3');
      expect(textOf(redact(frame))).not.toContain('LEAK');
      expect(decode(layout, redact(frame))).toMatchObject({ model: 'JK_TEST', serialNumber: '2041803028' });
    });

    test('has all its other fields', () => {
      fc.assert(
        fc.property(anyDeviceInfo, (frame) => {
          const before = decode(layout, frame);
          const after = decode(layout, redact(frame));
          for (const name of names) {
            const value = before[name];
            if (secretNames.includes(name)) expect(after[name]).toBe('');
            else if (name === 'serialNumber' && typeof value === 'string')
              expect(after[name]).toBe(value.replace(/\0.*$/s, ''));
            else expect(after[name]).toEqual(value);
          }
        }),
      );
    });
  },
);

describe('redacting', () => {
  test('gives a valid frame and leaves the given one alone', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const before = frame.bytes.slice();
        const redacted = redact(frame);
        expect(toFrame(redacted.bytes)).toEqual(redacted);
        expect(frame.bytes).toEqual(before);
      }),
    );
  });

  test('twice is redacting once', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        expect(redact(redact(frame))).toEqual(redact(frame));
      }),
    );
  });

  test.each(golden.frames)('leaves $name alone unless it is device info', ({ record, hex }) => {
    const frame = toFrame(fromHex(hex));
    if (typeof frame === 'string') throw new Error(frame);
    if (record !== '0x03') expect(redact(frame)).toBe(frame);
  });
});

describeCorpus('real captures', () => {
  test('have no passcode and no leftover once they are redacted', () => {
    const frames = readCaptures('captures.json').flatMap(captureFrames);
    const infos = frames.filter(({ record }) => record === 'deviceInfo').map(redact);
    expect(infos.length).toBeGreaterThan(0);
    for (const frame of infos) {
      const { devicePasscode, settingsPasscode, serialNumber } = decode(
        layouts['jk02-32s'].deviceInfo,
        frame,
      );
      expect([devicePasscode, settingsPasscode]).toEqual(['', '']);
      expect(serialNumber).not.toContain('\0');
    }
  });
});
