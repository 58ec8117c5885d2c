import type { Bits } from './field.ts';

/** An alarm demands action; a notice is a state that the device reports the same way. */
export type AlarmSeverity = 'alarm' | 'notice';

/** Bits of `alarms` (reference, section 6.1). JK02_24S has bits 0 to 15. */
// A table is read by its columns:
// prettier-ignore
export const alarms = {
  wireResistance: { bit: 0, severity: 'alarm', help: 'A balance lead has too much resistance' },
  mosOverTemperature: { bit: 1, severity: 'alarm', help: 'The MOSFETs are too hot' },
  cellCountMismatch: { bit: 2, severity: 'alarm', help: 'The number of cells is not the one configured' },
  currentSensorFault: { bit: 3, severity: 'alarm', help: 'The current sensor fails' },
  cellOverVoltage: { bit: 4, severity: 'notice', help: 'A cell has reached its upper limit: the battery is full' },
  packOverVoltage: { bit: 5, severity: 'alarm', help: 'The pack voltage is too high' },
  chargeOverCurrent: { bit: 6, severity: 'alarm', help: 'The charge current is too high' },
  chargeShortCircuit: { bit: 7, severity: 'alarm', help: 'Short circuit while charging' },
  chargeOverTemperature: { bit: 8, severity: 'alarm', help: 'The battery is too hot to be charged' },
  chargeUnderTemperature: { bit: 9, severity: 'alarm', help: 'The battery is too cold to be charged' },
  auxCommunication: { bit: 10, severity: 'alarm', help: 'The auxiliary processor does not answer' },
  cellUnderVoltage: { bit: 11, severity: 'alarm', help: 'A cell is below its lower limit' },
  packUnderVoltage: { bit: 12, severity: 'alarm', help: 'The pack voltage is too low' },
  dischargeOverCurrent: { bit: 13, severity: 'alarm', help: 'The discharge current is too high' },
  dischargeShortCircuit: { bit: 14, severity: 'alarm', help: 'Short circuit while discharging' },
  dischargeOverTemperature: { bit: 15, severity: 'alarm', help: 'The battery is too hot to be discharged' },
  chargeMosFault: { bit: 16, severity: 'alarm', help: 'The charge MOSFET fails' },
  dischargeMosFault: { bit: 17, severity: 'alarm', help: 'The discharge MOSFET fails' },
  gpsDisconnected: { bit: 18, severity: 'notice', help: 'The GPS module does not answer' },
  changePassword: { bit: 19, severity: 'notice', help: 'The default passcode is still in use' },
  dischargeOnFailed: { bit: 20, severity: 'alarm', help: 'Discharging could not be switched on' },
  batteryOverTemperature: { bit: 21, severity: 'alarm', help: 'The battery is too hot' },
  temperatureSensorFault: { bit: 22, severity: 'alarm', help: 'A temperature probe fails' },
  pclModuleFault: { bit: 23, severity: 'alarm', help: 'The PCL module fails' },
  scpReleaseFailed: { bit: 24, severity: 'alarm', help: 'The short-circuit protection could not be released' },
  dischargeOverCurrent2: { bit: 25, severity: 'alarm', help: 'The discharge current is above the second limit' },
  dischargeOverCurrent3: { bit: 26, severity: 'alarm', help: 'The discharge current is above the third limit' },
  dischargeUnderTemperature: { bit: 27, severity: 'alarm', help: 'The battery is too cold to be discharged' },
  gpsRemoteLock: { bit: 28, severity: 'alarm', help: 'Locked by the GPS module' },
} as const satisfies Readonly<Record<string, Bits[string] & { severity: AlarmSeverity }>>;

/** An alarm or a notice of a device. */
export type AlarmName = keyof typeof alarms;

