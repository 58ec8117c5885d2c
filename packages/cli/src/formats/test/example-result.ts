import {
  alarms,
  cellDataJk02_32s,
  decode,
  deviceInfoJk02_32s,
  encode,
  toDeviceInfo,
  toReading,
} from '@ubmsc/protocol';
import type { DeviceResult } from '../result.ts';

/** A pack of three cells that discharges; the slot of its third cell is empty and its MOSFET probe is absent. */
export const exampleDevice = {
  device: 'UPS_BMS',
  name: 'UPS_BMS',
  address: 'C8:47:80:12:34:56',
  simulated: false,
  deviceInfo: toDeviceInfo(
    decode(
      deviceInfoJk02_32s,
      encode(deviceInfoJk02_32s, {
        model: 'JK_BD4A8S4P',
        hardwareVersion: '15A',
        softwareVersion: '15.26',
        totalRuntime: 1709100,
        powerOnCount: 1,
        deviceName: 'UPS_BMS',
        devicePasscode: '1234',
        manufacturingDate: '240818',
        serialNumber: '40531310629',
        userData: 'JK-BMS',
        settingsPasscode: '123456',
        userData2: 'JK-BMS',
      }),
    ),
  ),
  reading: toReading(
    decode(
      cellDataJk02_32s,
      encode(cellDataJk02_32s, {
        enabledCells: 0b1011,
        cellVoltages: [3.301, 3.3, 0, 2.384],
        cellWireResistances: [0.05, 0.063, 0, 0.07],
        packVoltage: 14.306,
        packCurrent: -2.5,
        mosTemperature: null,
        temperature1: 21.5,
        temperature2: -3,
        stateOfCharge: 63,
        remainingCapacity: 63.5,
        fullChargeCapacity: 100,
        cycleCount: 12,
        cycleCapacity: 1234.567,
        totalRuntime: 1709112,
        chargeMosOn: 1,
        alarms: (1 << alarms.cellUnderVoltage.bit) | (1 << alarms.cellOverVoltage.bit),
      }),
    ),
    { variant: 'jk02-32s', counter: 0, time: Date.UTC(2024, 4, 6, 7, 8, 9, 10) },
  ),
} as const satisfies DeviceResult;
