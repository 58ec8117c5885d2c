import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { golden, fromHex } from '@ubmsc/testing';
import { FRAME_LENGTH, sealFrame } from './frame.ts';
import { layouts } from './layouts/index.ts';
import { NotificationParser } from './notification-parser.ts';
import { redact, redactRequest } from './redact.ts';
import { acknowledge, decodeRequest, encodeRequest, heartbeat } from './request.ts';
import { StreamRedactor } from './stream-redactor.ts';

const secrets = ['LEAKME-device', 'LEAKME-setup', 'LEAKM'];

/** Full of values that are not text, so that a record with bytes too few or too many does not fit its checksum. */
const deviceInfo = ((): Uint8Array => {
  const bytes = Uint8Array.from({ length: FRAME_LENGTH }, (_, at) => 0x80 + ((at * 37) % 0x7f));
  const { model, devicePasscode, serialNumber, settingsPasscode } = layouts['jk02-32s'].deviceInfo.fields;
  const texts = [
    [model, 'JK_TEST'],
    [devicePasscode, 'LEAKME-device'],
    [serialNumber, '1234567890\0LEAKM'],
    [settingsPasscode, 'LEAKME-setup'],
  ] as const;
  for (const [{ at }, text] of texts) bytes.set(Buffer.from(text.padEnd(16, '\0'), 'latin1'), at);
  return sealFrame('deviceInfo', bytes).bytes;
})();

const others = golden.frames.map(({ hex }) => fromHex(hex)).filter((bytes) => bytes[4] !== 3);

/** A notification and when it comes, in ms. */
interface Timed {
  readonly bytes: Uint8Array;
  readonly time: number;
}

function cut(messages: readonly Uint8Array[], sizes: readonly number[], gap = 40): Timed[] {
  const stream = Buffer.concat(messages);
  const chunks: Timed[] = [];
  for (let at = 0, index = 0; at < stream.length; index++) {
    const size = sizes[index % sizes.length] ?? 20;
    chunks.push({ bytes: Uint8Array.from(stream.subarray(at, at + size)), time: index * gap });
    at += size;
  }
  return chunks;
}

function redacted(chunks: readonly Timed[]): Uint8Array[] {
  const redactor = new StreamRedactor();
  const given = chunks.flatMap(({ bytes, time }) => [...redactor.push(bytes, time)]);
  return [...given, ...redactor.end()];
}

function framesOf(chunks: readonly Uint8Array[], times: readonly Timed[]): string[] {
  const parser = new NotificationParser();
  return chunks
    .flatMap((bytes, index) => [...parser.push(bytes, times[index]?.time ?? 0)])
    .flatMap((item) => (item.kind === 'frame' ? [Buffer.from(item.frame.bytes).toString('hex')] : []));
}

const textOf = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString('latin1');

/** No four characters of a secret in a row. */
function expectNoSecret(text: string): void {
  for (const secret of secrets) {
    for (let at = 0; at + 4 <= secret.length; at++) expect(text).not.toContain(secret.slice(at, at + 4));
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 });
const message = fc.constantFrom(deviceInfo, acknowledge, heartbeat, ...others);
const messages = fc.array(message, { minLength: 1, maxLength: 6 });

/** What goes wrong with one notification. */
const mishap = fc.constantFrom('lost', 'twice', 'cut', 'late', 'heartbeat', 'bit');

function damage(
  chunks: readonly Timed[],
  mishaps: readonly (readonly [at: number, what: string])[],
): Timed[] {
  let later = 0;
  return chunks.flatMap(({ bytes, time }, index): Timed[] => {
    const chunk = { bytes, time: time + later };
    switch (mishaps.find(([at]) => at === index)?.[1]) {
      case 'lost':
        return [];
      case 'twice':
        return [chunk, chunk];
      case 'cut':
        return [{ ...chunk, bytes: bytes.subarray(0, bytes.length >> 1) }];
      case 'late':
        later += 1500;
        return [{ ...chunk, time: time + later }];
      case 'heartbeat':
        return [chunk, { ...chunk, bytes: heartbeat }];
      case 'bit':
        return [{ ...chunk, bytes: bytes.map((byte, at) => (at === 3 ? byte ^ 0x80 : byte)) }];
      default:
        return [chunk];
    }
  });
}

