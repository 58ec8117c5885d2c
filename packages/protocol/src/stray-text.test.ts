import { describe, expect, test } from 'vitest';
import {
  captureFrames,
  describeCorpus,
  fromHex,
  golden,
  notifications,
  readCaptures,
  readSessions,
} from '@ubmsc/testing';
import { FRAME_LENGTH, sealFrame, sum8, toFrame, type Frame } from './frame.ts';
import { encode } from './layout.ts';
import { layouts } from './layouts/index.ts';
import { StreamParser } from './stream-parser.ts';
import { StreamRedactor } from './stream-redactor.ts';
import { withoutStrayText } from './stray-text.ts';

const others = golden.frames
  .map(({ hex }) => toFrame(fromHex(hex)))
  .filter((frame): frame is Frame => typeof frame !== 'string' && frame.record !== 'deviceInfo');

const passcode = '84729163';
const { devicePasscode, settingsPasscode } = layouts['jk02-24s'].deviceInfo.fields;

/** What a device info record has where a variant without maps has zeros. */
const deviceInfo = encode(layouts['jk02-24s'].deviceInfo, {
  model: 'JK_TEST',
  devicePasscode: passcode,
  settingsPasscode: passcode,
}).bytes;

/** The head of a record with the rest of device info, whose checksum fits by chance: the counter is chosen so. */
function spliced(head: Uint8Array, length: number, from: number): Uint8Array {
  const bytes = new Uint8Array(FRAME_LENGTH);
  bytes.set(head.subarray(0, length));
  bytes.set(deviceInfo.subarray(from, from + FRAME_LENGTH - length), length);
  bytes[5] = (bytes[5] ?? 0) + (bytes[FRAME_LENGTH - 1] ?? 0) - sum8(bytes, 0, FRAME_LENGTH - 1);
  return bytes;
}

const hasPasscode = (bytes: Uint8Array): boolean => {
  const text = Buffer.from(bytes).toString('latin1');
  return [0, 1, 2, 3, 4].some((at) => text.includes(passcode.slice(at, at + 4)));
};

describe('a record that goes on as device info, and whose checksum fits', () => {
  test.each(others.map((frame, index) => [`${frame.record} ${index}`, frame.bytes] as const))(
    'has no passcode: %s',
    (_, head) => {
      let withPasscode = 0;
      // Every place of the head, and beginnings before, in and between the passcodes.
      for (let length = 6; length < FRAME_LENGTH - 8; length++) {
        for (const from of [length, 46, devicePasscode.at, devicePasscode.at + 2, settingsPasscode.at]) {
          const frame = toFrame(spliced(head, length, from));
          if (typeof frame === 'string') throw new Error(frame);
          if (hasPasscode(frame.bytes)) withPasscode++;
          const redacted = withoutStrayText(frame);
          expect(hasPasscode(redacted.bytes), `${length} ${from}`).toBe(false);
          expect(toFrame(redacted.bytes)).toMatchObject({ record: frame.record });
        }
      }
      expect(withPasscode).toBeGreaterThan(500);
    },
  );

  test('is given without it by the redactor, as it was cut, and so is text that goes on after its end', () => {
    const [head] = others;
    if (!head) throw new Error('a record');
    for (const length of [100, FRAME_LENGTH - 3]) {
      const record = spliced(head.bytes, length, devicePasscode.at);
      const rest = deviceInfo.subarray(devicePasscode.at + FRAME_LENGTH - length);
      const redactor = new StreamRedactor();
      const given = [...redactor.push(record, 0), ...redactor.push(rest, 40), ...redactor.end()];
      expect(given.map((bytes) => bytes.length)).toEqual([record.length, rest.length]);
      expect(hasPasscode(Buffer.concat(given))).toBe(false);
    }
  });
});

describe('a record that is as it was sent', () => {
  test('is left alone, with floats that are text', () => {
    for (const frame of others) expect(withoutStrayText(frame)).toBe(frame);
    const settings = encode(layouts.jk04.settings, {
      unknown6: 1,
      powerOffVoltage: 3.3,
      unknown98: 3.3,
      unknown102: 3.3,
    });
    expect(Buffer.from(settings.bytes).toString('latin1')).toContain('33S@33S@');
    expect(withoutStrayText(settings)).toBe(settings);
  });

  test('is left alone when it is device info: its texts stand where they belong', () => {
    const frame = sealFrame('deviceInfo', deviceInfo.slice());
    expect(withoutStrayText(frame)).toBe(frame);
  });
});

describeCorpus('records of real devices', () => {
  test('are left alone', () => {
    const frames = [
      ...readCaptures('captures.json').flatMap(captureFrames),
      ...readSessions().flatMap((session) => {
        const parser = new StreamParser();
        return notifications(session).flatMap((bytes) =>
          [...parser.push(bytes)].flatMap((item) => (item.kind === 'frame' ? [item.frame] : [])),
        );
      }),
    ];
    expect(frames.length).toBeGreaterThan(2000);
    expect(frames.filter((frame) => withoutStrayText(frame) !== frame)).toEqual([]);
  });
});
