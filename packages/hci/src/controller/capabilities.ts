/** Versions of a virtual controller: Core 4.2, the newest without commands that are missing here. */
export const version = { version: 0x08, companyIdentifier: 0xffff, subversion: 0x0000 } as const;

/** No optional feature of the Link Layer (Core Specification 5.4, Vol 6, Part B, 4.6). */
export const leFeatures: Buffer = Buffer.alloc(8);

/**
 * The states, and combinations of them, that a controller can be in (Core Specification 5.4, Vol 4, Part E, 7.8.27):
 * all without directed advertising, and without connectable advertising as a peripheral that is connected.
 */
export const leStates: Buffer = Buffer.from('f777ff1f09020000', 'hex');

/** The controller's buffers for ACL data from its host; lengths in octets. */
export const aclBuffers = { dataPacketLength: 251, totalNumberOfPackets: 8 } as const;

/** Connections of one controller at a time. */
export const maximumConnections = 16;
