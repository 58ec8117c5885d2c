import type { PacketDirection } from '@ubmsc/hci';
import type { CapturedPacket } from '../capture/captured-packet.ts';
import { acknowledge, commands, encodeRequest, heartbeat, sealFrame } from '@ubmsc/protocol';
import { describe, expect, test } from 'vitest';
import type { CapturedSession } from './captured-session.ts';
import { SessionFinder } from './session-finder.ts';

const record = sealFrame('deviceInfo', new Uint8Array(300)).bytes;
const request = encodeRequest(commands.readDeviceInfo);

/** What a finder tells, in lines. */
function finding() {
  const lines: string[] = [];
  const sessions: CapturedSession[] = [];
  const finder = new SessionFinder({
    began: (session) => {
      sessions.push(session);
      lines.push(`${session.number} began, by ${session.foundBy}`);
    },
    value: ({ number }, { kind, handle, bytes, time }) =>
      void lines.push(`${number} ${kind} ${handle} ${bytes.length} at ${time}`),
    ended: ({ number }, _time, reason) => void lines.push(`${number} ended ${reason}`),
  });
  let time = 0;
  const att = (
    direction: PacketDirection,
    hex: string,
    value: Uint8Array = new Uint8Array(),
    handle = 1,
  ): void => {
    const pdu = Buffer.concat([Buffer.from(hex.replaceAll(' ', ''), 'hex'), value]);
    const body = Buffer.alloc(8);
    body.writeUInt16LE(handle | 0x2000, 0);
    body.writeUInt16LE(pdu.length + 4, 2);
    body.writeUInt16LE(pdu.length, 4);
    body.writeUInt16LE(4, 6);
    const packet: CapturedPacket = {
      time: ++time,
      controller: 0,
      direction,
      indicator: 2,
      body: Buffer.concat([body, pdu]),
    };
    finder.push(packet);
  };
  return { finder, lines, sessions, att };
}

/** The discovery of the oldest modules: two FFE1, to be written at handle 3 and to be notified by at 5. */
function discover(att: ReturnType<typeof finding>['att'], handle = 1): void {
  att('sent', '02 bc00', undefined, handle);
  att('received', '03 f700', undefined, handle);
  att('sent', '10 0100 ffff 0028', undefined, handle);
  att('received', '11 06 0100 ffff e0ff', undefined, handle);
  att('sent', '08 0100 ffff 0328', undefined, handle);
  att('received', '09 07 0200 0c 0300 e1ff 0400 12 0500 e1ff', undefined, handle);
}

describe('a session', () => {
  test('is told by the discovery: all that goes over the characteristics FFE1 belongs to it', () => {
    const { finder, lines, sessions, att } = finding();
    discover(att);
    att('received', '1b 0500', heartbeat);
    att('sent', '52 0300', request);
    att('received', '1b 0700', record); // another characteristic
    finder.end();
    expect(lines).toEqual([
      '1 began, by discovery',
      '1 notification 5 4 at 7',
      '1 write 3 20 at 8',
      '1 ended undefined',
    ]);
    expect(sessions[0]).toMatchObject({ mtu: 188, isWhole: false, since: 1 });
    expect(sessions[0]?.characteristics.map(({ valueHandle }) => valueHandle)).toEqual([3, 5]);
  });

  test('without a discovery is told by the first record, and what came before it is not lost', () => {
    const { finder, lines, att } = finding();
    att('received', '1b 1200', heartbeat);
    att('received', '1b 2000', Uint8Array.of(60)); // another characteristic
    att('sent', '52 1200', request);
    att('received', '1b 1200', record.subarray(0, 2));
    att('received', '1b 1200', record.subarray(2));
    att('received', '1b 1200', acknowledge);
    finder.end();
    expect(lines).toEqual([
      '1 began, by records',
      '1 notification 18 4 at 1',
      '1 write 18 20 at 3',
      '1 notification 18 2 at 4',
      '1 notification 18 298 at 5',
      '1 notification 18 20 at 6',
      '1 ended undefined',
    ]);
  });

  test('with a battery that never answers is told by what it was asked', () => {
    const { finder, lines, att } = finding();
    att('sent', '52 1200', request);
    finder.end();
    expect(lines).toEqual(['1 began, by records', '1 write 18 20 at 1', '1 ended undefined']);
  });

  test('is found on the side of the battery, too', () => {
    const { lines, att } = finding();
    att('received', '52 1200', request);
    att('sent', '1b 1200', record);
    expect(lines).toEqual(['1 began, by records', '1 write 18 20 at 1', '1 notification 18 300 at 2']);
  });

  test('is one of several that go on at the same time', () => {
    const { finder, lines, att } = finding();
    discover(att, 1);
    att('received', '1b 1200', record, 2);
    att('received', '1b 0500', record, 1);
    att('received', '1b 1200', record, 2);
    finder.end();
    expect(finder.connections).toBe(2);
    expect(lines.map((line) => line.replace(/ at .*/, ''))).toEqual([
      '1 began, by records',
      '1 notification 18 300',
      '2 began, by discovery',
      '2 notification 5 300',
      '1 notification 18 300',
      '2 ended undefined',
      '1 ended undefined',
    ]);
  });
});

test('of what waits for a record that does not come, only the latest is kept', () => {
  const { finder, lines, att } = finding();
  for (let count = 0; count < 2000; count++) att('received', '1b 1200');
  att('received', '1b 1200', record);
  finder.end();
  expect(lines.filter((line) => line.startsWith('1 notification 18 0'))).toHaveLength(256);
  expect(lines.at(-2)).toBe('1 notification 18 300 at 2001');
});

test('connections to other devices do not count', () => {
  const { finder, lines, att } = finding();
  att('sent', '08 0100 ffff 0328');
  att('received', '09 07 0200 12 0300 372a');
  for (let count = 0; count < 5000; count++) att('received', '1b 0300', Uint8Array.of(0, 60, 1, 2));
  for (let count = 0; count < 5000; count++) att('received', '1b 0900', Uint8Array.of(0, 60, 1, 2));
  finder.end();
  expect(lines).toEqual([]);
});
