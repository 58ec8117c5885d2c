import type { FaultyConnection } from '@ubmsc/hci';
import type { Fault } from './fault.ts';

/** Channels of the Attribute Protocol and of the Security Manager (Core Specification 5.4, Vol 3, Part A, 2.1). */
const channels = { att: 4, smp: 6 } as const;

/** Opcodes (Core Specification 5.4, Vol 3, Part F, 3.4, and Part H, 3.6.7). */
const opcodes = {
  errorResponse: 0x01,
  exchangeMtuRequest: 0x02,
  exchangeMtuResponse: 0x03,
  readByTypeRequest: 0x08,
  readByGroupTypeRequest: 0x10,
  writeRequest: 0x12,
  securityRequest: 0x0b,
} as const;

/** An L2CAP frame (Core Specification 5.4, Vol 3, Part A, 3.1). */
function frame(channel: number, payload: readonly number[]): Buffer {
  return Buffer.from([payload.length, 0, channel, 0, ...payload]);
}

/** The opcode of the ATT PDU in an L2CAP frame. */
function attOpcode(bytes: Buffer): number | undefined {
  return bytes.length > 4 && bytes.readUInt16LE(2) === channels.att ? bytes.readUInt8(4) : undefined;
}

const discovery: ReadonlySet<number | undefined> = new Set([
  opcodes.readByGroupTypeRequest,
  opcodes.readByTypeRequest,
]);

/** Whoever asks for services or characteristics gets no answer. */
export function discoveryHang(): Fault {
  return { air: { takes: (bytes) => !discovery.has(attOpcode(bytes)) } };
}

/** Whoever writes with a response, as subscribers do, gets none. */
export function subscribeHang(): Fault {
  return { air: { takes: (bytes) => attOpcode(bytes) !== opcodes.writeRequest } };
}

/** Error code (Core Specification 5.4, Vol 3, Part F, 3.4.1.1). */
const ATTRIBUTE_NOT_FOUND = 0x0a;

/** Whoever asks for services is told that there are none: not even those that bleno adds. */
export function noServices(): Fault {
  let link: FaultyConnection | undefined;
  return {
    air: {
      connected: (connection) => (link = connection),
      takes: (bytes) => {
        const opcode = attOpcode(bytes);
        if (opcode === undefined || !discovery.has(opcode)) return true;
        const [firstHandle = 0, secondHandle = 0] = bytes.subarray(5, 7);
        const error = [opcodes.errorResponse, opcode, firstHandle, secondHandle, ATTRIBUTE_NOT_FOUND];
        link?.send(frame(channels.att, error));
        return false;
      },
    },
  };
}

/** The ATT_MTU that modules ask for (reference, section 1.3). */
const WANTED_MTU = 131;

/** The module asks for a larger ATT_MTU by itself, as soon as it is connected. */
export function serverMtuExchange(): Fault {
  return {
    air: {
      connected: (connection) =>
        connection.send(frame(channels.att, [opcodes.exchangeMtuRequest, WANTED_MTU, 0])),
      // bleno did not ask, and would answer the answer.
      takes: (bytes) => attOpcode(bytes) !== opcodes.exchangeMtuResponse,
    },
  };
}

/** AuthReq of a Security Request: bonding, with MITM protection. */
const BONDING_MITM = 0x05;

/** The module asks to be paired as soon as it is connected, and goes on when it is not. */
export function securityRequest(): Fault {
  return {
    air: {
      connected: (connection) =>
        connection.send(frame(channels.smp, [opcodes.securityRequest, BONDING_MITM])),
    },
  };
}
