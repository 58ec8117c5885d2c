import { decodeAddress, encodeAddress } from '../codec/address.ts';
import { check } from './command-error.ts';
import {
  checkNoLists,
  checkScanWindow,
  disconnectReasons,
  isFlag,
  readAdvertisingData,
  readConnectionParameters,
  within,
} from './command-parameters.ts';
import { u16, u8 } from '../codec/event-parameters.ts';
import { AdvertisingEventType } from '../codec/events.ts';
import { encodePacket } from '../codec/h4.ts';
import { commandName, opcodes, type CommandName } from '../codec/opcodes.ts';
import { aclBuffers, leFeatures, leStates, version } from './capabilities.ts';
import type { LinkLayer } from './link-layer.ts';

/** What a host set that concerns only the host's own side of the controller. */
export interface HostSettings {
  eventMask: bigint;
  leEventMask: bigint;
  leSupportedHost: number;
}

/** What a command acts on. */
export interface CommandTarget {
  /** Takes this public address, unless another controller has it. Returns whether it did. */
  takeAddress(address: string): boolean;
  readonly linkLayer: LinkLayer;
  readonly settings: HostSettings;
  /** Puts the controller into its state after power-on. */
  reset(): void;
}

/** One HCI command, named as in the Core Specification 5.4. */
export interface Command {
  readonly section: string;
  /** Octets of its parameters. */
  readonly parameterLength: number;
  /** Octet and bit in Supported_Commands, Vol 4, Part E, 6.27; vendor-specific commands have none. */
  readonly supported?: readonly [octet: number, bit: number];
  /** Octets of its return parameters after Status; undefined: answered by Command Status, not Complete. */
  readonly returnLength: number | undefined;
  /** Does it; gives the return parameters after Status. Throws `CommandError` to refuse. */
  readonly run: (target: CommandTarget, parameters: Buffer) => Buffer | void;
  /** What follows the Command Complete event of success. */
  readonly afterwards?: (target: CommandTarget) => void;
}

const none = Buffer.alloc(0);

/** Defaults of Core Specification 5.4, Vol 4, Part E, 7.3.1 and 7.8.1. */
export const initialSettings: HostSettings = {
  eventMask: 0x0000_1fff_ffff_ffffn,
  leEventMask: 0x0000_0000_0000_001fn,
  leSupportedHost: 0,
};

