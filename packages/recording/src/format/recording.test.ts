import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '@ubmsc/base';
import { toFrame, decode, encode, layouts, encodeRequest, commands } from '@ubmsc/protocol';
import { eventLine, headerLine } from './recording-lines.ts';
import { parseRecording, RecordingReader } from './recording-reader.ts';
import { RecordingRedactor, type RecordingRedaction } from './recording-redactor.ts';
import type { RecordingEvent, RecordingHeader } from './recording.ts';

const header: RecordingHeader = {
  format: 'ubmsc-recording',
  version: 1,
  started: '2026-01-02T03:04:05.678Z',
  origin: 'ubmsc on sim',
  device: { address: 'C8:47:80:00:00:01', name: 'VAN', model: 'JK_BD4A8S4P' },
  layout: 'jk02-32s',
  mtu: 131,
  gatt: [{ uuid: 'ffe0', characteristics: [{ uuid: 'ffe1', properties: ['write', 'notify'] }] }],
  simulated: true,
  redacted: false,
  anonymized: false,
};

const anyEvent = fc.oneof(
  fc.record({
    kind: fc.constantFrom('notify' as const, 'write' as const),
    bytes: fc.uint8Array({ maxLength: 512 }),
  }),
  fc.record({
    kind: fc.constant('state' as const),
    state: fc.constantFrom('lost' as const, 'streaming' as const),
  }),
  fc.constant({ kind: 'state' as const, state: 'lost' as const, reason: 'linkLost' as const }),
);

const anyEvents = fc
  .array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 100_000 })), { maxLength: 50 })
  .map((steps) => {
    let ms = -500;
    return steps.map(([event, step]): RecordingEvent => {
      ms += step / 10;
      return { ...event, ms: Math.round(ms * 10) / 10 };
    });
  });

const textOf = (events: readonly RecordingEvent[]): string =>
  headerLine(header) + events.map(eventLine).join('');

describe('a recording', () => {
  test('that is written and read is the same, however it comes in pieces', () => {
    fc.assert(
      fc.property(anyEvents, fc.integer({ min: 1, max: 200 }), (events, size) => {
        const text = textOf(events);
        expect(parseRecording(text)).toEqual({ header, events, isTorn: false });
        const reader = new RecordingReader();
        const found: RecordingEvent[] = [];
        for (let at = 0; at < text.length; at += size) found.push(...reader.push(text.slice(at, at + size)));
        found.push(...reader.end().events);
        expect(found).toEqual(events);
      }),
    );
  });

  test('has lines that are read alike whether they come whole or in two pieces, also damaged ones', () => {
    const outcome = (...pieces: string[]): unknown => {
      const reader = new RecordingReader();
      try {
        reader.push(headerLine(header));
        return pieces.flatMap((piece) => reader.push(piece));
      } catch (error) {
        return String(error);
      }
    };
    const any = fc.constantFrom(...Array.from('0123456789abcdefF"{}:,.-+e \\\r'));
    const events = anyEvents.filter(({ length }) => length > 0);
    fc.assert(
      fc.property(events, any, fc.nat(), fc.boolean(), ([event], character, where, isAdded) => {
        const line = event === undefined ? '' : eventLine(event).trimEnd();
        const at = where % line.length;
        const damaged = `${line.slice(0, at)}${character}${line.slice(isAdded ? at : at + 1)}\n`;
        for (const each of [`${line}\n`, damaged])
          expect(outcome(each)).toEqual(outcome(each.slice(0, 3), each.slice(3)));
      }),
      { numRuns: 2000 },
    );
  });

  test('that is cut off anywhere after its header loses no more than its last line', () => {
    fc.assert(
      fc.property(anyEvents, fc.nat(), (events, where) => {
        const text = textOf(events);
        const start = headerLine(header).length;
        const end = start + (where % (text.length - start + 1));
        const { events: found, isTorn } = parseRecording(text.slice(0, end));
        const whole = text.slice(start, end).split('\n').length - 1;
        expect(found).toEqual(events.slice(0, found.length));
        expect(found.length).toBe(isTorn || text[end - 1] === '\n' ? whole : Math.max(whole, found.length));
      }),
    );
  });

  test('that is damaged is a usage error, or is read', () => {
    const text = textOf([
      { ms: 0, kind: 'write', bytes: encodeRequest(commands.readDeviceInfo) },
      { ms: 90.5, kind: 'notify', bytes: Uint8Array.of(0x55, 0xaa) },
      { ms: 100, kind: 'state', state: 'lost', reason: 'silent' },
    ]);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3 })), { maxLength: 5 }), (damages) => {
        const damaged = damages.reduce((before, [where, what]) => {
          const at = where % before.length;
          return before.slice(0, at) + what + before.slice(at + 1);
        }, text);
        try {
          parseRecording(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['', 'the recording is empty'],
    ['55aaeb90\n', 'the first line has not "format"'],
    [headerLine(header).replace('"version":1', '"version":2'), 'has version 2'],
    [
      headerLine({ ...header, mtu: 22 }),
      'line 1 of the recording is wrong: mtu must be a whole number from 23',
    ],
    [
      `${headerLine(header)}{"ms":1}\n`,
      'line 2 of the recording is wrong: it has none of notify, write, state',
    ],
    [
      `${headerLine(header)}\n{"ms":1,"notify":"5"}\n`,
      'line 3 of the recording is wrong: notify must be text',
    ],
    [
      `${headerLine(header)}{"ms":"1","notify":""}\n`,
      'line 2 of the recording is wrong: ms must be a number',
    ],
    [
      `${headerLine(header)}{"ms":2,"notify":""}\n{"ms":1,"notify":""}\n`,
      'line 3 of the recording is wrong: ms steps back',
    ],
    [headerLine(header) + 'x'.repeat(70_000), 'it is too long'],
  ])('%#: what is wrong with it is said with the line', (text, message) => {
    expect(() => parseRecording(text)).toThrow(message);
  });

  test('of a newer kind that only adds properties is read', () => {
    const text = `${JSON.stringify({ ...header, colour: 'red' })}\n{"ms":1,"notify":"00","rssi":-60}\n`;
    expect(parseRecording(text).events).toEqual([{ ms: 1, kind: 'notify', bytes: Uint8Array.of(0) }]);
  });
});

