export { AddressType, isAddress, type DeviceAddress } from './address.ts';
export { encodeCommand, type CommandName } from './commands.ts';
export type { AirFaults, FaultyConnection, FaultyController } from './air-faults.ts';
export { CaptureError } from './capture/capture-error.ts';
export { CaptureReader, isCapture } from './capture/capture-reader.ts';
export type { CapturedPacket, PacketDirection } from './capture/captured-packet.ts';
export {
  ConnectionTrace,
  type ConnectionTraceEvents,
  type TracedConnection,
  type TracedDevice,
} from './capture/connection-trace.ts';
export {
  GattTrace,
  serverOf,
  shortUuid,
  type TracedCharacteristic,
  type TracedDescriptor,
  type TracedService,
  type TracedValue,
} from './capture/gatt-trace.ts';
export { SnoopWriter, type NotificationRedaction, type Redaction } from './capture/snoop-writer.ts';
export { tapSocket, type PacketCapture, type PacketListener, type TappableSocket } from './capture/tap.ts';
export { connectEther, type ConnectEtherOptions } from './connect-ether.ts';
export { errorCodes, errorName, type ErrorName } from './error-codes.ts';
export { EtherError } from './ether-error.ts';
export { serveEther, type EtherServer, type ServeEtherOptions } from './ether-server.ts';
export { formatEtherSpec, parseEtherSpec, type EtherSpec } from './ether-spec.ts';
export { Ether, type ControllerOptions, type EtherOptions } from './ether.ts';
export {
  encodeEvent,
  parseEvent,
  AdvertisingEventType,
  Role,
  type ConnectionParameters,
  type HciEvent,
} from './events.ts';
export { encodePacket, H4Decoder, PacketBoundary, parsePacket, type HciPacket } from './h4.ts';
export { HciProtocolError, type HciProtocolFault } from './hci-protocol-error.ts';
export { hciSocketClass, type HciSocket } from './hci-socket.ts';
export { loadWithHciSocket, type LoadWithHciSocketOptions } from './load-with-hci-socket.ts';
export { startHost } from './start-host.ts';
export type { VirtualController } from './virtual-controller.ts';
