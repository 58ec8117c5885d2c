import type { PacketDirection } from '@ubmsc/hci';
/** What the captures of the tests hold: one H4 packet, the way that it went, and when, in ms since 1970-01-01 UTC. */
export interface TestPacket {
    readonly packet: Buffer;
    readonly direction: PacketDirection;
    readonly time: number;
}
/** Every form of capture that is read, made from packets. */
export declare const captureForms: {
    readonly 'btsnoop, H4': (packets: readonly TestPacket[]) => Buffer;
    readonly 'btsnoop, H1': (packets: readonly TestPacket[]) => Buffer;
    readonly 'btsnoop, Linux monitor': (packets: readonly TestPacket[]) => Buffer;
    readonly 'pcap, H4, little-endian': (packets: readonly TestPacket[]) => Buffer;
    readonly 'pcap, H4, big-endian, nanoseconds': (packets: readonly TestPacket[]) => Buffer;
    readonly 'pcap, H4 with direction': (packets: readonly TestPacket[]) => Buffer;
    readonly 'pcap, Linux monitor': (packets: readonly TestPacket[]) => Buffer;
    readonly 'pcapng, H4, little-endian': (packets: readonly TestPacket[]) => Buffer;
    readonly 'pcapng, H4 with direction, big-endian': (packets: readonly TestPacket[]) => Buffer;
    readonly 'pcapng, Linux monitor': (packets: readonly TestPacket[]) => Buffer;
};
//# sourceMappingURL=captures.d.ts.map