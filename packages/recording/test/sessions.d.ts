import type { TestPacket } from './captures.ts';
/** 2025-03-04 05:06:07 UTC. */
export declare const start = 1741064767000;
/** Passcodes that no recording may have. */
export declare const planted: RegExp;
/** Device info of a battery whose passcodes are planted (reference, section 5). */
export declare const deviceInfo: Uint8Array<ArrayBufferLike>;
export interface TestSession {
    readonly handle: number;
    readonly address: string;
    readonly name?: string;
    /** Octets that an ACL data packet holds; L2CAP PDUs that are longer are cut. */
    readonly fragment?: number;
    /** ATT_MTU that both agree to. */
    readonly mtu?: number;
    /** Without it the central remembers the attributes. */
    readonly discovery?: boolean;
    /** Milliseconds from {@link start} to when the link is made. */
    readonly at?: number;
    /** The capture begins behind the connection's beginning. */
    readonly headless?: boolean;
}
/** What goes through the controller of a central that asks a battery for its device info, hears cells, and leaves. */
export declare function sessionPackets(session: TestSession): TestPacket[];
/** Several sessions at a time, packet by packet in the order of their times. */
export declare function together(...sessions: readonly (readonly TestPacket[])[]): TestPacket[];
//# sourceMappingURL=sessions.d.ts.map