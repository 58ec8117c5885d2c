import { encodeRequest } from '@ubmsc/protocol';
import { parseRecording } from '../format/recording-reader.ts';
import type { Recording, RecordingEvent } from '../format/recording.ts';
import type { RecordingRedaction } from '../format/recording-redactor.ts';
import { describe, expect, test } from 'vitest';
import {
  deviceInfo,
  planted,
  sessionPackets,
  start,
  together,
  type TestPacket,
  type TestSession,
} from '@ubmsc/testing';
import { captureForms } from '../../test/captures.ts';
import { CaptureImport } from './capture-import.ts';
import { SessionRecorder } from './session-recorder.ts';

const session: TestSession = { handle: 0x40, address: 'C8:47:80:00:00:01', name: 'UPS_BMS' };

/** The recordings that are made of a capture, in the order in which they end. */
function recordings(
  packets: readonly TestPacket[],
  options: RecordingRedaction = {},
  form: (packets: readonly TestPacket[]) => Buffer = captureForms['btsnoop, H4'],
): (Recording & { readonly text: string })[] {
  const recorders = new Map<number, { recorder: SessionRecorder; text: string }>();
  const found: (Recording & { text: string })[] = [];
  const capture = new CaptureImport({
    began(each) {
      const entry = {
        text: '',
        recorder: new SessionRecorder(each, {
          origin: 'a test',
          begin: () => ({ write: (text) => void (entry.text += text), end: () => {} }),
          ...options,
        }),
      };
      recorders.set(each.number, entry);
    },
    value: ({ number }, value) => recorders.get(number)?.recorder.value(value),
    ended({ number }, time, reason) {
      const entry = recorders.get(number);
      if (!entry) return;
      const { header } = entry.recorder.end(time, reason);
      const recording = parseRecording(entry.text);
      expect(recording.header).toEqual(JSON.parse(JSON.stringify(header)));
      found.push({ ...recording, text: entry.text });
    },
  });
  capture.push(form(packets));
  capture.end();
  return found;
}

const bytesOf = (events: readonly RecordingEvent[], kind: 'notify' | 'write'): Buffer =>
  Buffer.concat(events.flatMap((event) => (event.kind === kind ? [event.bytes] : [])));

