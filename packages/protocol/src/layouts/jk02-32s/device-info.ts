import { canProtocols, triggers, uartProtocols } from '../../codes.ts';
import type { Layout } from '../../layout.ts';
import { deviceInfoCommon } from '../common/device-info.ts';
import { mapsDeviceInfo } from '../common/structure.ts';

/** Record 0x03 of variant JK02_32S (reference, section 5.7). */
// A table is read by its columns:
// prettier-ignore
export const deviceInfoJk02_32s = {
  variant: 'jk02-32s',
  record: 'deviceInfo',
  fields: {
    frameCounter: { at: 5, type: 'u8', help: 'Counts 0x02 frames; other records carry the value of the next one or a private value' },
    model: { at: 6, type: 'text', size: 15, help: 'Model' },
    maxCells: { at: 21, type: 'u8', help: 'Most cells of this model; 0 before firmware 19.2x' },
    ...deviceInfoCommon,
    // But for that of userData, these registers are inferred from their order (reference, section 7.1).
    deviceName: { ...deviceInfoCommon.deviceName, register: 0x9b },
    devicePasscode: { ...deviceInfoCommon.devicePasscode, register: 0x9c },
    serialNumber: { ...deviceInfoCommon.serialNumber, register: 0x9e },
    userData: { ...deviceInfoCommon.userData, register: 0x9f },
    settingsPasscode: { ...deviceInfoCommon.settingsPasscode, register: 0xa0 },
    userData2: { at: 134, type: 'text', size: 16, register: 0xa2, help: 'Second text of the user' },
    commandSupport: { at: 150, type: 'bytes', size: 32, help: 'Bit n is set when the device accepts command or register n' },
    agencyId: { at: 182, type: 'u16', help: 'Reseller' },
    uart1Protocol: { at: 184, type: 'u8', values: uartProtocols, register: 0xa5, help: 'Protocol of UART 1' },
    canProtocol: { at: 185, type: 'u8', values: canProtocols, register: 0xa6, help: 'Protocol of CAN' },
    uart1ProtocolsEnabled: { at: 186, type: 'u32', help: 'Bit n is set when UART 1 may speak protocol n' },
    hardwareOption: { at: 190, type: 'text', size: 12, help: 'Options of the board' },
    canProtocolsEnabled: { at: 202, type: 'u32', help: 'Bit n is set when CAN may speak protocol n' },
    reserved206: { at: 206, type: 'bytes', size: 12, help: 'Reserved' },
    uart2Protocol: { at: 218, type: 'u8', values: uartProtocols, register: 0xa8, help: 'Protocol of UART 2' },
    uart2ProtocolsEnabled: { at: 219, type: 'u32', help: 'Bit n is set when UART 2 may speak protocol n' },
    reserved223: { at: 223, type: 'bytes', size: 11, help: 'Reserved' },
    lcdBuzzerTrigger: { at: 234, type: 'u8', values: triggers, register: 0xa9, help: 'What sounds the buzzer of the display' },
    dry1Trigger: { at: 235, type: 'u8', values: triggers, register: 0xaa, help: 'What closes dry contact 1' },
    dry2Trigger: { at: 236, type: 'u8', values: triggers, register: 0xab, help: 'What closes dry contact 2' },
    uartProtocolLibraryVersion: { at: 237, type: 'u8', help: 'Version of the UART protocols' },
    lcdBuzzerTriggerValue: { at: 238, type: 'i32', register: 0xac, help: 'Value that sounds the buzzer' },
    lcdBuzzerReleaseValue: { at: 242, type: 'i32', register: 0xad, help: 'Value that silences the buzzer' },
    dry1TriggerValue: { at: 246, type: 'i32', register: 0xae, help: 'Value that closes dry contact 1' },
    dry1ReleaseValue: { at: 250, type: 'i32', register: 0xaf, help: 'Value that opens dry contact 1' },
    dry2TriggerValue: { at: 254, type: 'i32', register: 0xb0, help: 'Value that closes dry contact 2' },
    dry2ReleaseValue: { at: 258, type: 'i32', register: 0xb1, help: 'Value that opens dry contact 2' },
    dataStoredPeriod: { at: 262, type: 'u32', unit: 's', register: 0xb2, help: 'Time between records of the detail log' },
    rcvTime: { at: 266, type: 'u8', divisor: 10, unit: 'h', register: 0xb3, help: 'Time at the requested charge voltage' },
    rfvTime: { at: 267, type: 'u8', divisor: 10, unit: 'h', register: 0xb4, help: 'Time at the requested float voltage' },
    canProtocolLibraryVersion: { at: 268, type: 'u8', help: 'Version of the CAN protocols' },
    emergencyTime: { at: 269, type: 'u8', unit: 'min', register: 0xb5, help: 'Length of emergency mode' },
    uart3Protocol: { at: 270, type: 'u8', values: uartProtocols, register: 0xb6, help: 'Protocol of UART 3' },
    uart3ProtocolsEnabled: { at: 271, type: 'bytes', size: 7, help: 'Bit n is set when UART 3 may speak protocol n' },
    reBulkSoc: { at: 278, type: 'u8', unit: '%', register: 0xb7, help: 'State of charge at which bulk charging begins again' },
    reserved279: { at: 279, type: 'bytes', size: 8, help: 'Reserved' },
    enableFlags: { at: 287, type: 'bytes', size: 11, help: 'Bit n is set when field n of the record means something on this model' },
    protocolVersion: { at: 298, type: 'u8', help: 'Version of the Bluetooth protocol' },
  },
  objection,
} as const satisfies Layout;

function objection(bytes: Uint8Array): string | undefined {
  return mapsDeviceInfo(bytes) ? undefined : 'it lists no commands';
}
