export { BatteryModel, type BatteryModelOptions } from './model/battery-model.ts';
export type { BatteryState } from './model/battery-state.ts';
export { chemistries, type Chemistry, type ChemistryName } from './model/chemistry.ts';
export { deviceProfiles, type DeviceProfile, type DeviceProfileName } from './device/device-profiles.ts';
export type { FirmwareTraits } from './device/firmware.ts';
export {
  constantCurrent,
  dayCycle,
  type DayCycleOptions,
  type Demand,
  type LoadProfile,
} from './model/load-profile.ts';
export { listLoads, loads, parseLoad, type LoadName } from './model/loads.ts';
export type { CellDataRecord } from './device/cell-data-record.ts';
export type { DeviceInfoRecord } from './device/device-info-record.ts';
export type { Session } from './device/session.ts';
export { defaultSettings, type Settings } from './device/settings.ts';
export { SimulatedDevice, type SimulatedDeviceOptions } from './device/simulated-device.ts';
export { simulatedLink, type SimulatedLinkOptions } from './carriers/simulated-link.ts';
export type { Central } from './device/uart.ts';
export type { DeviceReport } from './device/activity.ts';
export type { Fault, FaultyDevice, FaultyLink, LinkFault, MakeFault } from './faults/fault.ts';
export {
  faults,
  listFaults,
  parseFaults,
  type ChosenFault,
  type FaultName,
  type FaultRow,
  type FaultSet,
} from './faults/faults.ts';
export { advertise, type Advertisement, type AdvertiseOptions } from './carriers/advertise.ts';
export type { HciDevice, PeripheralAdapter } from './carriers/bleno-host.ts';
export { carryToKernel, type KernelController, type KernelControllerOptions } from './carriers/vhci.ts';
export { gattLayouts, type GattLayout, type GattLayoutName } from './device/gatt-layouts.ts';
export { RecordedDevice, type RecordedDeviceOptions } from './replay/recorded-device.ts';
export { recordedAddresses, replay, type Replay, type ReplayOptions } from './replay/replay.ts';
export type { SerialDevice, SerialSession } from './device/serial-device.ts';
export { simulatedDevices, type SimulatedDevicesOptions } from './device/simulated-devices.ts';
export {
  batteryAddress,
  simulate,
  simulateDevices,
  type SimulatedBattery,
  type SimulateOptions,
  type Simulation,
  type SimulationOptions,
  type SimulationReport,
} from './simulate.ts';
export { UsageError } from '@ubmsc/base';
export { AdapterError, LinkError } from '@ubmsc/session';