/** Bits of the settings' `controls`; each can be written by its own register (reference, section 6.2). */
// A table is read by its columns:
// prettier-ignore
export const controls = {
  heating: { bit: 0, register: 0x27, help: 'Heating' },
  disableTemperatureSensors: { bit: 1, register: 0x28, help: 'Temperature probes are ignored' },
  gpsHeartbeat: { bit: 2, register: 0x29, help: 'GPS heartbeat' },
  portSwitchRs485: { bit: 3, register: 0x2a, help: 'The port speaks RS485, not CAN' },
  lcdAlwaysOn: { bit: 4, register: 0x2b, help: 'The display stays on' },
  specialCharger: { bit: 5, register: 0x2c, help: 'Special charger' },
  smartSleep: { bit: 6, register: 0x2d, help: 'Smart sleep' },
  disablePclModule: { bit: 7, register: 0x2e, help: 'The PCL module is ignored' },
  timedStoredData: { bit: 8, register: 0x2f, help: 'The detail log is written at intervals' },
  chargingFloatMode: { bit: 9, register: 0x30, help: 'Float charging' },
  buttonTriggersEmergency: { bit: 10, register: 0x31, help: 'The button starts emergency mode' },
  dryContactIntermittent: { bit: 11, register: 0x32, help: 'Dry contacts pulse' },
  dischargeOcp2: { bit: 12, register: 0x33, help: 'Second discharge over-current limit' },
  dischargeOcp3: { bit: 13, register: 0x34, help: 'Third discharge over-current limit' },
  gpsLockCharge: { bit: 14, register: 0x35, help: 'Charging is locked by GPS' },
  gpsLockDischarge: { bit: 15, register: 0x36, help: 'Discharging is locked by GPS' },
} as const satisfies Readonly<Record<string, Bits[string] & { register: number }>>;

/** Bits of `switchStatus` (reference, section 6.2). */
export const dryContacts = {
  dry1: { bit: 1, help: 'Dry contact 1 is closed' },
  dry2: { bit: 2, help: 'Dry contact 2 is closed' },
} as const satisfies Bits;

/** What the balancer does (reference, section 6.2). */
export const balanceStates = ['off', 'charging a cell', 'discharging a cell'] as const;

/** Phases of charging (reference, section 5.1, offset 280). */
export const chargeStatuses = ['bulk', 'absorption', 'float'] as const;

/** Chemistries (reference, section 5.1, offset 275). */
export const batteryTypes = ['LFP', 'Li-ion', 'LTO'] as const;

/** Protocols of the UARTs (reference, section 6.3). */
export const uartProtocols = [
  '4G/GPS common V4.2',
  'JK Modbus V1.0',
  'NIU U series',
  'China tower cabinet V1.1',
  'PACE Modbus V1.3',
  'Pylon low-voltage RS485 V3.5',
  'Growatt 1xSxxP Rev2.01',
  'Voltronic 20200325',
  'China tower cabinet V2.0',
  'WOW Modbus V1.3',
  'JK LCD V2.0',
  'UART1 custom',
  'UART2 custom',
  'JK Modbus V1.0 (9600 baud)',
  'Pylon RS485 V3.5 (9600 baud)',
  'JK PBxx LCD V1.0',
  'JK LIN bus V1.0',
  'reserved 17',
  'reserved 18',
  'reserved 19',
  'reserved 20',
] as const;

/** Protocols of the CAN port (reference, section 6.3). */
export const canProtocols = [
  'JK CAN 250k V2.0',
  'Deye low-voltage V1.0',
  'Pylon low-voltage V1.2',
  'Growatt low-voltage Rev05',
  'Victron 20170717',
  'Megarevo hybrid V1.0',
  'JK CAN 500k V2.0',
  'INVT V1.02',
  'GoodWe LV',
  'FSS ConnectingBat V1.0',
  'MUST PV1800F 1.04.04',
  'Luxpowertek V01',
  'custom 1',
  'custom 2',
  'reserved 14',
  'reserved 15',
  'reserved 16',
  'reserved 17',
  'reserved 18',
  'reserved 19',
  'reserved 20',
] as const;

/** What can sound the buzzer or close a dry contact (reference, section 6.3). */
export const triggers = [
  'off',
  'low SOC',
  'pack over-voltage',
  'pack under-voltage',
  'cell over-voltage',
  'cell under-voltage',
  'charge over-current',
  'discharge over-current',
  'battery over-temperature',
  'MOSFET over-temperature',
  'system alarm',
  'battery under-temperature',
  'remote control',
  'SOC above',
  'MOSFET fault',
] as const;

