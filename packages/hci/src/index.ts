export { AddressType, decodeAddress, isAddress, type DeviceAddress } from './codec/address.ts';
export type { AirFaults, FaultyConnection, FaultyController } from './air/air-faults.ts';
export { encodeCommand } from './controller/commands.ts';
export type { CommandName } from './codec/opcodes.ts';
export { connectEther, type ConnectEtherOptions } from './ether/connect-ether.ts';
export { errorCodes, errorName, type ErrorName } from './codec/error-codes.ts';
export { EtherError } from './ether/ether-error.ts';
export { serveEther, type EtherServer, type ServeEtherOptions } from './ether/ether-server.ts';
export { formatEtherSpec, parseEtherSpec, type EtherSpec } from './ether/ether-spec.ts';
export { Ether, type ControllerOptions, type EtherOptions } from './ether/ether.ts';
export {
  AdvertisingEventType,
  EventCode,
  LeSubevent,
  Role,
  encodeEvent,
  parseEvent,
  type ConnectionParameters,
  type HciEvent,
} from './codec/events.ts';
export {
  H4Decoder,
  PacketBoundary,
  encodePacket,
  packetLength,
  packetTypes,
  parsePacket,
  type HciPacket,
} from './codec/h4.ts';
export { HciProtocolError, type HciProtocolFault } from './codec/hci-protocol-error.ts';
export { HciSocket, hciSocketClass } from './host/hci-socket.ts';
export {
  loadNativeSocket,
  openKernelChannel,
  type ChannelMode,
  type KernelChannel,
} from './host/kernel-channel.ts';
export { loadWithHciSocket, type LoadWithHciSocketOptions } from './host/load-with-hci-socket.ts';
export { startHost } from './host/start-host.ts';
export { VirtualController } from './controller/virtual-controller.ts';
export {
  tapSocket,
  type PacketCapture,
  type PacketDirection,
  type PacketListener,
  type TappableSocket,
} from './host/tap.ts';
export {
  controllerAddress,
  controllerNumbers,
  controllerProblem,
  type ControllerProblem,
} from './host/kernel-controllers.ts';
