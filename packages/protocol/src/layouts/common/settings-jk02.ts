import type { Layout } from '../../layout.ts';

/**
 * What the settings of both JK02 variants begin with: register n is at offset 6 + 4 × (n − 1)
 * (reference, sections 5.4 and 5.5).
 */
// A table is read by its columns:
// prettier-ignore
export const settingsJk02 = {
  frameCounter: { at: 5, type: 'u8', help: 'Counts 0x02 frames; other records carry the value of the next one or a private value' },
  smartSleepVoltage: { at: 6, type: 'u32', divisor: 1000, unit: 'V', register: 0x01, help: 'Cell voltage below which smart sleep begins' },
  cellUvp: { at: 10, type: 'u32', divisor: 1000, unit: 'V', register: 0x02, help: 'Cell under-voltage protection' },
  cellUvpRecovery: { at: 14, type: 'u32', divisor: 1000, unit: 'V', register: 0x03, help: 'Cell voltage that ends under-voltage protection' },
  cellOvp: { at: 18, type: 'u32', divisor: 1000, unit: 'V', register: 0x04, help: 'Cell over-voltage protection' },
  cellOvpRecovery: { at: 22, type: 'u32', divisor: 1000, unit: 'V', register: 0x05, help: 'Cell voltage that ends over-voltage protection' },
  balanceTriggerVoltage: { at: 26, type: 'u32', divisor: 1000, unit: 'V', register: 0x06, help: 'Spread of the cells at which balancing begins' },
  soc100Voltage: { at: 30, type: 'u32', divisor: 1000, unit: 'V', register: 0x07, help: 'Cell voltage taken as 100 % charge' },
  soc0Voltage: { at: 34, type: 'u32', divisor: 1000, unit: 'V', register: 0x08, help: 'Cell voltage taken as 0 % charge' },
  requestChargeVoltage: { at: 38, type: 'u32', divisor: 1000, unit: 'V', register: 0x09, help: 'Charge voltage requested of the inverter, per cell' },
  requestFloatVoltage: { at: 42, type: 'u32', divisor: 1000, unit: 'V', register: 0x0a, help: 'Float voltage requested of the inverter, per cell' },
  powerOffVoltage: { at: 46, type: 'u32', divisor: 1000, unit: 'V', register: 0x0b, help: 'Cell voltage at which the device switches itself off' },
  maxChargeCurrent: { at: 50, type: 'u32', divisor: 1000, unit: 'A', register: 0x0c, help: 'Continuous charge current' },
  chargeOcpDelay: { at: 54, type: 'u32', unit: 's', register: 0x0d, help: 'Delay of charge over-current protection' },
  chargeOcpRecoveryTime: { at: 58, type: 'u32', unit: 's', register: 0x0e, help: 'Time until charge over-current protection is released' },
  maxDischargeCurrent: { at: 62, type: 'u32', divisor: 1000, unit: 'A', register: 0x0f, help: 'Continuous discharge current' },
  dischargeOcpDelay: { at: 66, type: 'u32', unit: 's', register: 0x10, help: 'Delay of discharge over-current protection' },
  dischargeOcpRecoveryTime: { at: 70, type: 'u32', unit: 's', register: 0x11, help: 'Time until discharge over-current protection is released' },
  scpRecoveryTime: { at: 74, type: 'u32', unit: 's', register: 0x12, help: 'Time until short-circuit protection is released' },
  maxBalanceCurrent: { at: 78, type: 'u32', divisor: 1000, unit: 'A', register: 0x13, help: 'Highest balance current' },
  chargeOtp: { at: 82, type: 'i32', divisor: 10, unit: '°C', register: 0x14, help: 'Charge over-temperature protection' },
  chargeOtpRecovery: { at: 86, type: 'i32', divisor: 10, unit: '°C', register: 0x15, help: 'Temperature that ends charge over-temperature protection' },
  dischargeOtp: { at: 90, type: 'i32', divisor: 10, unit: '°C', register: 0x16, help: 'Discharge over-temperature protection' },
  dischargeOtpRecovery: { at: 94, type: 'i32', divisor: 10, unit: '°C', register: 0x17, help: 'Temperature that ends discharge over-temperature protection' },
  chargeUtp: { at: 98, type: 'i32', divisor: 10, unit: '°C', register: 0x18, help: 'Charge under-temperature protection' },
  chargeUtpRecovery: { at: 102, type: 'i32', divisor: 10, unit: '°C', register: 0x19, help: 'Temperature that ends charge under-temperature protection' },
  mosOtp: { at: 106, type: 'i32', divisor: 10, unit: '°C', register: 0x1a, help: 'MOSFET over-temperature protection' },
  mosOtpRecovery: { at: 110, type: 'i32', divisor: 10, unit: '°C', register: 0x1b, help: 'Temperature that ends MOSFET over-temperature protection' },
  cellCount: { at: 114, type: 'u32', register: 0x1c, help: 'Number of cells configured' },
  chargeSwitch: { at: 118, type: 'u32', unit: 'boolean', register: 0x1d, help: 'Charging is allowed' },
  dischargeSwitch: { at: 122, type: 'u32', unit: 'boolean', register: 0x1e, help: 'Discharging is allowed' },
  balancerSwitch: { at: 126, type: 'u32', unit: 'boolean', register: 0x1f, help: 'Balancing is allowed' },
  designCapacity: { at: 130, type: 'u32', divisor: 1000, unit: 'Ah', register: 0x20, help: 'Nominal capacity of the pack' },
} as const satisfies Layout['fields'];
