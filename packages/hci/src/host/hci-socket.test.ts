import { EventEmitter } from 'node:events';
import { duplexPair, type Duplex } from 'node:stream';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { settle } from '../../test/test-host.ts';
import { encodeCommand } from '../controller/commands.ts';
import { encodeEvent } from '../codec/events.ts';
import { encodePacket } from '../codec/h4.ts';
import { hciSocketClass, type HciSocket } from './hci-socket.ts';

let far: Duplex;
let open: ReturnType<typeof vi.fn<() => Duplex>>;
let socket: HciSocket;
let packets: string[];
let written: Buffer;

beforeEach(() => {
  const [near, other] = duplexPair();
  far = other;
  written = Buffer.alloc(0);
  far.on('data', (chunk: Buffer) => (written = Buffer.concat([written, chunk])));
  open = vi.fn<() => Duplex>(() => near);
  const SocketClass = hciSocketClass(open);
  socket = new SocketClass();
  packets = [];
  socket.on('data', (packet) => packets.push(packet.toString('hex')));
});

const reset = encodeEvent({ event: 'commandComplete', opcode: 0x0c03, returnParameters: Buffer.from([0]) });
const error = encodeEvent({ event: 'hardwareError', hardwareCode: 1 });
const data = encodePacket({
  type: 'aclData',
  connectionHandle: 0x40,
  packetBoundary: 2,
  broadcast: 0,
  data: Buffer.from('hello'),
});

test('opens its stream when it is bound, not before, and never for the control channel', () => {
  expect(socket).toBeInstanceOf(EventEmitter);
  expect(open).not.toHaveBeenCalled();
  expect(socket.isDevUp()).toBe(false);
  socket.bindControl();
  socket.start();
  socket.write(Buffer.from('1300000002000000', 'hex'));
  expect(open).not.toHaveBeenCalled();
  expect(socket.bindUser()).toBe(0);
  expect(open).toHaveBeenCalledTimes(1);
  expect(socket.isDevUp()).toBe(true);
});

describe('in user-channel mode', () => {
  beforeEach(() => {
    socket.bindUser();
    socket.start();
  });

  test('each data event is one packet, however the stream is chunked', async () => {
    const wire = Buffer.concat([reset, data, error]);
    far.write(wire.subarray(0, 9));
    far.write(wire.subarray(9, 10));
    far.write(wire.subarray(10));
    await settle();
    expect(packets).toEqual([reset, data, error].map((packet) => packet.toString('hex')));
  });

  test('a packet is written without what lies behind its length', async () => {
    socket.write(Buffer.concat([encodeCommand('HCI_Reset'), Buffer.from('00000000', 'hex')]));
    socket.write(encodeCommand('HCI_Read_BD_ADDR'));
    await settle();
    expect(written.toString('hex')).toBe('01030c0001091000');
  });

  test('a host may reuse the buffer it wrote', async () => {
    const packet = encodeCommand('HCI_Reset');
    far.pause();
    socket.write(packet);
    packet.fill(0xff);
    far.resume();
    await settle();
    expect(written.toString('hex')).toBe('01030c00');
  });

  test('nothing comes between stop and start, and nothing is lost', async () => {
    far.write(reset);
    await settle();
    socket.stop();
    far.write(data);
    await settle();
    expect(packets).toEqual([reset.toString('hex')]);
    socket.start();
    await settle();
    expect(packets).toEqual([reset.toString('hex'), data.toString('hex')]);
  });

  test('the device is up until the stream ends; writing then goes nowhere', async () => {
    expect(socket.isDevUp()).toBe(true);
    far.end();
    await settle();
    expect(socket.isDevUp()).toBe(false);
    expect(open.mock.results[0]?.value.destroyed).toBe(true);
    expect(() => socket.write(encodeCommand('HCI_Reset'))).not.toThrow();
  });

  test('the error of the stream is an error event', async () => {
    const failure = vi.fn<(error: Error) => void>();
    socket.on('error', failure);
    open.mock.results[0]?.value.destroy(new Error('gone'));
    await settle();
    expect(failure.mock.calls).toEqual([[new Error('gone')]]);
    expect(socket.isDevUp()).toBe(false);
  });

  test('the error of the stream harms no host without a listener for it', async () => {
    open.mock.results[0]?.value.destroy(new Error('gone'));
    await settle();
    expect(socket.isDevUp()).toBe(false);
  });

  test('a host that reads beyond the end of a packet loses that packet only', async () => {
    const errors: Error[] = [];
    socket.on('error', (problem) => errors.push(problem));
    socket.prependListener('data', (packet) => void packet.readUInt16LE(packet[0] === 2 ? packet.length : 0));
    far.write(Buffer.concat([data, reset]));
    await settle();
    expect(errors).toEqual([expect.any(RangeError)]);
    expect(packets).toEqual([reset.toString('hex')]);
  });

  test('a controller that sends garbage is an error and the end', async () => {
    const failure = vi.fn<(error: Error) => void>();
    socket.on('error', failure);
    far.write(Buffer.concat([reset, Buffer.from([0xff])]));
    await settle();
    expect(packets).toEqual([reset.toString('hex')]);
    expect(failure.mock.calls).toMatchObject([[{ fault: 'unknown packet type' }]]);
    expect(socket.isDevUp()).toBe(false);
  });
});

describe('in raw mode', () => {
  beforeEach(() => {
    socket.bindRaw();
    socket.start();
  });

  test('nothing passes before there is a filter', async () => {
    far.write(Buffer.concat([reset, data]));
    await settle();
    expect(packets).toEqual([]);
  });

  test('the filter passes the types and events of its masks', async () => {
    const filter = Buffer.alloc(16);
    filter.writeUInt32LE(1 << 0x04, 0);
    filter.writeUInt32LE(1 << 0x0e, 4);
    socket.setFilter(filter);
    far.write(Buffer.concat([reset, error, data]));
    await settle();
    expect(packets).toEqual([reset.toString('hex')]);
    filter.writeUInt32LE((1 << 0x04) | (1 << 0x02), 0);
    filter.writeUInt32LE(1 << 0x10, 4);
    socket.setFilter(filter);
    far.write(Buffer.concat([reset, error, data]));
    await settle();
    expect(packets.slice(1)).toEqual([error.toString('hex'), data.toString('hex')]);
  });

  test('an event above 31 has its bit in the second mask', async () => {
    const filter = Buffer.alloc(16);
    filter.writeUInt32LE(1 << 0x04, 0);
    filter.writeUInt32LE(1 << (0x3e - 32), 8);
    socket.setFilter(filter);
    const le = encodePacket({ type: 'event', eventCode: 0x3e, parameters: Buffer.from([1]) });
    far.write(Buffer.concat([reset, le]));
    await settle();
    expect(packets).toEqual([le.toString('hex')]);
  });

  test('a host does not see its own commands', async () => {
    const filter = Buffer.alloc(16, 0xff);
    socket.setFilter(filter);
    socket.write(encodeCommand('HCI_Reset'));
    await settle();
    expect(packets).toEqual([]);
  });
});