describe('notifications', () => {
  test('come back redacted, as they were cut, and all other records as they were', () => {
    fc.assert(
      fc.property(messages, sizes, (sent, cuts) => {
        const chunks = cut(sent, cuts);
        const given = redacted(chunks);
        expect(given.map(({ length }) => length)).toEqual(chunks.map(({ bytes }) => bytes.length));
        const wanted = sent.map((bytes) =>
          bytes === deviceInfo ? redact({ record: 'deviceInfo', counter: 0, bytes }).bytes : bytes,
        );
        expect(Buffer.concat(given)).toEqual(Buffer.concat(wanted));
      }),
    );
  });

  test('have no passcode, whatever has happened to them', () => {
    fc.assert(
      fc.property(
        messages,
        sizes,
        fc.array(fc.tuple(fc.nat(60), mishap), { maxLength: 4 }),
        (sent, cuts, bad) => {
          const chunks = damage(cut([deviceInfo, ...sent], cuts), bad);
          const given = redacted(chunks);
          expect(given.map(({ length }) => length)).toEqual(chunks.map(({ bytes }) => bytes.length));
          expectNoSecret(textOf(given));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('are copied: what is given stays as it is', () => {
    const given = Buffer.from(deviceInfo);
    redacted([{ bytes: given, time: 0 }]);
    expect(given).toEqual(Buffer.from(deviceInfo));
  });

  test('that come twice, or with heartbeats between them, give the same device info', () => {
    for (const mishaps of [['twice'], ['heartbeat'], ['heartbeat', 'twice']]) {
      const chunks = damage(
        cut([deviceInfo, acknowledge], [128, 128, 44]),
        mishaps.map((what, at) => [at, what]),
      );
      const frames = framesOf(redacted(chunks), chunks);
      expect(frames).toEqual([
        Buffer.from(redact({ record: 'deviceInfo', counter: 0, bytes: deviceInfo }).bytes).toString('hex'),
      ]);
    }
  });

  test('are delayed until their record is complete, and not for longer than one that stalls', () => {
    const redactor = new StreamRedactor();
    const [first, second, third] = cut([deviceInfo], [128, 128, 44]);
    if (!first || !second || !third) throw new Error('three chunks');
    expect(redactor.push(first.bytes, 0)).toHaveLength(0);
    expect(redactor.push(second.bytes, 40)).toHaveLength(0);
    expect(redactor.push(third.bytes, 80)).toHaveLength(3);
    expect(redactor.push(first.bytes, 500)).toHaveLength(0);
    expect(redactor.push(heartbeat, 2000)).toHaveLength(2);
    expect(redactor.pending).toBe(0);
  });

  test('of noise stay as they are but for text of four characters and more', () => {
    const noise = Uint8Array.of(0xff, 0x41, 0x42, 0x43, 0x00, 0x41, 0x42, 0x43, 0x44, 0x45, 0xfe);
    const wanted = Uint8Array.of(0xff, 0x41, 0x42, 0x43, 0x00, 0, 0, 0, 0, 0, 0xfe);
    for (let size = 1; size <= noise.length; size++) {
      expect(Buffer.concat(redacted(cut([noise], [size])))).toEqual(Buffer.from(wanted));
    }
  });

  test('without end and without sense are not kept', () => {
    const redactor = new StreamRedactor();
    for (let count = 0; count < 2000; count++) {
      redactor.push(Uint8Array.of(0x55, 0xaa, 0xeb, 0x90, 0x03, count & 0xff, 0x55, 0xaa), count);
      expect(redactor.pending).toBeLessThan(200);
    }
  });
});

test('what is written sets no passcode any more, and is otherwise as it was', () => {
  const password = encodeRequest(0xa0, Buffer.from('LEAKME-setup'));
  expect(Buffer.from(redactRequest(password)).toString('latin1')).not.toContain('LEAK');
  expect(decodeRequest(redactRequest(password))).toMatchObject({ command: 0xa0 });
  for (const bytes of [encodeRequest(0x97), encodeRequest(0x1d, Uint8Array.of(1)), Uint8Array.of(1, 2)]) {
    expect(redactRequest(bytes)).toEqual(bytes);
  }
});

test('what is written and is not a request has no text of four characters or more', () => {
  const damaged = encodeRequest(0xa0, Buffer.from('LEAKME')).with(19, 0xff);
  const blanked = damaged.slice().fill(0, 6, 12);
  expect(redactRequest(damaged)).toEqual(blanked);
  expect(redactRequest(Buffer.from('1234'))).toEqual(new Uint8Array(4));
  expect(redactRequest(Buffer.from('123\n1234'))).toEqual(Uint8Array.from(Buffer.from('123\n\0\0\0\0')));
});
