import { packetLength } from '../codec/h4.ts';

/** Which way a packet went: from the host to its controller, or back. */
export type PacketDirection = 'sent' | 'received';

/** What the HCI sockets of noble and bleno have in common: ours, and the one on a real controller. */
export interface TappableSocket {
  emit: (event: 'data', packet: Buffer) => unknown;
  write: (packet: Buffer) => unknown;
}

/** Is given each H4 packet, whole, with its indicator. It must not change it, and not throw. */
export type PacketListener = (packet: Buffer, direction: PacketDirection) => void;

/** What becomes of the packets of one controller, until it is disposed of. */
export interface PacketCapture extends AsyncDisposable {
  readonly packet: PacketListener;
}

/**
 * Lets `listener` hear what goes through a socket, before its host does. A host may take all its listeners off the
 * socket when the controller is switched off, so what emits is listened to.
 */
export function tapSocket(socket: TappableSocket, listener: PacketListener): void {
  const emit = socket.emit.bind(socket);
  const write = socket.write.bind(socket);
  socket.emit = (event, packet) => {
    // Errors go this way, too.
    if (event === 'data') listener(packet, 'received');
    return emit(event, packet);
  };
  socket.write = (packet) => {
    // Hosts write more than the packet now and then.
    listener(packet.subarray(0, packetLength(packet)), 'sent');
    return write(packet);
  };
}