/** Bits of a detail log record's `status` (reference, section 5.10). */
export const detailLogStatus = {
  chargeMosfet: { bit: 0, help: 'The charge MOSFET conducts' },
  dischargeMosfet: { bit: 1, help: 'The discharge MOSFET conducts' },
  balancing: { bit: 2, help: 'The balancer works' },
  heating: { bit: 3, help: 'The heater is on' },
} as const satisfies Bits;

/** What a log entry records (reference, section 5.9). */
export const logCodes: Readonly<Record<number, string>> = {
  0x01: 'boot',
  0x02: 'shutdown',
  0x03: 'charge switched off by app',
  0x04: 'charge switched on by app',
  0x05: 'discharge switched off by app',
  0x06: 'discharge switched on by app',
  0x07: 'charge switched off remotely',
  0x08: 'charge switched on remotely',
  0x09: 'discharge switched off remotely',
  0x0a: 'discharge switched on remotely',
  0x0b: 'MOSFET over-temperature',
  0x0c: 'MOSFET over-temperature cleared',
  0x0d: 'current sensor fault',
  0x0e: 'current sensor fault cleared',
  0x0f: 'aux CPU communication fault',
  0x10: 'aux CPU communication restored',
  0x11: 'cell over-charge',
  0x12: 'cell over-charge cleared',
  0x13: 'pack over-charge',
  0x14: 'pack over-charge cleared',
  0x15: 'charge over-current',
  0x16: 'charge over-current cleared',
  0x17: 'charge short circuit',
  0x18: 'charge short circuit cleared',
  0x19: 'charge over-temperature',
  0x1a: 'charge over-temperature cleared',
  0x1b: 'charge under-temperature',
  0x1c: 'charge under-temperature cleared',
  0x1d: 'cell under-voltage',
  0x1e: 'cell under-voltage cleared',
  0x1f: 'pack under-voltage',
  0x20: 'pack under-voltage cleared',
  0x21: 'discharge over-current',
  0x22: 'discharge over-current cleared',
  0x23: 'discharge short circuit',
  0x24: 'discharge short circuit cleared',
  0x25: 'discharge over-temperature',
  0x26: 'discharge over-temperature cleared',
  0x27: 'watchdog reset',
  0x28: 'discharge short circuit level 2',
  0x29: 'emergency mode on (manual)',
  0x2a: 'emergency mode off (manual)',
  0x2b: 'emergency mode off (automatic)',
  0x2c: 'power-off by app',
  0x2d: 'power-off by button',
  0x2e: 'discharge switch-on failed',
  0x2f: 'power-off via RS485',
  0x30: 'charge off via CAN',
  0x31: 'charge on via CAN',
  0x32: 'discharge off via CAN',
  0x33: 'discharge on via CAN',
  0x34: 'charge off via RS485',
  0x35: 'charge on via RS485',
  0x36: 'discharge off via RS485',
  0x37: 'discharge on via RS485',
  0x38: 'entered sleep',
  0x39: 'charge MOSFET fault',
  0x3a: 'discharge MOSFET fault',
  0x3b: 'clock set',
  0x3c: 'cell count wrong',
  0x3d: 'emergency on by button',
  0x3e: 'emergency off by button',
  0x3f: 'forced heating by button',
  0x40: 'discharge over-current level 2',
  0x41: 'discharge over-current level 3',
  0x42: 'short-circuit release failed',
  0x43: 'Li-ion preset loaded',
  0x44: 'LFP preset loaded',
  0x45: 'LTO preset loaded',
  0x46: 'emergency on remotely',
  0x47: 'emergency off remotely',
  0x48: 'discharge under-temperature',
  0x49: 'discharge under-temperature cleared',
};

/** Codes that name a cell: the first code stands for cell 1, 32 codes in all (reference, section 5.9). */
const cellLogCodes = [
  { from: 0x64, text: 'over-charge' },
  { from: 0xc8, text: 'over-discharge' },
] as const;

/** What a code of the logbook or of the detail log means, in words. */
export function logCodeText(code: number): string {
  for (const { from, text } of cellLogCodes) {
    if (code >= from && code < from + 32) return `cell ${code - from + 1} ${text}`;
  }
  return logCodes[code] ?? `code 0x${code.toString(16).padStart(2, '0')}`;
}