/** Every command of the virtual controller. */
export const commands: Readonly<Record<CommandName, Command>> = {
  HCI_Disconnect: {
    section: 'Vol 4, Part E, 7.1.6',
    parameterLength: 3,
    supported: [0, 5],
    returnLength: undefined,
    run({ linkLayer }, parameters) {
      const reason = parameters.readUInt8(2);
      check(disconnectReasons.has(reason), 'Invalid HCI Command Parameters');
      linkLayer.connections.disconnect(parameters.readUInt16LE(0), reason);
    },
  },
  HCI_Read_Remote_Version_Information: {
    section: 'Vol 4, Part E, 7.1.23',
    parameterLength: 2,
    supported: [2, 7],
    returnLength: undefined,
    run: ({ linkLayer }, parameters) => linkLayer.connections.readRemoteVersion(parameters.readUInt16LE(0)),
  },
  HCI_Set_Event_Mask: {
    section: 'Vol 4, Part E, 7.3.1',
    parameterLength: 8,
    supported: [5, 6],
    returnLength: 0,
    run({ settings }, parameters) {
      settings.eventMask = parameters.readBigUInt64LE(0);
    },
  },
  HCI_Reset: {
    section: 'Vol 4, Part E, 7.3.2',
    parameterLength: 0,
    supported: [5, 7],
    returnLength: 0,
    run: (target) => target.reset(),
  },
  HCI_Read_LE_Host_Support: {
    section: 'Vol 4, Part E, 7.3.78',
    parameterLength: 0,
    supported: [24, 5],
    returnLength: 2,
    run: ({ settings }) => Buffer.from([settings.leSupportedHost, 0]),
  },
  HCI_Write_LE_Host_Support: {
    section: 'Vol 4, Part E, 7.3.79',
    parameterLength: 2,
    supported: [24, 6],
    returnLength: 0,
    run({ settings }, parameters) {
      check(isFlag(parameters.readUInt8(0)), 'Invalid HCI Command Parameters');
      settings.leSupportedHost = parameters.readUInt8(0);
    },
  },
  HCI_Read_Local_Version_Information: {
    section: 'Vol 4, Part E, 7.4.1',
    parameterLength: 0,
    supported: [14, 3],
    returnLength: 8,
    run: () =>
      Buffer.concat([
        u8(version.version),
        u16(version.subversion),
        u8(version.version),
        u16(version.companyIdentifier),
        u16(version.subversion),
      ]),
  },
  HCI_Read_Local_Supported_Commands: {
    section: 'Vol 4, Part E, 7.4.2',
    parameterLength: 0,
    supported: [14, 4],
    returnLength: 64,
    run: () => supportedCommands(),
  },
  HCI_Read_Local_Supported_Features: {
    section: 'Vol 4, Part E, 7.4.3',
    parameterLength: 0,
    supported: [14, 5],
    returnLength: 8,
    // BR/EDR Not Supported, LE Supported (Controller): Vol 2, Part C, 3.3.
    run: () => Buffer.from([0, 0, 0, 0, 0x60, 0, 0, 0]),
  },
  HCI_Read_Buffer_Size: {
    section: 'Vol 4, Part E, 7.4.5',
    parameterLength: 0,
    supported: [14, 7],
    returnLength: 7,
    run: () =>
      Buffer.concat([u16(aclBuffers.dataPacketLength), u8(0), u16(aclBuffers.totalNumberOfPackets), u16(0)]),
  },
  HCI_Read_BD_ADDR: {
    section: 'Vol 4, Part E, 7.4.6',
    parameterLength: 0,
    supported: [15, 1],
    returnLength: 6,
    run: ({ linkLayer }) => encodeAddress(linkLayer.publicAddress),
  },
  HCI_Read_RSSI: {
    section: 'Vol 4, Part E, 7.5.4',
    parameterLength: 2,
    supported: [15, 5],
    returnLength: 3,
    run({ linkLayer }, parameters) {
      const handle = parameters.readUInt16LE(0);
      return Buffer.concat([u16(handle), u8(linkLayer.connections.rssi(handle))]);
    },
  },
  HCI_LE_Set_Event_Mask: {
    section: 'Vol 4, Part E, 7.8.1',
    parameterLength: 8,
    supported: [25, 0],
    returnLength: 0,
    run({ settings }, parameters) {
      settings.leEventMask = parameters.readBigUInt64LE(0);
    },
  },
  HCI_LE_Read_Buffer_Size: {
    section: 'Vol 4, Part E, 7.8.2',
    parameterLength: 0,
    supported: [25, 1],
    returnLength: 3,
    run: () => Buffer.concat([u16(aclBuffers.dataPacketLength), u8(aclBuffers.totalNumberOfPackets)]),
  },
  HCI_LE_Read_Local_Supported_Features: {
    section: 'Vol 4, Part E, 7.8.3',
    parameterLength: 0,
    supported: [25, 2],
    returnLength: 8,
    run: () => leFeatures,
  },
  HCI_LE_Set_Random_Address: {
    section: 'Vol 4, Part E, 7.8.4',
    parameterLength: 6,
    supported: [25, 4],
    returnLength: 0,
    run({ linkLayer }, parameters) {
      const busy = linkLayer.advertising || linkLayer.scanning || linkLayer.initiating;
      check(!busy, 'Command Disallowed');
      linkLayer.randomAddress = decodeAddress(parameters, 0);
    },
  },
  HCI_LE_Set_Advertising_Parameters: {
    section: 'Vol 4, Part E, 7.8.5',
    parameterLength: 15,
    supported: [25, 5],
    returnLength: 0,
    run({ linkLayer }, parameters) {
      check(!linkLayer.advertising, 'Command Disallowed');
      const minimum = parameters.readUInt16LE(0);
      const interval = parameters.readUInt16LE(2);
      const eventType = parameters.readUInt8(4);
      const ownAddressType = parameters.readUInt8(5);
      const channelMap = parameters.readUInt8(13);
      const valid =
        within(minimum, 0x0020, interval) &&
        within(interval, 0x0020, 0x4000) &&
        within(eventType, 0, 4) &&
        within(channelMap, 0x01, 0x07);
      check(valid, 'Invalid HCI Command Parameters');
      checkNoLists(parameters.readUInt8(14), ownAddressType);
      const directed = eventType === AdvertisingEventType.ADV_DIRECT_IND || eventType === 0x04;
      check(!directed, 'Unsupported Feature or Parameter Value');
      linkLayer.advertisingParameters = { interval: minimum, eventType, ownAddressType };
    },
  },
  HCI_LE_Read_Advertising_Physical_Channel_Tx_Power: {
    section: 'Vol 4, Part E, 7.8.6',
    parameterLength: 0,
    supported: [25, 6],
    returnLength: 1,
    run: () => u8(0),
  },
  HCI_LE_Set_Advertising_Data: {
    section: 'Vol 4, Part E, 7.8.7',
    parameterLength: 32,
    supported: [25, 7],
    returnLength: 0,
    run({ linkLayer }, parameters) {
      linkLayer.advertisingData = readAdvertisingData(parameters);
    },
  },
  HCI_LE_Set_Scan_Response_Data: {
    section: 'Vol 4, Part E, 7.8.8',
    parameterLength: 32,
    supported: [26, 0],
    returnLength: 0,
    run({ linkLayer }, parameters) {
      linkLayer.scanResponseData = readAdvertisingData(parameters);
    },
  },
  HCI_LE_Set_Advertising_Enable: {
    section: 'Vol 4, Part E, 7.8.9',
    parameterLength: 1,
    supported: [26, 1],
    returnLength: 0,
    run({ linkLayer }, parameters) {
      const enable = parameters.readUInt8(0);
      check(isFlag(enable), 'Invalid HCI Command Parameters');
      if (enable === 1) linkLayer.startAdvertising();
      else linkLayer.stopAdvertising();
    },
  },
  HCI_LE_Set_Scan_Parameters: {
    section: 'Vol 4, Part E, 7.8.10',
    parameterLength: 7,
    supported: [26, 2],
    returnLength: 0,
    run({ linkLayer }, parameters) {
      check(!linkLayer.scanning, 'Command Disallowed');
      const type = parameters.readUInt8(0);
      check(isFlag(type), 'Invalid HCI Command Parameters');
      checkScanWindow(parameters, 1);
      checkNoLists(parameters.readUInt8(6), parameters.readUInt8(5));
      linkLayer.activeScanning = type === 1;
    },
  },
  HCI_LE_Set_Scan_Enable: {
    section: 'Vol 4, Part E, 7.8.11',
    parameterLength: 2,
    supported: [26, 3],
    returnLength: 0,
    run({ linkLayer }, parameters) {
      const enable = parameters.readUInt8(0);
      const filterDuplicates = parameters.readUInt8(1);
      check(isFlag(enable) && isFlag(filterDuplicates), 'Invalid HCI Command Parameters');
      if (enable === 1) linkLayer.startScanning(filterDuplicates === 1);
      else linkLayer.stopScanning();
    },
  },
  HCI_LE_Create_Connection: {
    section: 'Vol 4, Part E, 7.8.12',
    parameterLength: 25,
    supported: [26, 4],
    returnLength: undefined,
    run({ linkLayer }, parameters) {
      checkScanWindow(parameters, 0);
      const peer = { type: parameters.readUInt8(5), address: decodeAddress(parameters, 6) };
      const ownAddressType = parameters.readUInt8(12);
      checkNoLists(parameters.readUInt8(4), peer.type, ownAddressType);
      const connection = readConnectionParameters(parameters, 13);
      const eventLengths = [parameters.readUInt16LE(21), parameters.readUInt16LE(23)] as const;
      check(eventLengths[0] <= eventLengths[1], 'Invalid HCI Command Parameters');
      linkLayer.createConnection({ peer, ownAddressType, parameters: connection });
    },
  },
  HCI_LE_Create_Connection_Cancel: {
    section: 'Vol 4, Part E, 7.8.13',
    parameterLength: 0,
    supported: [26, 5],
    returnLength: 0,
    run: ({ linkLayer }) => linkLayer.cancelConnection(),
    afterwards: ({ linkLayer }) => linkLayer.reportCancellation(),
  },
  HCI_LE_Connection_Update: {
    section: 'Vol 4, Part E, 7.8.18',
    parameterLength: 14,
    supported: [27, 2],
    returnLength: undefined,
    run({ linkLayer }, parameters) {
      const handle = parameters.readUInt16LE(0);
      linkLayer.connections.update(handle, readConnectionParameters(parameters, 2));
    },
  },
  HCI_LE_Read_Remote_Features: {
    section: 'Vol 4, Part E, 7.8.21',
    parameterLength: 2,
    supported: [27, 5],
    returnLength: undefined,
    run: ({ linkLayer }, parameters) => linkLayer.connections.readRemoteFeatures(parameters.readUInt16LE(0)),
  },
  HCI_LE_Read_Supported_States: {
    section: 'Vol 4, Part E, 7.8.27',
    parameterLength: 0,
    supported: [28, 3],
    returnLength: 8,
    run: () => leStates,
  },
  HCI_Broadcom_Write_BD_ADDR: {
    section: 'vendor-specific: the Core Specification has no command for this',
    parameterLength: 6,
    returnLength: 0,
    run(target, parameters) {
      const { advertising, scanning, initiating } = target.linkLayer;
      const isBusy = advertising || scanning || initiating;
      check(!isBusy && target.takeAddress(decodeAddress(parameters, 0)), 'Command Disallowed');
    },
  },
};

/** The command with this opcode; undefined for one that virtual controllers do not have. */
export function commandByOpcode(opcode: number): Command | undefined {
  const name = commandName(opcode);
  return name && commands[name];
}

/** The H4 packet with which a host gives a command. */
export function encodeCommand(name: CommandName, parameters: Buffer = none): Buffer {
  return encodePacket({ type: 'command', opcode: opcodes[name], parameters });
}

function supportedCommands(): Buffer {
  const bits = Buffer.alloc(64);
  for (const { supported } of Object.values(commands)) {
    if (!supported) continue;
    bits.writeUInt8(bits.readUInt8(supported[0]) | (1 << supported[1]), supported[0]);
  }
  return bits;
}
