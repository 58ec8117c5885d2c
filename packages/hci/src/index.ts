export { AddressType, decodeAddress, isAddress, type DeviceAddress } from './address.ts';
export type { AirFaults, FaultyConnection, FaultyController } from './air-faults.ts';
export { encodeCommand, type CommandName } from './commands.ts';
export { connectEther, type ConnectEtherOptions } from './connect-ether.ts';
export { errorCodes, errorName, type ErrorName } from './error-codes.ts';
export { EtherError } from './ether-error.ts';
export { serveEther, type EtherServer, type ServeEtherOptions } from './ether-server.ts';
export { formatEtherSpec, parseEtherSpec, type EtherSpec } from './ether-spec.ts';
export { Ether, type ControllerOptions, type EtherOptions } from './ether.ts';
export {
  AdvertisingEventType,
  EventCode,
  LeSubevent,
  Role,
  encodeEvent,
  parseEvent,
  type ConnectionParameters,
  type HciEvent,
} from './events.ts';
export {
  H4Decoder,
  PacketBoundary,
  encodePacket,
  packetLength,
  packetTypes,
  parsePacket,
  type HciPacket,
} from './h4.ts';
export { HciProtocolError, type HciProtocolFault } from './hci-protocol-error.ts';
export { HciSocket, hciSocketClass } from './hci-socket.ts';
export { loadWithHciSocket, type LoadWithHciSocketOptions } from './load-with-hci-socket.ts';
export { startHost } from './start-host.ts';
export { VirtualController } from './virtual-controller.ts';
export {
  tapSocket,
  type PacketCapture,
  type PacketDirection,
  type PacketListener,
  type TappableSocket,
} from './tap.ts';