describe('the recording of a session', () => {
  test('has in its header what the discovery, the link and the battery itself have told', () => {
    const [recording] = recordings(sessionPackets(session));
    expect(recording?.header).toEqual({
      format: 'ubmsc-recording',
      version: 1,
      started: '2025-03-04T05:06:07.002Z',
      origin: 'a test',
      device: {
        address: 'C8:47:80:00:00:01',
        name: 'UPS_BMS',
        model: 'JK_B2A20S20P',
        hardware: '11.XW',
        firmware: '11.26',
      },
      mtu: 131,
      layout: 'jk02-24s',
      gatt: [
        {
          uuid: 'ffe0',
          characteristics: [
            { uuid: 'ffe1', properties: ['writeWithoutResponse', 'write'] },
            { uuid: 'ffe1', properties: ['read', 'notify'] },
          ],
        },
      ],
      simulated: false,
      redacted: true,
      anonymized: false,
    });
  });

  test.each(Object.entries(captureForms))('of %s is the same, in whatever fragments it came', (_, form) => {
    const [whole] = recordings(sessionPackets({ ...session, fragment: 251 }));
    const [pieces] = recordings(sessionPackets({ ...session, fragment: 27 }), {}, form);
    const shape = (each: Recording | undefined): unknown =>
      each?.events.map((event) => (event.kind === 'state' ? event.state : [event.kind, [...event.bytes]]));
    expect(shape(pieces)).toEqual(shape(whole));
    expect(pieces?.header.gatt).toEqual(whole?.header.gatt);
  });

  test('ends as the link did', () => {
    const [recording] = recordings(sessionPackets(session));
    expect(recording?.events.at(-1)).toMatchObject({
      kind: 'state',
      state: 'lost',
      reason: 'closedByBattery',
    });
  });

  test('of a connection that began earlier, or whose services the host remembered, is without what is not known', () => {
    const [recording] = recordings(sessionPackets({ ...session, discovery: false, headless: true }));
    const { address, name, gatt, mtu } = { ...recording?.header, ...recording?.header.device };
    expect({ address, name, gatt, mtu }).toEqual({
      address: undefined,
      name: 'UPS_BMS', // as the battery says itself
      gatt: undefined,
      mtu: undefined,
    });
    expect(bytesOf(recording?.events ?? [], 'notify').length).toBe(20 + 300 + 4 + 300);
  });

  test('is one for each of several connections at a time', () => {
    const found = recordings(
      together(
        sessionPackets(session),
        sessionPackets({ handle: 0x41, address: 'C8:47:80:00:00:02', mtu: 23, at: 5.5 }),
        sessionPackets({ handle: 0x42, address: 'C8:47:80:00:00:03', discovery: false, at: 10.2 }),
        sessionPackets({ ...session, at: 5000 }),
      ),
    );
    expect(
      found
        .map(({ header }) => header.device.address?.slice(-2) ?? '')
        .toSorted((one, other) => one.localeCompare(other)),
    ).toEqual(['01', '01', '02', '03']);
    const [first, ...others] = found.map(({ events }) => bytesOf(events, 'notify'));
    expect(others).toEqual([first, first, first]);
  });

  test('never steps back in time, though the clock of the capture does', () => {
    const packets = sessionPackets(session).map((packet, index) =>
      index > 15 ? { ...packet, time: packet.time - 3_600_000 } : packet,
    );
    const [recording] = recordings(packets);
    const times = recording?.events.map(({ ms }) => ms) ?? [];
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  test.each([0, -1e15, 1e18, Number.NaN])('with the time %d in the capture is a recording', (time) => {
    const packets = sessionPackets(session);
    const connection = new Map<number, SessionRecorder>();
    let text = '';
    const capture = new CaptureImport({
      began(each) {
        const odd = Object.create(each, { since: { value: time } });
        connection.set(
          1,
          new SessionRecorder(odd, {
            origin: 'a test',
            begin: () => ({ write: (more) => void (text += more), end: () => {} }),
          }),
        );
      },
      value: (_, value) => connection.get(1)?.value({ ...value, time: value.time * 1e6 }),
      ended: (_, at) => void connection.get(1)?.end(at, 0x08),
    });
    capture.push(captureForms['btsnoop, H4'](packets));
    capture.end();
    expect(parseRecording(text).events.at(-1)).toMatchObject({ reason: 'supervisionTimeout' });
  });
});

describe('planted passcodes', () => {
  const packets = sessionPackets(session);

  test('are in no recording, unless secrets are asked for', () => {
    const [recording] = recordings(packets);
    const [secret] = recordings(packets, { showSecrets: true });
    expect(bytesOf(recording?.events ?? [], 'notify').toString('latin1')).not.toMatch(planted);
    expect(bytesOf(secret?.events ?? [], 'notify').toString('latin1')).toMatch(planted);
    expect(secret?.header.redacted).toBe(false);
  });

  test('are in no recording of what sets them', () => {
    const request = encodeRequest(0xa0, Buffer.from('LEAKME3'));
    const pdu = Buffer.concat([Buffer.from([0x52, 0x03, 0x00]), request]);
    const head = Buffer.from([2, 0x40, 0, pdu.length + 4, 0, pdu.length, 0, 4, 0]);
    const at = packets.length - 2;
    const write: TestPacket = {
      packet: Buffer.concat([head, pdu]),
      direction: 'sent',
      time: packets[at]?.time ?? start,
    };
    const [recording] = recordings([...packets.slice(0, at), write, ...packets.slice(at)]);
    expect(bytesOf(recording?.events ?? [], 'write').length).toBe(40);
    expect(bytesOf(recording?.events ?? [], 'write').toString('latin1')).not.toMatch(planted);
  });

  test('and name, address and serial number are in none that is anonymized', () => {
    const [recording] = recordings(packets, { anonymize: 7 });
    expect(recording?.header).toMatchObject({
      device: { address: '02:00:00:00:00:07', name: 'BATTERY_7', model: 'JK_B2A20S20P' },
      redacted: true,
      anonymized: true,
    });
    const text = recording?.text ?? '';
    for (const personal of ['UPS_BMS', '2041803028', 'LEAKME1', 'LEAKME2']) {
      expect(Buffer.from(deviceInfo).toString('latin1')).toContain(personal);
      expect(text).not.toContain(Buffer.from(personal).toString('hex'));
      expect(text).not.toContain(personal);
    }
    expect(text).not.toContain('C8:47:80');
  });
});
