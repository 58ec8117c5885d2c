import { batteryId } from '../identity.ts';
import type { Reading } from '@ubmsc/protocol';
import type { BatteryStatus } from '@ubmsc/session';

/**
 * The payload of the battery type Generic MQTT of dbus-serialbattery on Venus OS; undefined while a value is absent that
 * it demands. What is optional and absent is left out: null is refused there. Limits of charging are not sent: they
 * would steer chargers, and are those of the settings, not of a measurement.
 */
export function venusPayload(status: BatteryStatus, reading: Reading): object | undefined {
  const { cellVoltage, batteryTemperature } = reading;
  const required = {
    cell_count: cellVoltage.length,
    capacity: reading.nominalCapacity,
    serial_number: batteryId(status) ?? null,
    voltage: reading.batteryVoltage,
    current: reading.batteryCurrent,
    soc: reading.remainPercent,
    temperature_1: batteryTemperature[0] ?? null,
    charge_fet: reading.chargeMosfet,
    discharge_fet: reading.dischargeMosfet,
  };
  if (cellVoltage.length === 0 || cellVoltage.includes(null)) return undefined;
  if (Object.values(required).includes(null)) return undefined;
  const optional = {
    capacity_remain: reading.remainCapacity,
    soh: reading.stateOfHealth,
    temperature_2: batteryTemperature[1] ?? null,
    temperature_3: batteryTemperature[2] ?? null,
    temperature_4: batteryTemperature[3] ?? null,
    temperature_mos: reading.mosfetTemperature,
    balance_fet: reading.balancing,
    hardware_version: status.deviceInfo?.hardwareVersion ?? null,
  };
  return {
    ...required,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
    cells: cellVoltage.map((voltage) => ({ voltage })),
  };
}