describe('a redacted recording', () => {
  const layout = layouts['jk02-32s'].deviceInfo;
  const secret = encode(layout, {
    model: 'JK_BD4A8S4P',
    deviceName: 'VAN',
    serialNumber: '50912010001',
    devicePasscode: 'LEAKME1',
    settingsPasscode: 'LEAKME2',
    userData: 'Mr. Miller',
  });
  const events: readonly RecordingEvent[] = [
    { ms: 0, kind: 'write', bytes: encodeRequest(0xa0, new TextEncoder().encode('LEAKME3')) },
    { ms: 90, kind: 'notify', bytes: secret.bytes.subarray(0, 128) },
    { ms: 91, kind: 'state', state: 'identifying' },
    { ms: 92, kind: 'notify', bytes: secret.bytes.subarray(128, 256) },
    { ms: 93, kind: 'notify', bytes: secret.bytes.subarray(256) },
    { ms: 94, kind: 'notify', bytes: secret.bytes.subarray(0, 100) },
    { ms: 99, kind: 'state', state: 'lost', reason: 'linkLost' },
  ];

  const redacted = (redaction: RecordingRedaction): readonly RecordingEvent[] => {
    const redactor = new RecordingRedactor(redaction);
    return [...events.flatMap((event) => redactor.push(event)), ...redactor.end()];
  };

  const infoIn = (found: readonly RecordingEvent[]): unknown => {
    const parts = found.flatMap((event) => (event.kind === 'notify' ? [event.bytes] : []));
    const frame = toFrame(new Uint8Array(Buffer.concat(parts.slice(0, 3))));
    if (typeof frame === 'string') throw new Error(frame);
    return decode(layout, frame);
  };

  test('has no passcode, and the same events in the same order at the same times', () => {
    const found = redacted({});
    const text = found.map(eventLine).join('');
    for (const leak of ['LEAKME1', 'LEAKME2', 'LEAKME3'])
      expect(text).not.toContain(Buffer.from(leak).toString('hex'));
    const shape = (list: readonly RecordingEvent[]): unknown =>
      list.map((event) => [event.ms, event.kind, event.kind === 'state' ? event.state : event.bytes.length]);
    expect(shape(found)).toEqual(shape(events));
    expect(infoIn(found)).toMatchObject({
      deviceName: 'VAN',
      serialNumber: '50912010001',
      devicePasscode: '',
    });
  });

  test('that is anonymized has a pseudonym in place of name, serial number and address', () => {
    const found = redacted({ anonymize: 7 });
    expect(infoIn(found)).toMatchObject({
      model: 'JK_BD4A8S4P',
      deviceName: 'BATTERY_7',
      serialNumber: '00000000007',
      userData: '',
      settingsPasscode: '',
    });
    expect(new RecordingRedactor({ anonymize: 7 }).header(header)).toMatchObject({
      device: { address: '02:00:00:00:00:07', name: 'BATTERY_7', model: 'JK_BD4A8S4P' },
      redacted: true,
      anonymized: true,
    });
  });

  test('that shall show secrets is as it was', () => {
    expect(redacted({ showSecrets: true })).toEqual(events);
    expect(new RecordingRedactor({ showSecrets: true }).header(header)).toEqual(header);
  });
});

test('an endless recording of blank lines is refused, not read for ever', () => {
  const reader = new RecordingReader();
  reader.push(headerLine(header));
  const readOn = (): void => {
    for (let piece = 0; piece < 100; piece++) reader.push('\n \n'.repeat(100));
  };
  expect(readOn).toThrow('too many blank lines');
});
